using System.Buffers.Binary;
using System.Text;

namespace Sipstead.Provisioning.View;

/// <summary>
/// The packed form of a credential: one byte array without references, so that a million of them cost little memory and no
/// time of the garbage collector. Layout: id, realm id, hash revision, flags, Hash1, Hash1b, user name in UTF-8, the SHA hashes
/// that there are, and the application's id where there is one.
/// </summary>
internal static class CredentialRecord
{
    private const int RealmIdAt = 8;
    private const int RevisionAt = 16;
    private const int FlagsAt = 20;
    private const int Hash1At = 21;
    private const int Hash1bAt = 37;
    private const int NameAt = 53;
    private const int ApplicationLength = 16;
    private const int ShaShift = 3;

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

    public static byte[] Pack(in CredentialSecret secret, string userName, Guid? application)
    {
        var sha = secret.ShaHashes.Octets.Span;
        var nameLength = Encoding.UTF8.GetByteCount(userName);
        var record = new byte[NameAt + nameLength + sha.Length + (application.HasValue ? ApplicationLength : 0)];
        var flags = (secret.CanAuthenticate ? Content.Hash1 : 0)
            | (secret.HasHash1b ? Content.Hash1b : 0)
            | (application.HasValue ? Content.Application : 0)
            | (Content)((int)secret.ShaHashes.Kinds << ShaShift);
        BinaryPrimitives.WriteInt64LittleEndian(record, secret.Id);
        BinaryPrimitives.WriteInt64LittleEndian(record.AsSpan(RealmIdAt), secret.RealmId);
        BinaryPrimitives.WriteInt32LittleEndian(record.AsSpan(RevisionAt), secret.HashRevision);
        record[FlagsAt] = (byte)flags;
        BinaryPrimitives.WriteUInt128BigEndian(record.AsSpan(Hash1At), secret.Hash1);
        BinaryPrimitives.WriteUInt128BigEndian(record.AsSpan(Hash1bAt), secret.Hash1b);
        Encoding.UTF8.GetBytes(userName, record.AsSpan(NameAt));
        sha.CopyTo(record.AsSpan(NameAt + nameLength));
        application?.TryWriteBytes(record.AsSpan(record.Length - ApplicationLength));
        return record;
    }

    public static CredentialSecret Unpack(byte[] packed)
    {
        ReadOnlySpan<byte> record = packed;
        var flags = (Content)record[FlagsAt];
        return new CredentialSecret(
            Id(record),
            RealmId(record),
            BinaryPrimitives.ReadInt32LittleEndian(record[RevisionAt..]),
            (flags & Content.Hash1) != 0 ? BinaryPrimitives.ReadUInt128BigEndian(record[Hash1At..]) : null,
            (flags & Content.Hash1b) != 0 ? BinaryPrimitives.ReadUInt128BigEndian(record[Hash1bAt..]) : null,
            new PackedShaHashes(KindsOf(record), packed.AsMemory(NameEnd(record), ShaLength(record))));
    }

    public static long Id(ReadOnlySpan<byte> record) => BinaryPrimitives.ReadInt64LittleEndian(record);

    public static long RealmId(ReadOnlySpan<byte> record) => BinaryPrimitives.ReadInt64LittleEndian(record[RealmIdAt..]);

    public static ReadOnlySpan<byte> UserName(ReadOnlySpan<byte> record) => record[NameAt..NameEnd(record)];

    public static bool TryGetApplication(ReadOnlySpan<byte> record, out Guid application)
    {
        application = HasApplication(record) ? new Guid(record[^ApplicationLength..]) : default;
        return HasApplication(record);
    }

    private static int NameEnd(ReadOnlySpan<byte> record) =>
        record.Length - ShaLength(record) - (HasApplication(record) ? ApplicationLength : 0);

    private static int ShaLength(ReadOnlySpan<byte> record) => PackedShaHashes.LengthOf(KindsOf(record));

    private static ShaHashKinds KindsOf(ReadOnlySpan<byte> record) => (ShaHashKinds)((record[FlagsAt] & (byte)Content.Sha) >> ShaShift);

    private static bool HasApplication(ReadOnlySpan<byte> record) => ((Content)record[FlagsAt] & Content.Application) != 0;
}
