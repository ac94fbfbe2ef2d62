using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Sipstead.Registrar.Location;

/// <summary>
/// View of all that is kept in memory for one address-of-record, keyed by its credential (ruling 5): header, nonce slots and packed bindings in one piece.
/// Good until the record grows, its shard's lock held.
/// </summary>
internal readonly ref struct AorRecord(Span<byte> octets)
{
    private readonly Span<byte> _octets = octets;

    public ref AorHeader Header => ref MemoryMarshal.AsRef<AorHeader>(_octets);

    public long CredentialId => Header.CredentialId;

    public long RealmId => Header.RealmId;

    public Span<NonceSlot> Nonces => MemoryMarshal.Cast<byte, NonceSlot>(_octets.Slice(AorHeader.Length, Header.NonceCount * NonceLength));

    /// <summary>The packed bindings, expired ones included.</summary>
    public Span<byte> Bindings => _octets.Slice(AorHeader.Length + (Header.NonceCount * NonceLength), Header.BindingsLength);

    private static int NonceLength => Unsafe.SizeOf<NonceSlot>();

    /// <summary>Copies all into another record that has room for it.</summary>
    public void CopyTo(AorRecord other) => _octets.CopyTo(other._octets);

    /// <summary>Octets of a record with so much in it.</summary>
    public static int LengthOf(int nonces, int bindingsLength) => AorHeader.Length + (nonces * NonceLength) + bindingsLength;
}
