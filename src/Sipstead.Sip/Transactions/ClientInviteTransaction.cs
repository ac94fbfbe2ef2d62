using Sipstead.Sip.Messages;
using Sipstead.Sip.Transport;
using Sipstead.Sip.Writing;

namespace Sipstead.Sip.Transactions;

/// <summary>The INVITE client transaction (RFC 3261 17.1.1, figure 5, with the Accepted state of RFC 6026).</summary>
internal sealed class ClientInviteTransaction : OutgoingTransaction
{
    private readonly SipTimer _timerA, _timerB, _timerD, _timerM;
    private State _state = State.Calling;
    private int _interval = TimerValues.T1;
    private byte[] _ack = [];

    public ClientInviteTransaction(
        TransactionLayer layer, SerialQueue serial, SipFlow flow, SipMessage request, ulong branch, IClientTransactionUser user)
        : base(layer, serial, flow, request, branch, user)
    {
        _timerA = CreateTimer(OnTimerA);
        _timerB = CreateTimer(OnTimerB);
        _timerD = CreateTimer(Terminate);
        _timerM = CreateTimer(Terminate);
    }

    private enum State
    {
        Calling,
        Proceeding,
        Completed,
        Accepted,
        Terminated,
    }

    public override void Start()
    {
        if (!Send(Request.Octets))
        {
            FailTransport();
            return;
        }

        _timerB.Arm(TimerValues.Timeout);
        if (!IsReliable) _timerA.Arm(_interval);
    }

    public override void Receive(SipMessage response, SipFlow flow)
    {
        switch (_state)
        {
            case State.Calling or State.Proceeding when response.StatusCode < 200:
                ReceiveProvisional(response, flow);
                break;
            case State.Calling or State.Proceeding when response.StatusCode < 300:
                Accept(response, flow);
                break;
            case State.Calling or State.Proceeding:
                Complete(response, flow);
                break;
            case State.Accepted when response.StatusCode is >= 200 and < 300:
                User.OnResponse(response, flow);
                break;
            case State.Completed when response.StatusCode >= 300:
                if (!SendAgain(_ack)) FailTransport();
                break;
        }
    }

    public override void Terminate()
    {
        if (_state == State.Terminated) return;
        _state = State.Terminated;
        StopTimers();
        base.Terminate();
    }

    private void ReceiveProvisional(SipMessage response, in SipFlow flow)
    {
        _state = State.Proceeding;
        StopTimers();
        User.OnResponse(response, flow);
    }

    private void Accept(SipMessage response, in SipFlow flow)
    {
        _state = State.Accepted;
        StopTimers();
        _timerM.Arm(TimerValues.Timeout);
        User.OnResponse(response, flow);
    }

    private void Complete(SipMessage response, in SipFlow flow)
    {
        _state = State.Completed;
        StopTimers();
        _ack = RequestWriter.AckOfRefusal(Request, response);
        var sent = Send(_ack) || !IsReliable;
        User.OnResponse(response, flow);
        if (IsReliable || !sent) Terminate();
        else _timerD.Arm(TimerValues.Timeout);
    }

    /// <summary>Doubles without the bound of T2: 7 sends in all before timer B (TXN-02).</summary>
    private void OnTimerA()
    {
        if (_state != State.Calling) return;
        SendAgain(Request.Octets);
        _interval *= 2;
        if (_interval < TimerValues.Timeout) _timerA.Arm(_interval);
    }

    private void OnTimerB()
    {
        if (_state != State.Calling) return;
        Terminate();
        User.OnTimeout();
    }

    private void FailTransport()
    {
        var wasOpen = _state is State.Calling or State.Proceeding;
        Terminate();
        if (wasOpen) User.OnTransportError();
    }

    private void StopTimers()
    {
        _timerA.Stop();
        _timerB.Stop();
        _timerD.Stop();
        _timerM.Stop();
    }
}
