using Sipstead.Sip.Messages;
using Sipstead.Sip.Transport;

namespace Sipstead.Sip.Uas;

/// <summary>Answers 481 to a request that belongs to a transaction or dialog which does not exist (RFC 3261 9.2, 15.1.2). Never challenged (TXN-13).</summary>
internal sealed class NoTransactionHandler(SipMethod method) : IRequestHandler
{
    public SipMethod Method => method;

    public void Handle(in SipRequest request, in SipFlow flow, in SipResponder responder) => responder.Send(481);
}
