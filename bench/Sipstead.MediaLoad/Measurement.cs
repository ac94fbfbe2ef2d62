using System.Globalization;

namespace Sipstead.MediaLoad;

/// <summary>What is measured while all parties talk.</summary>
/// <param name="Processes">Ids of the processes whose CPU time counts.</param>
internal sealed record Measurement(int Calls, TimeSpan Warm, TimeSpan Duration, IReadOnlyList<string> Processes)
{
    /// <summary>USER_HZ, the same on every architecture that .NET runs on.</summary>
    private const double Ticks = 100;

    private const double FramesASecond = 50;

    /// <summary>A line of figures.</summary>
    public async Task<string> RunAsync(MediaStreams streams, bool isMixing, CancellationToken cancellation)
    {
        await Task.Delay(Warm, cancellation);
        var (before, cpu, began) = (streams.Count(), CpuSeconds(), TimeProvider.System.GetTimestamp());
        await Task.Delay(Duration, cancellation);
        var (counts, spent) = (streams.Count() - before, CpuSeconds() - cpu);
        var seconds = TimeProvider.System.GetElapsedTime(began).TotalSeconds;
        var expected = counts.Legs * FramesASecond * seconds;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"legs={counts.Legs} seconds={seconds:0.00} sent={counts.Sent} received={counts.Received} gaps={counts.Gaps} wrong={(isMixing ? 0 : counts.Wrong)} "
            + $"missing={Math.Max(0, expected - counts.Received) / expected * 100:0.00}% longest_wait_ms={counts.LongestWait.TotalMilliseconds:0} "
            + $"cpu_percent={spent / seconds * 100:0.0} cpu_us={spent / seconds / counts.Legs * 1e6:0.0}");
    }

    private double CpuSeconds() => Processes.Sum(process =>
    {
        var line = File.ReadAllText($"/proc/{process}/stat");
        var fields = line[(line.LastIndexOf(')') + 2)..].Split(' ');
        return (long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture)) / Ticks;
    });
}
