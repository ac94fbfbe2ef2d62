using System.Globalization;

/// <summary>
/// Runs inside a server that is started with DOTNET_STARTUP_HOOKS naming this assembly, and writes a line about each pause of its garbage collector to the
/// file that REGISTERLOAD_PAUSES names: Unix time in seconds, collections so far, milliseconds. Metrics tell only the sum of all pauses.
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

    /// <summary>Pauses so close to each other that one look sees both count as one: never too short a figure.</summary>
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
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{now:0.000} {GC.CollectionCount(0)} {(total - seen).TotalMilliseconds:0.000}"));
            seen = total;
        }
    }
}
