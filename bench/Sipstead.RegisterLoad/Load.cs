using System.Globalization;

namespace Sipstead.RegisterLoad;

/// <summary>Runs the phases one after the other, and writes a line of <c>key=value</c> about each.</summary>
internal sealed class Load(LoadOptions options, Registrations registrations, ILines lines, Clock clock, TextWriter output)
{
    /// <summary>Registrations that are begun before answers are looked at again.</summary>
    private const int StartsAtOnce = 512;
    private const long Glance = Clock.Millisecond;
    private const long Drain = 5 * Clock.Second;

    private double _top;

    /// <summary>True when no registration failed.</summary>
    public bool Run(IReadOnlyList<Phase> phases)
    {
        var succeeded = true;
        for (var i = 0; i < phases.Count; i++)
        {
            registrations.Begin();
            var measured = Measure(phases[i]);
            if (i == phases.Count - 1) Work(clock.Now + Drain, _ => false, () => registrations.UnderWay == 0);
            output.WriteLine(measured + Latencies());
            succeeded &= registrations.Counts is { Failures.Count: 0, TimedOut: 0 } && lines.Closed == 0;
        }

        return succeeded;
    }

    private string Measure(Phase phase)
    {
        var (before, own) = (CpuTime.Of(options.Processes, options.Threads), CpuTime.Of([Environment.ProcessId], null));
        var began = clock.Now;
        var end = began + (long)(phase.Seconds * Clock.Second);
        if (phase.Rate > 0) Offer(phase, began, end);
        else if (phase.Mode == Mode.Once) RegisterAll(end);
        else Fill(phase, end);
        var seconds = (clock.Now - began) / (double)Clock.Second;
        if (phase.Rate == 0) _top = registrations.Counts.Ok / seconds;
        return Line(phase, seconds, CpuTime.Of(options.Processes, options.Threads) - before, CpuTime.Of([Environment.ProcessId], null) - own);
    }

    /// <summary>Closed loop: as many under way as the window has room for.</summary>
    private void Fill(Phase phase, long end) =>
        Work(end, now => registrations.UnderWay < options.Window && registrations.TryStart(now, phase.Mode == Mode.Fresh), () => false);

    /// <summary>Closed loop until each device is registered.</summary>
    private void RegisterAll(long end)
    {
        var left = options.Devices;
        Work(
            end,
            now => left > 0 && registrations.UnderWay < options.Window && registrations.TryStart(now, fresh: false) && left-- > 0,
            () => left == 0 && registrations.UnderWay == 0);
    }

    /// <summary>Open loop: at fixed times, whatever becomes of the others.</summary>
    private void Offer(Phase phase, long began, long end)
    {
        long due = 0;
        var interval = Clock.Second / phase.RateFrom(_top);
        Work(
            end,
            now =>
            {
                var intended = began + (long)(due * interval);
                if (intended > now) return false;
                due++;
                if (!registrations.TryStart(intended, phase.Mode == Mode.Fresh)) registrations.Counts.Skipped++;
                return true;
            },
            () => false,
            () => began + (long)(due * interval));
    }

    /// <summary>Starts registrations, repeats what got lost and takes answers, until the end or until all is done.</summary>
    private void Work(long end, Func<long, bool> tryStart, Func<bool> isDone, Func<long>? next = null)
    {
        long now;
        while ((now = clock.Now) < end && !isDone())
        {
            for (var started = 0; started < StartsAtOnce && tryStart(now); started++)
            {
            }

            registrations.Repeat();
            lines.Flush();
            lines.Receive(registrations, next is null ? Glance : Math.Clamp(next() - clock.Now, 0, Glance));
        }
    }

    private string Line(Phase phase, double seconds, CpuTime server, CpuTime own)
    {
        var counts = registrations.Counts;
        string Each(double cpu) => Invariant($"{cpu * 1e6 / Math.Max(1, counts.Ok):0.00}");
        var failures = string.Concat(counts.Failures.Select(failure => Invariant($" status_{failure.Key}={failure.Value}")));
        return Invariant($"mode={phase.Mode.ToString().ToLowerInvariant()} transport={options.Transport.ToString().ToLowerInvariant()} devices={options.Devices} ")
            + Invariant($"seconds={seconds:0.00} ok={counts.Ok} rate={counts.Ok / seconds:0} offered={counts.Started / seconds:0} skipped={counts.Skipped} ")
            + Invariant($"challenged={counts.Challenged} repeated={counts.Repeated} timed_out={counts.TimedOut} failed={counts.Failures.Values.Sum()}{failures} ")
            + $"cpu_us={Each(server.User + server.System)} user_us={Each(server.User)} system_us={Each(server.System)} threads_us={Each(server.Threads)} "
            + $"own_user_us={Each(own.User)} own_system_us={Each(own.System)} ";
    }

    private string Latencies()
    {
        double Milliseconds(long duration) => duration / (double)Clock.Millisecond;
        var latency = registrations.Latency;
        return Invariant($"p50_ms={Milliseconds(latency.Percentile(0.5)):0.000} p99_ms={Milliseconds(latency.Percentile(0.99)):0.000} ")
            + Invariant($"p999_ms={Milliseconds(latency.Percentile(0.999)):0.000} max_ms={Milliseconds(latency.Longest):0.000} ")
            + Invariant($"unanswered={registrations.UnderWay} closed={lines.Closed}");
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
