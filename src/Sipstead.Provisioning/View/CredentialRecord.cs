using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Sipstead.Provisioning.View;

/// <summary>
/// The packed form of a credential. Layout: id, realm id, hash revision, content, length of the name, Hash1, user name in UTF-8, and
/// what there is of Hash1b, SHA hashes and the application's id; a lookup mostly reads the first cache line alone. Readers read places
/// that may be written meanwhile: what they get is wrong then, but never from out of bounds.
/// </summary>
internal static class CredentialRecord
{
    private const int RealmIdAt = 8;
    private const int RevisionAt = 16;
    private const int ContentAt = 20;
    private const int NameLengthAt = 21;
    private const int Hash1At = 22;
    private const int NameAt = 38;
    private const int Md5Length = 16;
    private const int ApplicationLength = 16;
    private const int ShaShift = 3;

    /// <summary>What a record holds beside id, realm id, revision and name.</summary>
    [Flags]
    private enum Content : byte
    {
        None = 0,
        Hash1 = 1,
        Hash1b = 2,
        Application = 4,

        /// <summary>Four bits: <see cref="ShaHashKinds"/>.</summary>
        Sha = 15 << ShaShift,
    }

    /// <summary>Packs a credential; returns the length.</summary>
    /// <param name="record">Takes <see cref="RecordStore.MaximumLength"/> octets.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Pack(in CredentialSecret secret, ReadOnlySpan<byte> userName, Guid? application, PackedShaHashes sha, Span<byte> record)
    {
        // The database holds at most 65 characters, of up to 3 octets each.
        ArgumentOutOfRangeException.ThrowIfGreaterThan(userName.Length, byte.MaxValue);
        var content = (secret.CanAuthenticate ? Content.Hash1 : 0)
            | (secret.HasHash1b ? Content.Hash1b : 0)
            | (application.HasValue ? Content.Application : 0)
            | (Content)((int)sha.Kinds << ShaShift);
        BinaryPrimitives.WriteInt64LittleEndian(record, secret.Id);
        BinaryPrimitives.WriteInt64LittleEndian(record[RealmIdAt..], secret.RealmId);
        BinaryPrimitives.WriteInt32LittleEndian(record[RevisionAt..], secret.HashRevision);
        record[ContentAt] = (byte)content;
        record[NameLengthAt] = (byte)userName.Length;
        BinaryPrimitives.WriteUInt128BigEndian(record[Hash1At..], secret.Hash1);
        userName.CopyTo(record[NameAt..]);
        if (secret.HasHash1b) BinaryPrimitives.WriteUInt128BigEndian(record[Hash1bAt(record)..], secret.Hash1b);
        sha.Octets.CopyTo(record[ShaAt(record)..]);
        application?.TryWriteBytes(record[ApplicationAt(record)..]);
        return ApplicationAt(record) + (application.HasValue ? ApplicationLength : 0);
    }

    /// <summary>What digest authentication needs, but for the SHA hashes, which are asked of <paramref name="source"/>.</summary>
    public static CredentialSecret Unpack(ReadOnlySpan<byte> record, CredentialTable source)
    {
        var content = ContentOf(record);
        var hash1b = UInt128.Zero;
        var hasHash1b = (content & Content.Hash1b) != 0 && BinaryPrimitives.TryReadUInt128BigEndian(record[Math.Min(Hash1bAt(record), record.Length)..], out hash1b);
        return new CredentialSecret(
            Id(record),
            RealmId(record),
            BinaryPrimitives.ReadInt32LittleEndian(record[RevisionAt..]),
            (content & Content.Hash1) != 0 ? BinaryPrimitives.ReadUInt128BigEndian(record[Hash1At..]) : null,
            hasHash1b ? hash1b : null,
            (content & Content.Sha) != 0 ? source : null);
    }

    public static long Id(ReadOnlySpan<byte> record) => BinaryPrimitives.ReadInt64LittleEndian(record);

    public static long RealmId(ReadOnlySpan<byte> record) => BinaryPrimitives.ReadInt64LittleEndian(record[RealmIdAt..]);

    public static bool IsNamed(ReadOnlySpan<byte> record, long realmId, ReadOnlySpan<byte> userName) =>
        record[NameLengthAt] == userName.Length
        && RealmId(record) == realmId
        && userName.Length <= record.Length - NameAt
        && record.Slice(NameAt, userName.Length).SequenceEqual(userName);

    /// <summary>Of a record that nobody writes.</summary>
    public static ReadOnlySpan<byte> UserName(ReadOnlySpan<byte> record) => record.Slice(NameAt, record[NameLengthAt]);

    /// <summary>Of a record that nobody writes.</summary>
    public static PackedShaHashes ShaHashes(ReadOnlySpan<byte> record) =>
        new(ShaKinds(record), record.Slice(ShaAt(record), PackedShaHashes.LengthOf(ShaKinds(record))));

    /// <summary>Of a record that nobody writes.</summary>
    public static int HashRevision(ReadOnlySpan<byte> record) => BinaryPrimitives.ReadInt32LittleEndian(record[RevisionAt..]);

    /// <summary>Of a record that nobody writes.</summary>
    public static bool TryGetApplication(ReadOnlySpan<byte> record, out Guid application)
    {
        var hasApplication = (ContentOf(record) & Content.Application) != 0;
        application = hasApplication ? new Guid(record.Slice(ApplicationAt(record), ApplicationLength)) : default;
        return hasApplication;
    }

    private static Content ContentOf(ReadOnlySpan<byte> record) => (Content)record[ContentAt];

    private static ShaHashKinds ShaKinds(ReadOnlySpan<byte> record) => (ShaHashKinds)((int)(ContentOf(record) & Content.Sha) >> ShaShift);

    private static int Hash1bAt(ReadOnlySpan<byte> record) => NameAt + record[NameLengthAt];

    private static int ShaAt(ReadOnlySpan<byte> record) => Hash1bAt(record) + ((ContentOf(record) & Content.Hash1b) != 0 ? Md5Length : 0);

    private static int ApplicationAt(ReadOnlySpan<byte> record) => ShaAt(record) + PackedShaHashes.LengthOf(ShaKinds(record));
}
