namespace Sipstead.Registrar;

/// <summary>
/// The server's clock as one receiving loop sees it: read at the first question of a batch and no more until the next, since a batch takes less than the
/// millisecond that all times are kept in, and asking costs as much as a parse of a header. Not thread-safe.
/// </summary>
internal sealed class BatchClock(ServerClock clock)
{
    private long _nowMs;
    private long _wallMs;
    private long _timestamp;

    /// <summary><see cref="ServerClock.NowMs"/>.</summary>
    public long NowMs
    {
        get
        {
            if (_nowMs == 0) Read();
            return _nowMs;
        }
    }

    /// <summary><see cref="ServerClock.WallMs"/>.</summary>
    public long WallMs
    {
        get
        {
            if (_nowMs == 0) Read();
            return _wallMs;
        }
    }

    /// <summary><see cref="ServerClock.Timestamp"/>.</summary>
    public long Timestamp
    {
        get
        {
            if (_nowMs == 0) Read();
            return _timestamp;
        }
    }

    /// <summary>Ends a batch.</summary>
    public void EndBatch() => _nowMs = 0;

    private void Read() => (_nowMs, _wallMs, _timestamp) = (clock.NowMs, clock.WallMs, clock.Timestamp);
}
