using System.Collections.Concurrent;
using System.Text;
using Sipstead.Sip.Transport;

namespace Sipstead.Testing.Registrar;

/// <summary>Transports without sockets: notes what is sent and kept.</summary>
public sealed class FakeFlows : ISipFlows
{
    public ConcurrentQueue<(SipFlow Flow, string Message)> Sent { get; } = new();

    public ConcurrentQueue<(SipFlow Flow, TimeSpan Lifetime)> Kept { get; } = new();

    public ConcurrentQueue<(SipFlow Flow, TimeSpan Silence)> Silences { get; } = new();

    /// <summary>Connections that are open.</summary>
    public HashSet<long> OpenConnections { get; } = [];

    /// <summary>Addresses of our own listeners.</summary>
    public HashSet<TransportAddress> Own { get; } = [];

    public bool TrySend(in SipFlow flow, ReadOnlySpan<byte> message)
    {
        Sent.Enqueue((flow, Encoding.Latin1.GetString(message)));
        return true;
    }

    public bool IsReachable(in SipFlow flow) => !flow.Transport.IsStream() || OpenConnections.Contains(flow.ConnectionId);

    public void Keep(in SipFlow flow, TimeSpan lifetime) => Kept.Enqueue((flow, lifetime));

    public void EndAfterSilence(in SipFlow flow, TimeSpan silence) => Silences.Enqueue((flow, silence));

    public bool IsOwnListener(TransportAddress address) => Own.Contains(address);
}
