using System.Collections.Concurrent;
using System.Text;
using Sipstead.Sip.Transport;
using Sipstead.Testing.Sip;

namespace Sipstead.Voice.Tests.Harness;

/// <summary>Transports without sockets: each message goes to the phone at its destination.</summary>
internal sealed class PhoneFlows : ISipFlows
{
    private readonly ConcurrentDictionary<TransportAddress, ScriptedPhone> _phones = new();

    /// <summary>Where messages went that no phone is at.</summary>
    public ConcurrentQueue<SipFlow> Strays { get; } = new();

    public void Connect(ScriptedPhone phone) => _phones[phone.Flow.Source] = phone;

    public bool TrySend(in SipFlow flow, ReadOnlySpan<byte> message)
    {
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
}
