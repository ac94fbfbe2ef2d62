using Sipstead.Provisioning.Trunks;

namespace Sipstead.Voice.Trunks;

/// <summary>
/// What the checks of one trunk add up to: up at the first answer, down after <see cref="MissesToDown"/> misses in a row. Written by one check at a time,
/// read by anybody.
/// </summary>
internal sealed class TrunkCondition(DateTimeOffset since)
{
    public const int MissesToDown = 2;

    /// <summary>How soon the first miss is followed by another check; each further one in a row doubles it, up to the interval.</summary>
    public static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(5);

    private volatile TrunkHealth _health = new(TrunkState.Unknown, since);
    private int _misses;

    public TrunkHealth Health => _health;

    /// <summary>Takes what a check found. True when the state is another.</summary>
    public bool Take(TrunkFinding finding, DateTimeOffset now)
    {
        var old = _health;
        _misses = finding.IsAlive ? 0 : _misses + 1;
        var state = finding.IsAlive ? TrunkState.Up : _misses >= MissesToDown ? TrunkState.Down : old.State;
        _health = new TrunkHealth(state, state == old.State ? old.Since : now, now, finding.Answer, finding.RoundTrip, finding.Reason);
        return state != old.State;
    }

    /// <summary>How long the next check waits, without the jitter.</summary>
    public TimeSpan NextAfter(TimeSpan interval)
    {
        if (_misses == 0) return interval;
        var retry = FirstRetry * Math.Pow(2, Math.Min(_misses, 20) - 1);
        return retry < interval ? retry : interval;
    }
}
