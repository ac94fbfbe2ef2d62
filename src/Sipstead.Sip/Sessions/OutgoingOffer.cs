using System.Security.Cryptography;
using Sipstead.Sip.Dialogs;
using Sipstead.Sip.Messages;
using Sipstead.Sip.Transactions;
using Sipstead.Sip.Transport;
using Sipstead.Sip.Writing;

namespace Sipstead.Sip.Sessions;

/// <summary>
/// A re-INVITE of ours (RFC 3261 14.1), sent again after a random time when it meets one of the peer (491). Runs on its session's serial queue.
/// </summary>
internal sealed class OutgoingOffer : IClientTransactionUser
{
    private const int MaxTries = 3;
    private const int WaitSteps = 4;

    private readonly SessionLayer _layer;
    private readonly SerialQueue _serial;
    private readonly Dialog _dialog;
    private readonly ReadOnlyMemory<byte> _sdp;
    private readonly Action<int, SipMessage?> _done;
    private readonly Countdown _wait;
    private readonly int _shortestWait;
    private byte[] _ack = [];
    private int _tries;

    /// <param name="ownsCallId">True when the Call-ID is ours: that side waits longer (2.1 to 4 s, the other up to 2 s).</param>
    /// <param name="done">Hears of the final status, and the response where there is one.</param>
    public OutgoingOffer(
        SessionLayer layer, SerialQueue serial, Dialog dialog, ReadOnlyMemory<byte> sdp, bool ownsCallId, Action<int, SipMessage?> done)
    {
        _layer = layer;
        _serial = serial;
        _dialog = dialog;
        _sdp = sdp;
        _done = done;
        _shortestWait = ownsCallId ? 5 : 1;
        _wait = new Countdown(layer.Transactions, serial, Send);
    }

    /// <summary>True until the INVITE has its final response; while it waits to be sent again, the peer may offer.</summary>
    public bool IsPending { get; private set; }

    /// <summary>True until there is a result.</summary>
    public bool IsOpen { get; private set; } = true;

    public void Send()
    {
        _tries++;
        IsPending = true;
        using var draft = new MessageDraft();
        var branch = SessionLayer.NextRandom();
        _dialog.Begin(draft.Writer, "INVITE"u8, _dialog.NextSequence(), branch);
        _dialog.WriteContact(draft.Writer);
        ResponseWriter.End(draft.Writer, _sdp.Span);
        if (draft.Writer.Overflowed) Finish(413, null);
        else _layer.SendInvite(_serial, _dialog.Flow, draft.ToArray(), branch, this);
    }

    /// <summary>Sends no more, and tells nothing more.</summary>
    public void Stop()
    {
        IsOpen = false;
        _wait.Stop();
    }

    public void OnResponse(SipMessage response, in SipFlow flow)
    {
        if (response.StatusCode < 200) return;
        var isFirst = IsPending;
        IsPending = false;
        if (response.StatusCode >= 300) Refused(response);
        else Accepted(response, isFirst);
    }

    public void OnTimeout() => Finish(408, null);

    public void OnTransportError() => Finish(FinalResponse.TransportError, null);

    private void Accepted(SipMessage response, bool isFirst)
    {
        if (isFirst)
        {
            _dialog.RefreshTarget(response);
            using var draft = new MessageDraft();
            _dialog.Begin(draft.Writer, "ACK"u8, CSeqValue.NumberOf(response), SessionLayer.NextRandom());
            ResponseWriter.End(draft.Writer);
            _ack = draft.ToArray();
        }

        _layer.Transactions.Send(_serial, _dialog.Flow, _ack);
        if (isFirst) Finish(response.StatusCode, response);
    }

    private void Refused(SipMessage response)
    {
        if (IsOpen && response.StatusCode == 491 && _tries < MaxTries) _wait.Start((_shortestWait + RandomNumberGenerator.GetInt32(WaitSteps)) * TimerValues.T1);
        else Finish(response.StatusCode, response);
    }

    private void Finish(int status, SipMessage? response)
    {
        IsPending = false;
        if (!IsOpen) return;
        IsOpen = false;
        _done(status, response);
    }
}
