using Sipstead.Sip.Messages;
using Sipstead.Sip.Transport;

namespace Sipstead.Sip.Transactions;

/// <summary>The non-INVITE client transaction (RFC 3261 17.1.2, figure 6). A response that comes late finds no transaction and is a stray (RFC 4320).</summary>
internal sealed class ClientTransaction : OutgoingTransaction
{
    private readonly SipTimer _timerE, _timerF, _timerK;
    private State _state = State.Trying;
    private int _interval = TimerValues.T1;

    public ClientTransaction(TransactionLayer layer, SerialQueue serial, SipFlow flow, SipMessage request, ulong branch, IClientTransactionUser user)
        : base(layer, serial, flow, request, branch, user)
    {
        _timerE = CreateTimer(OnTimerE);
        _timerF = CreateTimer(OnTimerF);
        _timerK = CreateTimer(Terminate);
    }

    private enum State
    {
        Trying,
        Proceeding,
        Completed,
        Terminated,
    }

    public override void Start()
    {
        if (!Send(Request.Octets))
        {
            FailTransport();
            return;
        }

        _timerF.Arm(TimerValues.Timeout);
        if (!IsReliable) _timerE.Arm(_interval);
    }

    public override void Receive(SipMessage response, SipFlow flow)
    {
        if (_state is not (State.Trying or State.Proceeding)) return;
        if (response.StatusCode < 200) _state = State.Proceeding;
        else Complete();
        User.OnResponse(response, flow);
    }

    public override void Terminate()
    {
        if (_state == State.Terminated) return;
        _state = State.Terminated;
        StopTimers();
        base.Terminate();
    }

    private void Complete()
    {
        _state = State.Completed;
        StopTimers();
        if (IsReliable) Terminate();
        else _timerK.Arm(TimerValues.T4);
    }

    /// <summary>Doubles up to T2; once there was a provisional response, it is T2 (TXN-03).</summary>
    private void OnTimerE()
    {
        if (_state is not (State.Trying or State.Proceeding)) return;
        SendAgain(Request.Octets);
        _interval = _state == State.Proceeding ? TimerValues.T2 : Doubled(_interval);
        _timerE.Arm(_interval);
    }

    private void OnTimerF()
    {
        if (_state is not (State.Trying or State.Proceeding)) return;
        Terminate();
        User.OnTimeout();
    }

    private void FailTransport()
    {
        Terminate();
        User.OnTransportError();
    }

    private void StopTimers()
    {
        _timerE.Stop();
        _timerF.Stop();
        _timerK.Stop();
    }
}
