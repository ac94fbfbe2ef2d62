using System.Runtime.InteropServices;

namespace Sipstead.RegisterLoad;

/// <summary>ppoll: waits for many sockets, for less than a millisecond too. Layouts are those of 64-bit Linux.</summary>
internal static unsafe partial class LinuxPoll
{
    public const int Interrupted = 4;

    [LibraryImport("libc", EntryPoint = "ppoll")]
    public static partial int Poll(PollEntry* entries, nuint count, TimeSpec* timeout, void* signals);

    /// <summary>struct pollfd.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct PollEntry
    {
        public const short Readable = 1;

        public int Descriptor;
        public short Events;
        public short Returned;
    }

    /// <summary>struct timespec.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct TimeSpec
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
