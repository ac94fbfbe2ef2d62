using Microsoft.Extensions.Time.Testing;

namespace Sipstead.Testing;

/// <summary>A fake clock whose wall time can step, as NTP or a person does it, while the monotonic time runs on.</summary>
public sealed class SteppingTimeProvider(DateTimeOffset start) : FakeTimeProvider(start)
{
    /// <summary>What the wall clock has been moved by.</summary>
    public TimeSpan WallStep { get; set; }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + WallStep;

    public override long GetTimestamp() => base.GetUtcNow().Ticks;
}
