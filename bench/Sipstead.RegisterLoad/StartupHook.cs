using System.Globalization;

/// <summary>
/// Runs inside a server that is started with DOTNET_STARTUP_HOOKS naming this assembly, and writes a line about each pause of its garbage collector to the
/// file that REGISTERLOAD_PAUSES names: Unix time in seconds, and milliseconds. Metrics tell only the sum of all pauses.
/// </summary>
#pragma warning disable CA1050 // the runtime wants the type without a namespace
internal static class StartupHook
#pragma warning restore CA1050
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(2);

    /// <summary>Called by the runtime before the program's Main.</summary>
    public static void Initialize()
    {
        if (Environment.GetEnvironmentVariable("REGISTERLOAD_PAUSES") is not { Length: > 0 } path) return;
        new Thread(() => Watch(path)) { Name = "pauses", IsBackground = true }.Start();
    }

    private static void Watch(string path)
    {
        using var output = new StreamWriter(path) { AutoFlush = true };
        using var never = new ManualResetEventSlim();
        var seen = GC.GetTotalPauseDuration();
        while (!never.Wait(Interval))
        {
            var total = GC.GetTotalPauseDuration();
            if (total == seen) continue;
            var now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() / 1000.0;
            foreach (var pause in Since(total - seen)) output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{now:0.000} {pause.TotalMilliseconds:0.000}"));
            seen = total;
        }
    }

    /// <summary>The pauses of the last collection: a background one has two. Where more has passed than those, it counts as one: never too short a figure.</summary>
    private static TimeSpan[] Since(TimeSpan paused)
    {
        TimeSpan[] last = [.. GC.GetGCMemoryInfo(GCKind.Any).PauseDurations.ToArray().Where(pause => pause > TimeSpan.Zero)];
        var sum = last.Aggregate(TimeSpan.Zero, (all, pause) => all + pause);
        return (paused - sum).Duration() < Interval ? last : [paused];
    }
}
