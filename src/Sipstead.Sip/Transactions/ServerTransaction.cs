using Sipstead.Sip.Transport;

namespace Sipstead.Sip.Transactions;

/// <summary>
/// The non-INVITE server transaction (RFC 3261 17.2.2, figure 8). Its users answer at once and finally, so no provisional response is ever sent, which
/// RFC 4320 asks for.
/// </summary>
internal sealed class ServerTransaction : IncomingTransaction
{
    private readonly SipTimer _timerJ;
    private byte[]? _final;
    private bool _isTerminated;

    public ServerTransaction(TransactionLayer layer, SerialQueue serial, SipFlow flow, UInt128 key)
        : base(layer, serial, flow, key) => _timerJ = CreateTimer(Terminate);

    /// <summary>Absorbs: the same octets again once there are any (TXN-05).</summary>
    public override void Repeat()
    {
        if (_final is not null && !_isTerminated) SendAgain(_final);
    }

    public override void Respond(int status, byte[] response)
    {
        if (status < 200 || _final is not null) return;
        _final = response;
        Send(response);
        if (IsReliable) Terminate();
        else _timerJ.Arm(TimerValues.Timeout);
    }

    protected override void Terminate()
    {
        if (_isTerminated) return;
        _isTerminated = true;
        _timerJ.Stop();
        base.Terminate();
    }
}
