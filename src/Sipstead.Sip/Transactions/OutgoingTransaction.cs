using Sipstead.Sip.Messages;
using Sipstead.Sip.Transport;

namespace Sipstead.Sip.Transactions;

/// <summary>By what a response finds its client transaction (RFC 3261 17.1.3, TXN-10). A CANCEL has the branch of its INVITE.</summary>
internal readonly record struct OutgoingKey(ulong Branch, SipMethod Method);

/// <summary>A client transaction: the request that it sends, and who hears of the responses.</summary>
internal abstract class OutgoingTransaction(
    TransactionLayer layer, SerialQueue serial, SipFlow flow, SipMessage request, ulong branch, IClientTransactionUser user)
    : Transaction(layer, serial, flow)
{
    private readonly TransactionLayer _layer = layer;

    /// <summary>The request as sent.</summary>
    public SipMessage Request { get; } = request;

    public OutgoingKey Key { get; } = new(branch, request.Method);

    /// <summary>The number behind the cookie of the branch.</summary>
    public ulong Branch => Key.Branch;

    protected IClientTransactionUser User { get; } = user;

    /// <summary>Sends the request.</summary>
    public abstract void Start();

    /// <summary>Takes a response, which is a copy that stays.</summary>
    public abstract void Receive(SipMessage response, SipFlow flow);

    /// <summary>Forgets the transaction: what still comes for it is a stray.</summary>
    public virtual void Terminate() => _layer.Remove(this);
}
