using Sipstead.Sip.Transport;

namespace Sipstead.Sip.Transactions;

/// <summary>What the four state machines of RFC 3261 17 are made of: a way to send, timers, an end. All of it runs on the serial queue of its user.</summary>
internal abstract class Transaction(TransactionLayer layer, SerialQueue serial, SipFlow flow)
{
    /// <summary>Where it runs.</summary>
    public SerialQueue Serial { get; } = serial;

    /// <summary>The way that its messages take.</summary>
    public SipFlow Flow { get; } = flow;

    /// <summary>True when nothing is repeated by us, since the transport does it.</summary>
    protected bool IsReliable => Flow.Transport.IsStream();

    protected SipTimer CreateTimer(Action fired) => layer.CreateTimer(Serial, fired);

    /// <summary>Sends for the first time. False is a transport error (RFC 3261 17.1.4, 17.2.4).</summary>
    protected bool Send(ReadOnlySpan<byte> message) => layer.Send(Serial, Flow, message);

    /// <summary>Sends again. A datagram that the kernel refuses just now is lost like any other, so only a stream can fail here.</summary>
    protected bool SendAgain(ReadOnlySpan<byte> message) => Send(message) || !IsReliable;

    /// <summary>Interval behind the given one: twice as long, up to T2.</summary>
    protected static int Doubled(int interval) => Math.Min(2 * interval, TimerValues.T2);
}
