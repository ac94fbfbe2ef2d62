using System.Text;
using Sipstead.Sip.Dialogs;
using Sipstead.Sip.Messages;
using Sipstead.Sip.Transactions;
using Sipstead.Sip.Transport;
using Sipstead.Sip.Uas;
using Sipstead.Sip.Writing;

namespace Sipstead.Sip.Sessions;

/// <summary>What the owner of an incoming INVITE hears, on its serial queue.</summary>
internal interface IIncomingInviteOwner
{
    /// <summary>A CANCEL came, or the way back is gone, while it was pending. It is still to be refused.</summary>
    void OnCancelled(IncomingInvite invite);

    /// <summary>The ACK of our 2xx came.</summary>
    void OnConfirmed(IncomingInvite invite, SipMessage ack);

    /// <summary>No PRACK came for a reliable provisional response; the INVITE is refused with 504.</summary>
    void OnUnacknowledged(IncomingInvite invite);

    /// <summary>No ACK came for our 2xx, or it could not be sent.</summary>
    void OnUnconfirmed(IncomingInvite invite, SessionEnd end);
}

/// <summary>
/// An INVITE of a peer, the first or a later one of its dialog, from 100 to ACK. Repeats the 2xx until the ACK comes, on any transport (RFC 3261
/// 13.3.1.4, TXN-07).
/// </summary>
internal sealed class IncomingInvite : IServerInviteUser
{
    private readonly IIncomingInviteOwner _owner;
    private readonly SipFlow _flow;
    private readonly SipTimer _repeat, _giveUp;
    private readonly TransactionLayer _transactions;
    private readonly SerialQueue _serial;
    private ReliableProgress? _reliable;
    private State _state = State.Pending;
    private int _interval = TimerValues.T1;
    private byte[] _answer = [];

    public IncomingInvite(
        TransactionLayer transactions, SerialQueue serial, in SipRequest request, SipMessage copy, SipFlow flow, ulong toTag, IIncomingInviteOwner owner)
    {
        Request = copy;
        CSeq = request.CSeq;
        _flow = flow;
        _owner = owner;
        _transactions = transactions;
        _serial = serial;
        Transaction = new ServerInviteTransaction(
            transactions, serial, ResponseWriter.FlowOf(copy, flow), MessageKeys.OfServerTransaction(request, SipMethod.Invite, flow.Source), toTag, this);
        _repeat = transactions.CreateTimer(serial, Repeat);
        _giveUp = transactions.CreateTimer(serial, GiveUp);
    }

    private enum State
    {
        Pending,
        Unconfirmed,
        Done,
    }

    public SipMessage Request { get; }

    /// <summary>CSeq number, which the ACK has too.</summary>
    public uint CSeq { get; }

    public ServerInviteTransaction Transaction { get; }

    /// <summary>Called when the transaction is forgotten.</summary>
    public Action? Forgotten { get; init; }

    /// <summary>Why it was cancelled, where the CANCEL told (RFC 3326).</summary>
    public string? CancelReason { get; private set; }

    /// <summary>True while there is no final response.</summary>
    public bool IsPending => _state == State.Pending;

    /// <summary>True while a 2xx waits for its ACK.</summary>
    public bool IsUnconfirmed => _state == State.Unconfirmed;

    /// <summary>True when the peer offers in its INVITE; else we offer in our first reliable response (RFC 3261 13.2.1).</summary>
    public bool HasOffer => !Request.Body.IsEmpty;

    /// <summary>True while the peer's offer has no answer.</summary>
    public bool IsAnswerDue => HasOffer && IsPending && !IsDescribed;

    /// <summary>True while an offer of ours has no answer.</summary>
    public bool IsOfferOpen => !HasOffer && (IsPending ? IsDescriptionOpen : IsUnconfirmed && !IsDescribed);

    /// <summary>True once SDP went in a reliable provisional response.</summary>
    public bool IsDescribed => _reliable is { HasDescribed: true };

    /// <summary>True while SDP in a reliable provisional response has no PRACK: no 2xx may be sent before (RFC 3262 3).</summary>
    public bool IsDescriptionOpen => _reliable is { IsDescriptionOpen: true };

    /// <summary>Sends 100, which has no To tag and tells how long its request took (RFC 3261 8.2.6.1, UAS-08).</summary>
    public void SendTrying()
    {
        using var draft = new MessageDraft();
        ResponseWriter.Begin(draft.Writer, Request, _flow, 100, SipStatus.ReasonOf(100), 0);
        if (Request.Has(HeaderId.Timestamp)) RequestWriter.Header(draft.Writer, "Timestamp"u8, Request.Value(HeaderId.Timestamp));
        ResponseWriter.End(draft.Writer);
        Transaction.Respond(100, draft.ToArray());
    }

    /// <summary>Sends a provisional response of the dialog, reliably where that is due (RFC 3262 3).</summary>
    public void Progress(int status, Dialog dialog, ReadOnlyMemory<byte> sdp)
    {
        if (!IsPending) return;
        if (!ReliableProgress.IsDue(Request, !sdp.IsEmpty))
        {
            Transaction.Respond(status, Write(status, dialog, OptionTags.SupportedLine, sdp.Span));
            return;
        }

        _reliable ??= new ReliableProgress(
            _transactions, _serial, (code, sequence, description) => Write(code, dialog, ReliableLines(sequence), description), Transaction.Respond,
            () => _owner.OnUnacknowledged(this));
        _reliable.Send(status, sdp.ToArray());
    }

    /// <summary>Takes the RAck of a PRACK. False when it names nothing that waits for one.</summary>
    /// <param name="hadDescription">Whether the response that it acknowledges had SDP.</param>
    public bool TryAcknowledge(SipMessage prack, out bool hadDescription)
    {
        hadDescription = false;
        return _reliable?.TryAcknowledge(prack.Value(HeaderId.RAck), CSeq, out hadDescription) == true;
    }

    /// <summary>Goes on with the provisional responses that waited for a PRACK, which has been answered.</summary>
    public void GoOn()
    {
        if (IsPending) _reliable?.SendNext();
    }

    /// <summary>Sends 200 and repeats it until it is acknowledged.</summary>
    /// <param name="lines">Header lines of the session timer.</param>
    public void Accept(Dialog dialog, ReadOnlySpan<byte> lines, ReadOnlySpan<byte> sdp)
    {
        if (!IsPending) return;
        _state = State.Unconfirmed;
        _reliable?.Stop();
        _answer = Write(200, dialog, lines, IsDescribed ? default : sdp);
        _repeat.Arm(_interval);
        _giveUp.Arm(TimerValues.Timeout);
        Transaction.Respond(200, _answer);
    }

    /// <summary>Sends a final response other than 2xx.</summary>
    public void Refuse(int status, string? reason = null, IReadOnlyList<(string Name, string Value)>? headers = null)
    {
        if (!IsPending) return;
        _state = State.Done;
        _reliable?.Stop();
        using var draft = new MessageDraft();
        var phrase = reason is null || reason.AsSpan().ContainsAny('\r', '\n', '\0') ? SipStatus.ReasonOf(status) : Encoding.UTF8.GetBytes(reason);
        ResponseWriter.Begin(draft.Writer, Request, _flow, status, phrase, Transaction.ToTag);
        foreach (var (name, value) in headers ?? [])
        {
            draft.Writer.Value(name);
            draft.Writer.Text(": "u8);
            draft.Writer.Value(value);
            draft.Writer.EndLine();
        }

        ResponseWriter.End(draft.Writer);
        Transaction.Respond(status, draft.ToArray());
    }

    /// <summary>Takes an ACK of the dialog; one for another INVITE, or a repeat, changes nothing.</summary>
    public void ReceiveAck(SipMessage ack)
    {
        if (!IsUnconfirmed || CSeqValue.NumberOf(ack) != CSeq) return;
        Stop();
        _owner.OnConfirmed(this, ack);
    }

    /// <summary>Repeats no more.</summary>
    public void Stop()
    {
        _state = State.Done;
        _repeat.Stop();
        _giveUp.Stop();
        _reliable?.Stop();
    }

    void IServerInviteUser.OnCancel(string? reason)
    {
        CancelReason = reason;
        _owner.OnCancelled(this);
    }

    void IServerInviteUser.OnAck(SipMessage ack, in SipFlow flow) => ReceiveAck(ack);

    void IServerInviteUser.OnTransportError()
    {
        if (IsPending) _owner.OnCancelled(this);
        else if (IsUnconfirmed) Fail(SessionEnd.TransportFailed);
    }

    void IServerInviteUser.OnTerminated() => Forgotten?.Invoke();

    private void Repeat()
    {
        if (!IsUnconfirmed) return;
        _interval = Math.Min(2 * _interval, TimerValues.T2);
        _repeat.Arm(_interval);
        Transaction.Respond(200, _answer);
    }

    private void GiveUp()
    {
        if (IsUnconfirmed) Fail(SessionEnd.NoAck);
    }

    private void Fail(SessionEnd end)
    {
        Stop();
        _owner.OnUnconfirmed(this, end);
    }

    private static byte[] ReliableLines(uint sequence)
    {
        using var draft = new MessageDraft();
        draft.Writer.Text(OptionTags.SupportedLine);
        draft.Writer.Text("Require: 100rel\r\nRSeq: "u8);
        draft.Writer.Number(sequence);
        draft.Writer.EndLine();
        return draft.ToArray();
    }

    /// <summary>A response that makes or keeps a dialog: with Record-Route, Contact and Allow (RFC 3261 12.1.1).</summary>
    private byte[] Write(int status, Dialog dialog, ReadOnlySpan<byte> lines, ReadOnlySpan<byte> sdp)
    {
        using var draft = new MessageDraft();
        ResponseWriter.Begin(draft.Writer, Request, _flow, status, SipStatus.ReasonOf(status), Transaction.ToTag);
        foreach (var route in Request.Values(HeaderId.RecordRoute)) RequestWriter.Header(draft.Writer, "Record-Route"u8, route);
        dialog.WriteContact(draft.Writer);
        draft.Writer.Text(lines);
        ResponseWriter.End(draft.Writer, sdp);
        return draft.ToArray();
    }
}
