namespace Sipstead.Sip.Transactions;

/// <summary>The timers armed for one and the same time: since all wait equally long, the first armed is the first due.</summary>
internal sealed class TimerLane
{
    private SipTimer? _last;

    /// <summary>The timer that is due first.</summary>
    public SipTimer? First { get; private set; }

    public void Append(SipTimer timer)
    {
        timer.Lane = this;
        timer.Previous = _last;
        if (_last is null) First = timer;
        else _last.Next = timer;
        _last = timer;
    }

    public void Remove(SipTimer timer)
    {
        if (timer.Previous is null) First = timer.Next;
        else timer.Previous.Next = timer.Next;
        if (timer.Next is null) _last = timer.Previous;
        else timer.Next.Previous = timer.Previous;
        timer.Previous = timer.Next = null;
        timer.Lane = null;
    }
}
