using Sipstead.Sip.Messages;
using Sipstead.Sip.Transport;

namespace Sipstead.Sip.Transactions;

/// <summary>The INVITE server transaction (RFC 3261 17.2.1, figure 7, with the Accepted state of RFC 6026).</summary>
internal sealed class ServerInviteTransaction : IncomingTransaction
{
    private readonly IServerInviteUser _user;
    private readonly SipTimer _timerG, _timerH, _timerI, _timerL;
    private State _state = State.Proceeding;
    private int _interval = TimerValues.T1;
    private byte[] _last = [];

    /// <param name="toTag">To tag of the responses, which those to its CANCEL share (RFC 3261 9.2).</param>
    public ServerInviteTransaction(TransactionLayer layer, SerialQueue serial, SipFlow flow, UInt128 key, ulong toTag, IServerInviteUser user)
        : base(layer, serial, flow, key)
    {
        _user = user;
        ToTag = toTag;
        _timerG = CreateTimer(OnTimerG);
        _timerH = CreateTimer(Terminate);
        _timerI = CreateTimer(Terminate);
        _timerL = CreateTimer(Terminate);
    }

    private enum State
    {
        Proceeding,
        Completed,
        Confirmed,
        Accepted,
        Terminated,
    }

    public ulong ToTag { get; }

    /// <summary>Absorbs: answers with the last response while there is no 2xx, whose repeats are its user's (RFC 6026 7.1).</summary>
    public override void Repeat()
    {
        if (_state is not (State.Proceeding or State.Completed) || _last.Length == 0) return;
        if (!SendAgain(_last)) FailTransport();
    }

    public override void Respond(int status, byte[] response)
    {
        if (_state == State.Proceeding) RespondFirst(status, response);
        else if (_state != State.Accepted || status is < 200 or >= 300) return;
        else if (!SendAgain(response)) FailTransport();
    }

    /// <summary>Takes an ACK with the branch of the INVITE.</summary>
    public void ReceiveAck(SipMessage ack, SipFlow flow)
    {
        if (_state == State.Accepted) _user.OnAck(ack, flow);
        if (_state != State.Completed) return;
        _state = State.Confirmed;
        _timerG.Stop();
        _timerH.Stop();
        if (IsReliable) Terminate();
        else _timerI.Arm(TimerValues.T4);
    }

    /// <summary>Takes a CANCEL, which changes nothing once there is a final response (RFC 3261 9.2).</summary>
    public void ReceiveCancel(string? reason)
    {
        if (_state == State.Proceeding) _user.OnCancel(reason);
    }

    protected override void Terminate()
    {
        if (_state == State.Terminated) return;
        _state = State.Terminated;
        _timerG.Stop();
        _timerH.Stop();
        _timerI.Stop();
        _timerL.Stop();
        base.Terminate();
        _user.OnTerminated();
    }

    private void RespondFirst(int status, byte[] response)
    {
        _last = response;
        if (status is >= 200 and < 300) Accept();
        else if (status >= 300) Complete();
        if (!SendAgain(response)) FailTransport();
    }

    private void Accept()
    {
        _state = State.Accepted;
        _timerL.Arm(TimerValues.Timeout);
    }

    private void Complete()
    {
        _state = State.Completed;
        _timerH.Arm(TimerValues.Timeout);
        if (!IsReliable) _timerG.Arm(_interval);
    }

    private void OnTimerG()
    {
        if (_state != State.Completed) return;
        SendAgain(_last);
        _interval = Doubled(_interval);
        _timerG.Arm(_interval);
    }

    private void FailTransport()
    {
        if (_state == State.Terminated) return;
        Terminate();
        _user.OnTransportError();
    }
}
