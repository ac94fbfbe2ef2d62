using System.Text;
using Sipstead.Sip.Transport;

namespace Sipstead.Testing.Sip;

/// <summary>Transports without sockets: notes what is sent, when and over what.</summary>
public sealed class TimedFlows(TimeProvider time) : ISipFlows
{
    private readonly Lock _gate = new();
    private readonly long _start = time.GetTimestamp();
    private readonly List<(double Seconds, SipFlow Flow, MessageText Message)> _sent = [];

    /// <summary>True to fail each send.</summary>
    public bool Refuses { get; set; }

    /// <summary>Calls of <see cref="Keep"/>.</summary>
    public int KeptCount { get; private set; }

    /// <summary>All that was sent, in order, with the seconds since the start.</summary>
    public IReadOnlyList<(double Seconds, SipFlow Flow, MessageText Message)> Sent
    {
        get
        {
            lock (_gate) return [.. _sent];
        }
    }

    /// <summary>Messages sent, in order.</summary>
    public IReadOnlyList<MessageText> Messages => [.. Sent.Select(sent => sent.Message)];

    /// <summary>Seconds at which messages of a kind were sent, such as "INVITE" or "200 BYE".</summary>
    public IReadOnlyList<double> TimesOf(string kind) => [.. Sent.Where(sent => sent.Message.Kind == kind).Select(sent => sent.Seconds)];

    /// <summary>The last message of a kind.</summary>
    public MessageText Last(string kind) => Messages.Last(message => message.Kind == kind);

    public int Count(string kind) => Messages.Count(message => message.Kind == kind);

    public bool TrySend(in SipFlow flow, ReadOnlySpan<byte> message)
    {
        if (Refuses) return false;
        var text = new MessageText(Encoding.Latin1.GetString(message));
        lock (_gate) _sent.Add((time.GetElapsedTime(_start).TotalSeconds, flow, text));
        return true;
    }

    public bool IsReachable(in SipFlow flow) => !Refuses;

    public void Keep(in SipFlow flow, TimeSpan lifetime) => KeptCount++;

    public void EndAfterSilence(in SipFlow flow, TimeSpan silence)
    {
    }

    public bool IsOwnListener(TransportAddress address) => false;
}
