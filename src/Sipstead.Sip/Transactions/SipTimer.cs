namespace Sipstead.Sip.Transactions;

/// <summary>
/// A timer of a transaction or session. Armed and stopped on its owner's <see cref="SerialQueue"/> only, where it also fires; so one that was stopped
/// or armed anew never fires for the time before.
/// </summary>
internal sealed class SipTimer(TimerWheel wheel, SerialQueue serial, Action fired)
{
    /// <summary>When it fires, in milliseconds of the wheel's clock.</summary>
    internal long Due { get; set; }

    /// <summary>The timers before and behind it in its lane.</summary>
    internal SipTimer? Previous { get; set; }

    internal SipTimer? Next { get; set; }

    /// <summary>The lane that it waits in, null when it does not wait.</summary>
    internal TimerLane? Lane { get; set; }

    /// <summary>Counts armings, so that a firing under way knows whether it still counts.</summary>
    internal int Version { get; set; }

    /// <summary>Lets it fire once, after T1 doubled some times, or T4.</summary>
    public void Arm(int milliseconds) => wheel.Arm(this, milliseconds);

    public void Stop() => wheel.Stop(this);

    /// <summary>Called by the wheel, outside its lock.</summary>
    internal void Fire(int version) => serial.Post(() =>
    {
        if (version == Version) fired();
    });
}
