using System.IO.Hashing;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

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

/// <summary>Octets of the bindings journal. A file is <see cref="FileMark"/> and batches of records (<see cref="JournalRecord"/>).</summary>
internal static class JournalFormat
{
    /// <summary>
    /// Rises when the layout of <see cref="BatchHeader"/>, <see cref="JournalRecord"/> or <see cref="Location.BindingLayout"/> changes. Earlier versions
    /// are read by <see cref="EarlierFormats"/>; the batch header is the same in all.
    /// </summary>
    public const byte Version = 4;

    /// <summary>The first version with today's <see cref="JournalRecord"/>.</summary>
    public const byte FirstWithPatches = 3;

    private const uint BatchMagic = 0x4A425353;

    /// <summary>Octets at the start of a batch that its checksum does not cover.</summary>
    private const int UncheckedLength = 16;

    /// <summary>First octets of a file; the last one is <see cref="Version"/>.</summary>
    public static ReadOnlySpan<byte> FileMark => "SIPSTEAD-BIND\0\0\x04"u8;

    public static int BatchHeaderLength => Unsafe.SizeOf<BatchHeader>();

    /// <summary>The version of the file with these first octets; 0 for one that this server cannot read.</summary>
    public static byte VersionOf(ReadOnlySpan<byte> mark)
    {
        var common = FileMark[..^1];
        return mark.Length == FileMark.Length && mark.StartsWith(common) && mark[^1] is >= 1 and <= Version ? mark[^1] : (byte)0;
    }

    /// <summary>Writes the header of a batch in front of its records, checksum included.</summary>
    public static void Seal(Span<byte> batch, long clockMs, long wallMs, long lastBindingId)
    {
        var header = new BatchHeader
        {
            Magic = BatchMagic, Length = batch.Length - BatchHeaderLength, ClockMs = clockMs, WallMs = wallMs, LastBindingId = lastBindingId,
        };
        MemoryMarshal.Write(batch, header);
        header.Checksum = Checksum(batch);
        MemoryMarshal.Write(batch, header);
    }

    /// <summary>Octets of the batch that starts with this header; 0 when it is none.</summary>
    public static long LengthOf(ReadOnlySpan<byte> header)
    {
        var read = MemoryMarshal.Read<BatchHeader>(header);
        return read.Magic == BatchMagic && read.Length >= 0 ? (long)BatchHeaderLength + read.Length : 0;
    }

    /// <summary>True when the batch is as it was written.</summary>
    public static bool IsIntact(ReadOnlySpan<byte> batch) => MemoryMarshal.Read<BatchHeader>(batch).Checksum == Checksum(batch);

    private static ulong Checksum(ReadOnlySpan<byte> batch)
    {
        var seed = XxHash3.HashToUInt64(batch[UncheckedLength..BatchHeaderLength], MemoryMarshal.Read<BatchHeader>(batch).Length);
        return XxHash3.HashToUInt64(batch[BatchHeaderLength..], (long)seed);
    }
}
