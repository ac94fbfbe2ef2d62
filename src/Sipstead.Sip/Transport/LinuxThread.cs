using System.Runtime.InteropServices;

namespace Sipstead.Sip.Transport;

/// <summary>How the kernel shares a core among threads, which the framework's priorities do not reach on Linux.</summary>
internal static partial class LinuxThread
{
    /// <summary>Of threads that phones wait for.</summary>
    public const int Urgent = -5;

    /// <summary>PRIO_PROCESS, which with 0 is the calling thread.</summary>
    private const int OfProcess = 0;

    /// <summary>
    /// Sets the niceness of the calling thread, from -20 to 19. Below what it is only root may go, or who has CAP_SYS_NICE or a limit that allows it; for
    /// others nothing changes.
    /// </summary>
    public static void SetNice(int nice) => _ = SetPriority(OfProcess, 0, nice);

    /// <summary>Gives up the core for less than a second, shorter than the framework can: it knows milliseconds. A signal may end it early.</summary>
    public static unsafe void Rest(TimeSpan duration)
    {
        var time = stackalloc long[] { 0, duration.Ticks * TimeSpan.NanosecondsPerTick };
        _ = Sleep(time, null);
    }

    [LibraryImport("libc", EntryPoint = "setpriority")]
    private static partial int SetPriority(int which, uint who, int priority);

    /// <summary>Takes a struct timespec, seconds and nanoseconds.</summary>
    [LibraryImport("libc", EntryPoint = "nanosleep")]
    private static unsafe partial int Sleep(long* duration, long* left);
}
