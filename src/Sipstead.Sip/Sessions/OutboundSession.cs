using System.Text;
using Sipstead.Sip.Dialogs;
using Sipstead.Sip.Messages;
using Sipstead.Sip.Parsing;
using Sipstead.Sip.Transactions;
using Sipstead.Sip.Transport;
using Sipstead.Sip.Writing;

namespace Sipstead.Sip.Sessions;

/// <summary>A call that we make (RFC 3261 13.2). Redirections and challenges fail it: they are for the user to judge.</summary>
public sealed class OutboundSession : InviteSession, IClientTransactionUser
{
    /// <summary>Answers of other branches that are acknowledged and ended; further ones time out at their senders.</summary>
    private const int MaxForks = 8;

    private readonly SentBy _sentBy;
    private readonly SipTimer _cancelTimer;
    private readonly Dictionary<UInt128, byte[]> _acks = [];
    private ClientInviteTransaction? _invite;
    private bool _hasProvisional, _cancelWanted, _cancelSent, _isAnswered;

    internal OutboundSession(SessionLayer layer, OutboundInvite invite, in SipFlow flow, ISessionListener listener)
        : base(layer, invite.CallId ?? $"{SessionLayer.NextRandom():x16}{SessionLayer.NextRandom():x16}", flow, invite.Trace)
    {
        Listener = listener;
        _sentBy = layer.SentByFor(flow, invite.LocalHost, invite.ContactUser);
        _cancelTimer = layer.Transactions.CreateTimer(Serial, OnCancelTimeout);
    }

    /// <summary>
    /// Gives the call up. The CANCEL waits for a provisional response (RFC 3261 9.1); a 2xx that crosses it is acknowledged and ended at once. In any case
    /// <see cref="ISessionListener.OnFailed"/> follows. Does nothing once answered.
    /// </summary>
    public void Cancel() => Serial.Post(Abandon);

    /// <summary>Sends the INVITE, or fails at once.</summary>
    internal void Start(OutboundInvite invite) => Serial.Post(() =>
    {
        var branch = SessionLayer.NextRandom();
        var request = new SipMessage();
        var octets = Write(invite, branch);
        if (Layer.IsFull) Fail(503, null);
        else if (!SipParser.TryParseDatagram(octets, 0, octets.Length, request) || !SipRequest.TryRead(request, out _, out _)) Fail(400, null);
        else Send(request.Copy(), branch);
    });

    void IClientTransactionUser.OnResponse(SipMessage response, in SipFlow flow)
    {
        if (response.StatusCode < 200) ReceiveProvisional(response);
        else if (response.StatusCode < 300) ReceiveAnswer(response, flow);
        else Fail(response.StatusCode, response);
    }

    void IClientTransactionUser.OnTimeout() => Fail(_cancelWanted ? 487 : 408, null);

    void IClientTransactionUser.OnTransportError() => Fail(503, null);

    private protected override bool OwnsCallId => true;

    private protected override void Abandon()
    {
        if (IsOver || _isAnswered || _cancelWanted) return;
        _cancelWanted = true;
        if (_hasProvisional) SendCancel();
    }

    private byte[] Write(OutboundInvite invite, ulong branch)
    {
        using var draft = new MessageDraft();
        var writer = draft.Writer;
        var flow = Flow;
        RequestWriter.Begin(writer, "INVITE"u8, Encoding.UTF8.GetBytes(invite.RequestUri));
        _sentBy.WriteVia(writer, flow, branch);
        foreach (var route in invite.Routes) WriteHeader(writer, "Route", route);
        writer.Text(RequestWriter.MaxForwardsLine);
        writer.Text("From: "u8);
        writer.Value(invite.From);
        writer.Text(";tag="u8);
        writer.Hex(SessionLayer.NextRandom());
        writer.EndLine();
        WriteHeader(writer, "To", invite.To);
        WriteHeader(writer, "Call-ID", CallId);
        RequestWriter.CSeq(writer, 1, "INVITE"u8);
        _sentBy.WriteContact(writer, flow);
        writer.Text(RequestWriter.AllowLine);
        foreach (var (name, value) in invite.Headers) WriteHeader(writer, name, value);
        ResponseWriter.End(writer, invite.Body.Span);
        return draft.ToArray();
    }

    private static void WriteHeader(SipWriter writer, string name, string value)
    {
        writer.Value(name);
        writer.Text(": "u8);
        writer.Value(value);
        writer.EndLine();
    }

    private void Send(SipMessage request, ulong branch)
    {
        _invite = new ClientInviteTransaction(Layer.Transactions, Serial, Flow, request, branch, this);
        Layer.Transactions.Add(_invite);
        _invite.Start();
    }

    private void ReceiveProvisional(SipMessage response)
    {
        _hasProvisional = true;
        if (_cancelWanted) SendCancel();
        else if (response.StatusCode > 100 && !IsOver) Listener!.OnProvisional(this, response.StatusCode, response.BodyMemory);
    }

    /// <summary>Each 2xx is acknowledged, a repeat with the same ACK; all but the first, and any that crossed a CANCEL, are ended (DLG-06).</summary>
    private void ReceiveAnswer(SipMessage message, in SipFlow flow)
    {
        if (!SipResponse.TryRead(message, out var response)) return;
        var dialog = Dialogs.Dialog.OfResponse(_sentBy, _invite!.Request, response, flow);
        if (_acks.TryGetValue(dialog.Key, out var sent))
        {
            Layer.Transactions.Send(Serial, flow, sent);
            return;
        }

        if (_acks.Count > MaxForks) return;
        var isSent = Acknowledge(dialog);
        if (_isAnswered || IsOver || _cancelWanted || !TryTake(dialog)) Refuse(dialog);
        else Answer(message, isSent || !flow.Transport.IsStream());
    }

    private void Answer(SipMessage response, bool isConnected)
    {
        _isAnswered = true;
        Establish();
        Listener!.OnAnswered(this, response.BodyMemory, response);
        if (!isConnected) End(SessionEnd.TransportFailed);
    }

    /// <summary>Ends the dialog of an answer that nobody wants any more.</summary>
    private void Refuse(Dialog dialog)
    {
        using var draft = new MessageDraft();
        var branch = SessionLayer.NextRandom();
        dialog.Begin(draft.Writer, "BYE"u8, dialog.NextSequence(), branch);
        ResponseWriter.End(draft.Writer);
        Layer.Send(Serial, dialog.Flow, draft.ToArray(), branch, new FinalResponse(null));
        Fail(487, null);
    }

    private bool Acknowledge(Dialog dialog)
    {
        using var draft = new MessageDraft();
        dialog.Begin(draft.Writer, "ACK"u8, dialog.LocalSequence, SessionLayer.NextRandom());
        ResponseWriter.End(draft.Writer);
        var ack = draft.ToArray();
        _acks[dialog.Key] = ack;
        return Layer.Transactions.Send(Serial, dialog.Flow, ack);
    }

    private void SendCancel()
    {
        if (_cancelSent || _invite is null) return;
        _cancelSent = true;
        _cancelTimer.Arm(TimerValues.Timeout); // a peer that never answers the INVITE after that is not waited for (RFC 3261 9.1)
        Layer.Send(Serial, _invite.Flow, RequestWriter.Cancel(_invite.Request), _invite.Branch, new FinalResponse(null));
    }

    private void OnCancelTimeout()
    {
        _invite?.Terminate();
        Fail(487, null);
    }

    /// <summary>Tells once that there will be no call.</summary>
    private void Fail(int status, SipMessage? response)
    {
        if (IsOver || _isAnswered) return;
        _cancelTimer.Stop();
        Close();
        var reason = response is { Reason.Length: > 0 } ? response.Reason : SipStatus.ReasonOf(status);
        TakeListener()!.OnFailed(this, status, Encoding.UTF8.GetString(reason), response);
    }
}
