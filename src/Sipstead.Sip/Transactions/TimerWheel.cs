using System.Numerics;

namespace Sipstead.Sip.Transactions;

/// <summary>
/// All timers of transactions and sessions on one timer of the system: a lane for each of the few times there are, so that arming, stopping and firing
/// cost the same however many calls there are.
/// </summary>
internal sealed class TimerWheel : IDisposable
{
    private const int Doublings = 7; // T1 to 64*T1

    private readonly Lock _gate = new();
    private readonly TimerLane[] _lanes = [.. Enumerable.Range(0, Doublings + 1).Select(_ => new TimerLane())];
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private readonly long _start;
    private long _next = long.MaxValue;
    private bool _firing;

    public TimerWheel(TimeProvider time)
    {
        _time = time;
        _start = time.GetTimestamp();
        _timer = time.CreateTimer(_ => FireDue(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    private long NowMs => (long)_time.GetElapsedTime(_start).TotalMilliseconds;

    public void Arm(SipTimer timer, int milliseconds)
    {
        lock (_gate)
        {
            timer.Version++;
            timer.Lane?.Remove(timer);
            timer.Due = NowMs + milliseconds;
            LaneOf(milliseconds).Append(timer);
            if (timer.Due < _next && !_firing) WakeAt(timer.Due);
        }
    }

    public void Stop(SipTimer timer)
    {
        lock (_gate)
        {
            timer.Version++;
            timer.Lane?.Remove(timer);
        }
    }

    public void Dispose() => _timer.Dispose();

    private TimerLane LaneOf(int milliseconds) =>
        milliseconds == TimerValues.T4 ? _lanes[Doublings] : _lanes[BitOperations.Log2((uint)(milliseconds / TimerValues.T1))];

    private void FireDue()
    {
        lock (_gate)
        {
            if (_firing) return;
            _firing = true;
        }

        while (TryTakeDue(out var timer, out var version)) timer.Fire(version);
    }

    /// <summary>Takes the timer that is due longest; when there is none, sets the time to wake.</summary>
    private bool TryTakeDue(out SipTimer timer, out int version)
    {
        lock (_gate)
        {
            timer = FindFirst()!;
            version = timer?.Version ?? 0;
            if (timer is not null && timer.Due <= NowMs)
            {
                timer.Lane!.Remove(timer);
                return true;
            }

            _firing = false;
            _next = long.MaxValue;
            if (timer is not null) WakeAt(timer.Due);
            return false;
        }
    }

    private SipTimer? FindFirst()
    {
        SipTimer? first = null;
        foreach (var lane in _lanes)
        {
            if (lane.First is { } timer && (first is null || timer.Due < first.Due)) first = timer;
        }

        return first;
    }

    private void WakeAt(long due)
    {
        _next = due;
        _timer.Change(TimeSpan.FromMilliseconds(Math.Max(1, due - NowMs)), Timeout.InfiniteTimeSpan);
    }
}
