using Sipstead.Sip.Transport;

namespace Sipstead.Sip.Locating;

/// <summary>
/// Targets that answered 503 with Retry-After: nothing is sent to them before that is over, and never for longer than an hour (RFC 3261 21.5.4, RFC 3263
/// 4.3). Bounded: when it is full, the one that would have come back first comes back.
/// </summary>
public sealed class AvoidedTargets(TimeProvider time, LocatingMetrics metrics)
{
    internal const int Capacity = 1_000;

    private static readonly TimeSpan LongestPause = TimeSpan.FromHours(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<(SipTransport, TransportAddress), TimeSpan> _until = [];
    private readonly long _start = time.GetTimestamp();

    private TimeSpan Now => time.GetElapsedTime(_start);

    /// <summary>Notes that a target asked for a pause.</summary>
    public void Avoid(SipTarget target, TimeSpan retryAfter)
    {
        if (retryAfter <= TimeSpan.Zero) return;
        lock (_gate)
        {
            if (_until.Count >= Capacity) MakeRoom();
            _until[(target.Transport, target.Address)] = Now + (retryAfter < LongestPause ? retryAfter : LongestPause);
        }
    }

    /// <summary>True while the target wants no requests.</summary>
    public bool Contains(SipTarget target)
    {
        lock (_gate) return _until.TryGetValue((target.Transport, target.Address), out var until) && until > Now;
    }

    private void MakeRoom()
    {
        var first = _until.MinBy(pair => pair.Value);
        if (first.Value > Now) metrics.Dropped("avoided targets");
        _until.Remove(first.Key);
    }
}
