using System.Buffers;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using Sipstead.Registrar.Location;

namespace Sipstead.Registrar.Journal;

/// <summary>Heads one batch of records in a journal or snapshot file. The checksum covers all behind it, the rest of this header included.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
internal struct BatchHeader
{
    public uint Magic;

    /// <summary>Octets of the records that follow.</summary>
    public int Length;

    /// <summary>XXH3 64 over the rest of the header and the records.</summary>
    public ulong Checksum;

    /// <summary>The server's clock and the wall clock when the batch was written: what has passed since is known also after a step of the latter.</summary>
    public long ClockMs;
    public long WallMs;

    public long LastBindingId;
}

/// <summary>Heads one record: the whole state of one address-of-record, so that the newest version wins in whatever order records are read.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
internal struct RecordHeader
{
    public long CredentialId;
    public long RealmId;
    public long Version;
    public int HashRevision;

    /// <summary>Octets of the packed bindings that follow; 0 says that there are none any more.</summary>
    public int Length;
}

/// <summary>Octets of the bindings journal. A file is <see cref="FileMark"/> and batches.</summary>
internal static class JournalFormat
{
    /// <summary>Rises when the layout of <see cref="BatchHeader"/>, <see cref="RecordHeader"/> or <see cref="BindingHeader"/> changes.</summary>
    public const byte Version = 2;

    private const uint BatchMagic = 0x4A425353;

    /// <summary>Octets at the start of a batch that its checksum does not cover.</summary>
    private const int UncheckedLength = 16;

    /// <summary>First octets of a file; the last one is <see cref="Version"/>.</summary>
    public static ReadOnlySpan<byte> FileMark => "SIPSTEAD-BIND\0\0\x02"u8;

    /// <summary>The version of a file; 0 for one that this server cannot read.</summary>
    public static byte VersionOf(ReadOnlySpan<byte> file)
    {
        var mark = FileMark[..^1];
        if (file.Length <= mark.Length || !file.StartsWith(mark)) return 0;
        return file[mark.Length] is BindingsOfVersion1.Version or Version ? file[mark.Length] : (byte)0;
    }

    public static int BatchHeaderLength => Marshal.SizeOf<BatchHeader>();

    /// <summary>Appends the state of a record as it will be with <paramref name="bindings"/>.</summary>
    public static void WriteRecord(ArrayBufferWriter<byte> records, AorRecord record, ReadOnlySpan<byte> bindings)
    {
        var header = new RecordHeader
        {
            CredentialId = record.CredentialId, RealmId = record.RealmId, Version = record.Header.Version, HashRevision = record.Header.HashRevision,
            Length = bindings.Length,
        };
        records.Write(MemoryMarshal.AsBytes(new ReadOnlySpan<RecordHeader>(in header)));
        records.Write(bindings);
    }

    /// <summary>Writes the header of a batch, checksum included.</summary>
    public static void WriteBatchHeader(Span<byte> destination, ReadOnlySpan<byte> records, long clockMs, long wallMs, long lastBindingId)
    {
        var header = new BatchHeader { Magic = BatchMagic, Length = records.Length, ClockMs = clockMs, WallMs = wallMs, LastBindingId = lastBindingId };
        MemoryMarshal.Write(destination, header);
        header.Checksum = Checksum(destination, records);
        MemoryMarshal.Write(destination, header);
    }

    /// <summary>Reads the batch at the start of <paramref name="octets"/>. False when it is cut or damaged.</summary>
    public static bool TryReadBatch(ReadOnlySpan<byte> octets, out BatchHeader header, out ReadOnlySpan<byte> records)
    {
        header = default;
        records = default;
        if (octets.Length < BatchHeaderLength) return false;
        header = MemoryMarshal.Read<BatchHeader>(octets);
        if (header.Magic != BatchMagic || header.Length < 0 || header.Length > octets.Length - BatchHeaderLength) return false;
        records = octets.Slice(BatchHeaderLength, header.Length);
        return Checksum(octets, records) == header.Checksum;
    }

    /// <summary>
    /// Reads the record at the start of <paramref name="records"/> and moves on; its bindings are as the file's version has them. False at the end, and for
    /// octets that are no record.
    /// </summary>
    public static bool TryReadRecord(ref ReadOnlySpan<byte> records, out RecordHeader header, out ReadOnlySpan<byte> bindings)
    {
        header = default;
        bindings = default;
        var headerLength = Marshal.SizeOf<RecordHeader>();
        if (records.Length < headerLength) return false;
        header = MemoryMarshal.Read<RecordHeader>(records);
        if (header.Length < 0 || header.Length > records.Length - headerLength) return false;
        bindings = records.Slice(headerLength, header.Length);
        records = records[(headerLength + header.Length)..];
        return true;
    }

    private static ulong Checksum(ReadOnlySpan<byte> header, ReadOnlySpan<byte> records)
    {
        var seed = XxHash3.HashToUInt64(header[UncheckedLength..BatchHeaderLength], MemoryMarshal.Read<int>(header[4..]));
        return XxHash3.HashToUInt64(records, (long)seed);
    }
}
