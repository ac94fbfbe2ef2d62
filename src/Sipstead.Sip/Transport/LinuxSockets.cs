using System.Runtime.InteropServices;

namespace Sipstead.Sip.Transport;

/// <summary>
/// The batched socket calls that .NET does not offer (recvmmsg, sendmmsg): one system call moves many datagrams and tells which local address each was
/// sent to. Layouts are those of 64-bit Linux.
/// </summary>
internal static unsafe partial class LinuxSockets
{
    public const int SolSocket = 1;
    public const int SoReusePort = 15;
    public const int SoReceiveTimeout = 20;

    /// <summary>SO_MEMINFO: nine counts of 32 bits, SK_MEMINFO_DROPS the last.</summary>
    public const int SoMemoryInfo = 55;
    public const int MemoryInfoSize = 36;
    public const int MemoryInfoDrops = 32;

    public const int IpProtocol = 0;
    public const int IpPacketInfo = 8;
    public const int Ipv6Protocol = 41;
    public const int Ipv6ReceivePacketInfo = 49;
    public const int Ipv6PacketInfo = 50;

    public const int UdpProtocol = 17;

    /// <summary>UDP_SEGMENT: the kernel parts what is sent into datagrams of this size.</summary>
    public const int UdpSegment = 103;

    public const int DoNotWait = 0x40;
    public const int Truncated = 0x20;

    /// <summary>MSG_WAITFORONE: wait for the first datagram, then take what is there.</summary>
    public const int WaitForOne = 0x10000;

    /// <summary>MSG_NOSIGNAL.</summary>
    public const int NoSignal = 0x4000;

    [LibraryImport("libc", EntryPoint = "recvmmsg", SetLastError = true)]
    public static partial int ReceiveMany(int descriptor, MessageHeader* messages, uint count, int flags, void* timeout);

    [LibraryImport("libc", EntryPoint = "sendmmsg", SetLastError = true)]
    public static partial int SendMany(int descriptor, MessageHeader* messages, uint count, int flags);

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

    /// <summary>struct cmsghdr; data follows.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct ControlHeader
    {
        public nuint Length;
        public int Level;
        public int Type;
    }
}
