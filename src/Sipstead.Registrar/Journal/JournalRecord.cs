using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Sipstead.Registrar.Journal;

/// <summary>What a record of the journal holds.</summary>
internal enum RecordKind
{
    /// <summary>All bindings of an address-of-record; none says that they have ended.</summary>
    Whole = 1,

    /// <summary>Octets that differ from those of one certain version.</summary>
    Patch = 2,
}

/// <summary>
/// One record: the state of an address-of-record, or what a refresh changed in it. The newest version wins in whatever order records are read. A patch counts
/// only on top of the version that it names, and is written only when that one is known to stand before it: in the same batch, in one that was
/// acknowledged, or in the snapshot that begins the file's number. So it is not when another loop's batch with the record is under way, nor when the
/// bindings in memory are no longer what the file makes of that version, as after a change was taken back or an expired binding dropped.
/// </summary>
internal readonly ref struct JournalRecord
{
    public long CredentialId { get; init; }

    public long Version { get; init; }

    public RecordKind Kind { get; init; }

    /// <summary>Of a whole state.</summary>
    public long RealmId { get; init; }

    /// <summary>Of a whole state: revision of the hashes that the bindings were made with.</summary>
    public int HashRevision { get; init; }

    /// <summary>Of a patch: the version that it changes.</summary>
    public long BaseVersion { get; init; }

    /// <summary>Of a patch: where its octets belong.</summary>
    public int Offset { get; init; }

    /// <summary>Version of the format that has this layout of <see cref="Octets"/>: a patch counts only on top of the same.</summary>
    public byte Layout { get; init; }

    /// <summary>Packed bindings, or a part of them.</summary>
    public ReadOnlySpan<byte> Octets { get; init; }

    public static int HeaderLength => Unsafe.SizeOf<Header>();

    /// <summary>The header of a record in the file: 36 octets.</summary>
    [StructLayout(LayoutKind.Sequential, Pack = 1)]
    private struct Header
    {
        public long CredentialId;
        public long Version;

        /// <summary>The realm's id, or the version that a patch changes.</summary>
        public long RealmOrBase;

        /// <summary>Hash revision, or offset.</summary>
        public int RevisionOrOffset;

        public RecordKind Kind;

        /// <summary>Octets that follow.</summary>
        public int Length;
    }

    /// <summary>Octets that it takes.</summary>
    public int Length => HeaderLength + Octets.Length;

    public void Write(Span<byte> destination)
    {
        var isWhole = Kind == RecordKind.Whole;
        MemoryMarshal.Write(destination, new Header
        {
            CredentialId = CredentialId, Version = Version, RealmOrBase = isWhole ? RealmId : BaseVersion,
            RevisionOrOffset = isWhole ? HashRevision : Offset, Kind = Kind, Length = Octets.Length,
        });
        Octets.CopyTo(destination[HeaderLength..]);
    }

    /// <summary>Reads the record at the start of <paramref name="records"/> and moves on. False at the end, and for octets that are no record.</summary>
    /// <param name="layout">Version of the file's format.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)] // run a million times in the first second
    public static bool TryRead(byte layout, ref ReadOnlySpan<byte> records, out JournalRecord record)
    {
        record = default;
        if (records.Length < HeaderLength) return false;
        var header = MemoryMarshal.Read<Header>(records);
        if (header.Kind is not (RecordKind.Whole or RecordKind.Patch) || header.Length < 0 || header.Length > records.Length - HeaderLength) return false;
        record = new JournalRecord
        {
            CredentialId = header.CredentialId, Version = header.Version, Kind = header.Kind, RealmId = header.RealmOrBase,
            HashRevision = header.RevisionOrOffset, BaseVersion = header.RealmOrBase, Offset = header.RevisionOrOffset,
            Layout = layout, Octets = records.Slice(HeaderLength, header.Length),
        };
        records = records[record.Length..];
        return true;
    }
}
