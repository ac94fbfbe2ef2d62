using Sipstead.Sip.Transport;

namespace Sipstead.Sip.Transactions;

/// <summary>A server transaction: absorbs repeats of its request and answers them with what was last sent.</summary>
internal abstract class IncomingTransaction(TransactionLayer layer, SerialQueue serial, SipFlow flow, UInt128 key) : Transaction(layer, serial, flow)
{
    private readonly TransactionLayer _layer = layer;

    public UInt128 Key { get; } = key;

    /// <summary>Takes a repeat of the request.</summary>
    public abstract void Repeat();

    /// <summary>Sends a response that the user made.</summary>
    public abstract void Respond(int status, byte[] response);

    protected virtual void Terminate() => _layer.Remove(this);
}
