using Sipstead.Sip.Messages;
using Sipstead.Sip.Transactions;
using Sipstead.Sip.Transport;

namespace Sipstead.Sip.Sessions;

/// <summary>The user of a request whose answer does not matter: of CANCEL, since that of its INVITE tells what came of it.</summary>
internal sealed class IgnoredResponse : IClientTransactionUser
{
    public static IgnoredResponse Instance { get; } = new();

    public void OnResponse(SipMessage response, in SipFlow flow)
    {
    }

    public void OnTimeout()
    {
    }

    public void OnTransportError()
    {
    }
}
