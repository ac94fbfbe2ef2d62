using System.Runtime.InteropServices;

namespace Sipstead.Media.Rtp;

/// <summary>
/// Datagram calls that neither block nor throw: .NET's own raise an exception where nothing is there to read, which would be fifty times a second for each
/// call. Layouts are those of 64-bit Linux.
/// </summary>
internal static unsafe partial class LinuxDatagrams
{
    public const int SolSocket = 1;

    /// <summary>SO_TIMESTAMPNS: the kernel notes when a datagram came, so that jitter is measured and not the media clock's step.</summary>
    public const int SoTimestamp = 35;

    public const int Ipv6Protocol = 41;
    public const int Ipv6TrafficClass = 67;

    public const int DoNotWait = 0x40;
    public const int NoSignal = 0x4000;
    public const int Truncated = 0x20;

    [LibraryImport("libc", EntryPoint = "recvmmsg")]
    public static partial int ReceiveMany(int descriptor, MessageHeader* messages, uint count, int flags, void* timeout);

    [LibraryImport("libc", EntryPoint = "sendto")]
    public static partial nint Send(int descriptor, byte* octets, nuint length, int flags, byte* address, uint addressLength);

    /// <summary>struct iovec.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct IoVector
    {
        public byte* Base;
        public nuint Length;
    }

    /// <summary>struct mmsghdr, with its msghdr inlined, padding included.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct MessageHeader
    {
        public byte* Name;
        public uint NameLength;
        public IoVector* Vectors;
        public nuint VectorCount;
        public byte* Control;
        public nuint ControlLength;
        public int Flags;
        private readonly int _padding;
        public uint Length;
    }

    /// <summary>struct cmsghdr with a struct timespec behind it.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct TimestampControl
    {
        public nuint Length;
        public int Level;
        public int Type;
        public long Seconds;
        public long Nanoseconds;
    }
}
