using Sipstead.Sip.Messages;
using Sipstead.Sip.Transport;

namespace Sipstead.Sip.Transactions;

/// <summary>What the user of a client transaction hears, on the transaction's serial queue (RFC 3261 17.1).</summary>
internal interface IClientTransactionUser
{
    /// <summary>A response that is no repeat; for INVITE also each 2xx (RFC 6026). The message is a copy that stays.</summary>
    void OnResponse(SipMessage response, in SipFlow flow);

    /// <summary>No final response came in time (timers B and F).</summary>
    void OnTimeout();

    /// <summary>The request could not be sent.</summary>
    void OnTransportError();
}

/// <summary>What the user of an INVITE server transaction hears, on the transaction's serial queue (RFC 3261 17.2.1).</summary>
internal interface IServerInviteUser
{
    /// <summary>A CANCEL came while no final response was sent; the CANCEL itself has been answered.</summary>
    /// <param name="reason">Value of its Reason header, null when it has none.</param>
    void OnCancel(string? reason);

    /// <summary>An ACK with the branch of the INVITE came behind a 2xx, as peers of old send it.</summary>
    void OnAck(SipMessage ack, in SipFlow flow);

    /// <summary>A response could not be sent: the connection is gone.</summary>
    void OnTransportError();

    /// <summary>The transaction is over and forgotten.</summary>
    void OnTerminated();
}
