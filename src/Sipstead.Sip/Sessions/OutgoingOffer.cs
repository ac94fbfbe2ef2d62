using System.Security.Cryptography;
using Sipstead.Sip.Dialogs;
using Sipstead.Sip.Digest;
using Sipstead.Sip.Messages;
using Sipstead.Sip.Transactions;
using Sipstead.Sip.Transport;
using Sipstead.Sip.Writing;

namespace Sipstead.Sip.Sessions;

/// <summary>
/// A re-INVITE (RFC 3261 14.1) or UPDATE (RFC 3311) of ours, sent again after a random time when it meets an offer of the peer (491). It refreshes the
/// session, with an offer or without. Runs on its session's serial queue.
/// </summary>
internal sealed class OutgoingOffer : IClientTransactionUser
{
    private const int MaxTries = 3;
    private const int WaitSteps = 4;

    private readonly SessionLayer _layer;
    private readonly SerialQueue _serial;
    private readonly Dialog _dialog;
    private readonly SessionTimer _timer;
    private readonly ChallengedRequest? _challenged;
    private readonly ReadOnlyMemory<byte> _sdp;
    private readonly Action<int, SipMessage?> _done;
    private readonly Countdown _wait;
    private readonly int _shortestWait;
    private byte[] _ack = [];
    private byte[] _credentials = [];
    private int _refusals;

    /// <param name="digest">Meets challenges; null to meet none.</param>
    /// <param name="sdp">The offer; an UPDATE may have none.</param>
    /// <param name="ownsCallId">True when the Call-ID is ours: that side waits longer (2.1 to 4 s, the other up to 2 s).</param>
    /// <param name="done">Hears of the final status, and the response where there is one.</param>
    public OutgoingOffer(
        SessionLayer layer, SerialQueue serial, Dialog dialog, SessionTimer timer, DigestClient? digest, ReadOnlyMemory<byte> sdp, bool ownsCallId,
        Action<int, SipMessage?> done)
    {
        _layer = layer;
        _serial = serial;
        _dialog = dialog;
        _timer = timer;
        _challenged = digest is null ? null : new ChallengedRequest(digest);
        _sdp = sdp;
        _done = done;
        _shortestWait = ownsCallId ? 5 : 1;
        _wait = new Countdown(layer.Transactions, serial, Send);
    }

    /// <summary>Whether it is an UPDATE instead of an INVITE.</summary>
    public bool IsUpdate { get; init; }

    /// <summary>True until the request has its final response; while it waits to be sent again, the peer may offer.</summary>
    public bool IsPending { get; private set; }

    /// <summary>True while neither an INVITE nor an offer of the peer can be taken.</summary>
    public bool IsInTheWay => IsPending && !(IsUpdate && _sdp.IsEmpty);

    /// <summary>True until there is a result.</summary>
    public bool IsOpen { get; private set; } = true;

    public void Send()
    {
        IsPending = true;
        using var draft = new MessageDraft();
        var branch = SessionLayer.NextRandom();
        var method = IsUpdate ? "UPDATE"u8 : "INVITE"u8;
        _dialog.Begin(draft.Writer, method, _dialog.NextSequence(), branch);
        _dialog.WriteContact(draft.Writer);
        _timer.WriteRequest(draft.Writer);
        _credentials = _challenged?.Write(draft.Writer, method, _dialog.RequestUri, _sdp.Span) ?? [];
        ResponseWriter.End(draft.Writer, _sdp.Span);
        if (draft.Writer.Overflowed) Finish(413, null);
        else if (IsUpdate) _layer.Send(_serial, _dialog.Flow, draft.ToArray(), branch, this);
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
        if (response.StatusCode >= 300) Refused(response, flow);
        else Accepted(response, isFirst);
    }

    public void OnTimeout() => Finish(408, null);

    public void OnTransportError() => Finish(DialogRequest.TransportError, null);

    private void Accepted(SipMessage response, bool isFirst)
    {
        if (isFirst)
        {
            _dialog.RefreshTarget(response);
            _timer.Learn(response);
        }

        if (!IsUpdate) Acknowledge(response, isFirst);
        if (isFirst) Finish(response.StatusCode, response);
    }

    private void Acknowledge(SipMessage response, bool isFirst)
    {
        if (isFirst)
        {
            using var draft = new MessageDraft();
            _dialog.Begin(draft.Writer, "ACK"u8, CSeqValue.NumberOf(response), SessionLayer.NextRandom());
            draft.Writer.Text(_credentials);
            ResponseWriter.End(draft.Writer);
            _ack = draft.ToArray();
        }

        _layer.Transactions.Send(_serial, _dialog.Flow, _ack);
    }

    private void Refused(SipMessage response, in SipFlow flow)
    {
        if (IsOpen && _challenged?.TryMeet(response, flow) == true)
        {
            Send();
            return;
        }

        var isLast = !IsOpen || ++_refusals >= MaxTries;
        if (!isLast && response.StatusCode == 422 && _timer.TryRaise(response)) Send();
        else if (!isLast && response.StatusCode == 491) _wait.Start((_shortestWait + RandomNumberGenerator.GetInt32(WaitSteps)) * TimerValues.T1);
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
