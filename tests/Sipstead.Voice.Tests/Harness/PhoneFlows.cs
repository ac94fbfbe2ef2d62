using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Sipstead.Sip.Transport;
using Sipstead.Testing.Sip;

namespace Sipstead.Voice.Tests.Harness;

/// <summary>Transports without sockets: each message goes to the phone at its destination. Connections can be had to phones with one.</summary>
internal sealed class PhoneFlows : ISipFlows, ISipConnector
{
    private readonly ConcurrentQueue<SipFlow> _sent = new();
    private readonly ConcurrentDictionary<TransportAddress, ScriptedPhone> _phones = new();

    /// <summary>The ways of all that was sent, in order.</summary>
    public IReadOnlyList<SipFlow> Sent => [.. _sent];

    /// <summary>Where messages went that no phone is at.</summary>
    public ConcurrentQueue<SipFlow> Strays { get; } = new();

    public void Connect(ScriptedPhone phone) => _phones[phone.Flow.Source] = phone;

    public bool TrySend(in SipFlow flow, ReadOnlySpan<byte> message)
    {
        _sent.Enqueue(flow);
        if (!_phones.TryGetValue(flow.Source, out var phone))
        {
            Strays.Enqueue(flow);
            return true; // lost, as UDP loses
        }

        return phone.TryTake(new MessageText(Encoding.UTF8.GetString(message)));
    }

    public bool IsReachable(in SipFlow flow) => !_phones.TryGetValue(flow.Source, out var phone) || phone.IsConnected;

    public void Keep(in SipFlow flow, TimeSpan lifetime)
    {
    }

    public void EndAfterSilence(in SipFlow flow, TimeSpan silence)
    {
    }

    public bool IsOwnListener(TransportAddress address) => false;

    public ValueTask<SipFlow?> ConnectAsync(SipTarget target, int localPort, CancellationToken cancellationToken)
    {
        var local = new TransportAddress(new IPEndPoint(IPAddress.Loopback, localPort));
        if (target.Transport == SipTransport.Udp) return new(new SipFlow(SipTransport.Udp, target.Address, local, 0));
        var isThere = _phones.TryGetValue(target.Address, out var phone) && phone.Flow.Transport == target.Transport && phone.IsConnected;
        return new(isThere ? phone!.Flow : null);
    }

    public async ValueTask<SipWay> FindWayAsync(SipTarget target, int localPort, CancellationToken cancellationToken) =>
        await ConnectAsync(target, localPort, cancellationToken) is { } flow ? new SipWay(flow, "") : new SipWay(null, "Connection refused");
}
