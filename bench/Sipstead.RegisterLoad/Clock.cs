namespace Sipstead.RegisterLoad;

/// <summary>Monotonic time in nanoseconds.</summary>
internal sealed class Clock(TimeProvider time)
{
    public const long Millisecond = 1_000_000;
    public const long Second = 1_000_000_000;

    private readonly long _scale = Second / time.TimestampFrequency;

    public long Now => time.GetTimestamp() * _scale;
}
