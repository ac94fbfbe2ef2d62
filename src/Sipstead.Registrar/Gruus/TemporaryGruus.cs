using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Sipstead.Registrar.Gruus;

/// <summary>
/// Temporary GRUUs (RFC 5627 3.1.2): <c>sip:tgruu.</c>, 32 hexadecimal digits, <c>@realm;gr</c>. Nothing is kept for them. The digits are one block of AES over
/// credential, epoch of the instance's registration (<see cref="Location.BindingHeader.GruuEpoch"/>) and CSeq: without the key nobody can tell two of one
/// device from two of two, and one that we did not make leads to an epoch that no binding has. Thread-safe.
/// </summary>
public sealed class TemporaryGruus
{
    /// <summary>Octets of the user part of such a URI.</summary>
    public const int UserLength = 6 + (2 * BlockLength);

    internal const int BlockLength = 16;

    private const int NumberLength = 6;

    private readonly byte[] _key;

    /// <param name="secret">A secret of the server; the key is derived from it for this use alone.</param>
    public TemporaryGruus(byte[] secret) => _key = HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, BlockLength, info: "temporary GRUU"u8.ToArray());

    /// <summary>How the user part begins.</summary>
    public static ReadOnlySpan<byte> Prefix => "tgruu."u8;

    /// <summary>Reads a user part, unescaped. False for one that is not of this form; whether we made it shows in whether there is such a binding.</summary>
    public bool TryRead(ReadOnlySpan<byte> user, out long credentialId, out long epoch)
    {
        (credentialId, epoch) = (0, 0);
        Span<byte> block = stackalloc byte[BlockLength];
        if (user.Length != UserLength || !user.StartsWith(Prefix)) return false;
        if (Convert.FromHexString(user[Prefix.Length..], block, out _, out _) != System.Buffers.OperationStatus.Done) return false;
        using var aes = CreateCipher();
        Span<byte> plain = stackalloc byte[BlockLength];
        aes.DecryptEcb(block, plain, PaddingMode.None);
        credentialId = ReadNumber(plain);
        epoch = ReadNumber(plain[NumberLength..]);
        return true;
    }

    /// <summary>Makes temporary GRUUs for one receiving loop.</summary>
    internal TemporaryGruuWriter CreateWriter()
    {
        using var aes = CreateCipher();
        return new TemporaryGruuWriter(aes.CreateEncryptor());
    }

    internal static void WriteBlock(Span<byte> block, long credentialId, long epoch, uint cseq)
    {
        WriteNumber(block, credentialId);
        WriteNumber(block[NumberLength..], epoch);
        BinaryPrimitives.WriteUInt32BigEndian(block[(2 * NumberLength)..], cseq);
    }

    /// <summary>One block, never two with the same key and content but for a repeat of one answer: no mode is needed to hide patterns.</summary>
    private Aes CreateCipher()
    {
        var aes = Aes.Create();
        aes.Key = _key;
        aes.Mode = CipherMode.ECB;
        aes.Padding = PaddingMode.None;
        return aes;
    }

    /// <summary>Numbers of bindings and credentials stay far below 2^48.</summary>
    private static void WriteNumber(Span<byte> destination, long number)
    {
        Span<byte> octets = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(octets, number);
        octets[^NumberLength..].CopyTo(destination);
    }

    private static long ReadNumber(ReadOnlySpan<byte> source)
    {
        Span<byte> octets = stackalloc byte[sizeof(long)];
        octets.Clear();
        source[..NumberLength].CopyTo(octets[^NumberLength..]);
        return BinaryPrimitives.ReadInt64BigEndian(octets);
    }
}
