using Sipstead.Sip.Messages;
using Sipstead.Sip.Transactions;
using Sipstead.Sip.Transport;

namespace Sipstead.Sip.Sessions;

/// <summary>Waits for the final status of a request whose provisional responses do not matter; no answer in time counts as 408.</summary>
internal sealed class FinalResponse(Action<int>? done) : IClientTransactionUser
{
    /// <summary>Stands for a request that could not be sent; no peer can send it.</summary>
    public const int TransportError = 0;

    public void OnResponse(SipMessage response, in SipFlow flow)
    {
        if (response.StatusCode >= 200) done?.Invoke(response.StatusCode);
    }

    public void OnTimeout() => done?.Invoke(408);

    public void OnTransportError() => done?.Invoke(TransportError);
}
