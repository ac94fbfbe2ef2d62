namespace Sipstead.Registrar;

/// <summary>
/// The registrar's time: starts at the wall clock and then runs on the monotonic one, so that a step of the wall clock neither kills nor prolongs a
/// binding (REG-27).
/// </summary>
public sealed class ServerClock
{
    private readonly TimeProvider _time;
    private readonly long _start;
    private readonly long _startMs;

    public ServerClock(TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        _time = time;
        _start = time.GetTimestamp();
        _startMs = time.GetUtcNow().ToUnixTimeMilliseconds();
    }

    /// <summary>Milliseconds since 1970 as of the start, plus what has passed since.</summary>
    public long NowMs => _startMs + (long)_time.GetElapsedTime(_start).TotalMilliseconds;

    /// <summary>Ticks of the monotonic clock.</summary>
    public long Timestamp => _time.GetTimestamp();

    /// <summary>Milliseconds since 1970 by the wall clock, for what people and files read.</summary>
    public long WallMs => _time.GetUtcNow().ToUnixTimeMilliseconds();
}
