using Sipstead.Sip.Messages;
using Sipstead.Sip.Transport;
using Sipstead.Sip.Uas;

namespace Sipstead.Sip.Tests.Uas;

/// <summary>Counts what reaches it and answers 200.</summary>
internal sealed class CountingHandler(SipMethod method) : IRequestHandler
{
    public SipMethod Method => method;

    public int Count { get; private set; }

    public void Handle(in SipRequest request, in SipFlow flow, in SipResponder responder)
    {
        Count++;
        responder.Send(200);
    }
}

/// <summary>A batch that always or never becomes durable.</summary>
internal sealed class FixedBatch(bool succeeds = true) : IRequestBatch
{
    public bool Commit() => succeeds;
}

/// <summary>Serves example.com.</summary>
internal sealed class OneDomain : IServedDomains
{
    public bool Contains(ReadOnlySpan<byte> host) => System.Text.Ascii.EqualsIgnoreCase(host, "example.com"u8);
}
