namespace Sipstead.Sip.Transactions;

/// <summary>Fires after any time, a multiple of T1, by way of the few times that timers have: the longest that fits, again and again.</summary>
internal sealed class Countdown
{
    private readonly SipTimer _timer;
    private readonly Action _fired;
    private long _remaining;

    public Countdown(TransactionLayer layer, SerialQueue serial, Action fired)
    {
        _timer = layer.CreateTimer(serial, Step);
        _fired = fired;
    }

    /// <summary>Lets it fire once after so many milliseconds; a time of zero counts as T1.</summary>
    public void Start(long milliseconds)
    {
        _remaining = Math.Max(milliseconds, TimerValues.T1);
        Step();
    }

    public void Stop() => _timer.Stop();

    private void Step()
    {
        if (_remaining < TimerValues.T1)
        {
            _fired();
            return;
        }

        var part = TimerValues.Timeout;
        while (part > _remaining) part /= 2;
        _remaining -= part;
        _timer.Arm(part);
    }
}
