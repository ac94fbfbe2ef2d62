using System.Text;
using Sipstead.Sip.Dialogs;
using Sipstead.Sip.Digest;
using Sipstead.Sip.Locating;
using Sipstead.Sip.Messages;
using Sipstead.Sip.Parsing;
using Sipstead.Sip.Transactions;
using Sipstead.Sip.Transport;
using Sipstead.Sip.Uas;
using Sipstead.Sip.Writing;

namespace Sipstead.Sip.Sessions;

/// <summary>
/// A call that we make (RFC 3261 13.2). Redirections fail it, and so do challenges where the INVITE brings no login: they are for the user to judge.
/// </summary>
public sealed class OutboundSession : InviteSession, IClientTransactionUser
{
    /// <summary>Answers of other branches that are acknowledged and ended; further ones time out at their senders.</summary>
    private const int MaxForks = 8;

    /// <summary>INVITEs that are sent in all, when each is answered with a longer session interval (422).</summary>
    private const int MaxTries = 3;

    private readonly SentBy _sentBy;
    private readonly INextHops? _nextHops;
    private readonly SipTimer _cancelTimer;
    private readonly ulong _localTag = SessionLayer.NextRandom();
    private readonly EarlyDialogs _early;
    private readonly Dictionary<UInt128, byte[]> _acks = [];
    private OutboundInvite? _wish;
    private ChallengedRequest? _challenged;
    private byte[] _credentials = [];
    private ClientInviteTransaction? _invite;
    private string? _cancelReason;
    private uint _sequence;
    private int _tries = 1;
    private volatile bool _hasProvisional;
    private bool _cancelWanted, _cancelSent, _isAnswered;

    internal OutboundSession(SessionLayer layer, OutboundInvite invite, in SipFlow flow, ISessionListener listener)
        : base(layer, invite.CallId ?? $"{SessionLayer.NextRandom():x16}{SessionLayer.NextRandom():x16}", flow, invite.Trace)
    {
        Listener = listener;
        _nextHops = invite.NextHops;
        _wish = invite;
        _early = new EarlyDialogs(layer, this);
        _sentBy = layer.SentByFor(flow, invite.LocalHost, invite.ContactUser);
        Digest = invite.Login is null ? null : new DigestClient(invite.Login, flow.Source);
        _challenged = Digest is null ? null : new ChallengedRequest(Digest, isInvite: true);
        _cancelTimer = layer.Transactions.CreateTimer(Serial, OnCancelTimeout);
    }

    /// <summary>True once the far end has said anything at all, be it 100.</summary>
    public bool IsProceeding => _hasProvisional;

    /// <summary>
    /// Gives the call up. The CANCEL waits for a provisional response (RFC 3261 9.1); a 2xx that crosses it is acknowledged and ended at once. In any case
    /// <see cref="ISessionListener.OnFailed"/> follows. Does nothing once answered.
    /// </summary>
    /// <param name="reason">Value of a Reason header, such as <c>SIP;cause=200;text="Call completed elsewhere"</c> (RFC 3326).</param>
    public void Cancel(string? reason = null) => Serial.Post(() =>
    {
        _cancelReason ??= reason;
        Abandon();
    });

    /// <summary>Sends the INVITE, or fails at once.</summary>
    internal void Start() => Serial.Post(() =>
    {
        if (Layer.IsFull) Fail(503, null);
        else Send();
    });

    /// <summary>Octets that the INVITE has, with credentials where they may be asked for.</summary>
    internal int SizeOf(OutboundInvite invite) => Write(invite, 0).Length + (_challenged is null ? 0 : ChallengedRequest.TypicalLength);

    void IClientTransactionUser.OnResponse(SipMessage response, in SipFlow flow)
    {
        if (response.StatusCode < 200) ReceiveProvisional(response, flow);
        else if (response.StatusCode < 300) ReceiveAnswer(response, flow);
        else if (IsToBeSentAgain(response, flow)) Send();
        else Fail(response.StatusCode, response);
    }

    void IClientTransactionUser.OnTimeout() => Fail(_cancelWanted ? 487 : 408, null);

    void IClientTransactionUser.OnTransportError() => Fail(503, null);

    private protected override bool OwnsCallId => true;

    private protected override bool HasOpenInvite => !_isAnswered;

    private protected override Dialog? EarlyDialogToOffer => !_cancelWanted && _early.Only is { Answer.IsEmpty: false } early ? early.Dialog : null;

    private protected override Dialog? DialogOf(UInt128 key) => Dialog?.Key == key ? Dialog : _early.Find(key)?.Dialog;

    private protected override bool IsOfferOpen(Dialog dialog) =>
        base.IsOfferOpen(dialog) || (!_isAnswered && _early.Find(dialog.Key) is not { Answer.IsEmpty: false });

    private protected override void Close()
    {
        base.Close();
        _early.Release();
        _wish = null;
        _challenged = null;
    }

    private protected override void Abandon()
    {
        if (IsOver || _isAnswered || _cancelWanted) return;
        _cancelWanted = true;
        if (_hasProvisional) SendCancel();
    }

    /// <summary>True when the INVITE was refused for its session interval (RFC 4028 7.3), or for want of credentials (RFC 3261 22.2), and can be mended.</summary>
    private bool IsToBeSentAgain(SipMessage response, in SipFlow flow)
    {
        if (_wish is null || IsOver || _isAnswered || _cancelWanted) return false;
        if (_challenged?.TryMeet(response, flow) == true) return true;
        return response.StatusCode == 422 && _tries++ < MaxTries && Timer.TryRaise(response);
    }

    private byte[] Write(OutboundInvite invite, ulong branch)
    {
        using var draft = new MessageDraft();
        var writer = draft.Writer;
        var flow = Flow;
        var uri = Encoding.UTF8.GetBytes(invite.RequestUri);
        RequestWriter.Begin(writer, "INVITE"u8, uri);
        _sentBy.WriteVia(writer, flow, branch);
        foreach (var route in invite.Routes) WriteHeader(writer, "Route", route);
        writer.Text("Max-Forwards: "u8);
        writer.Number(invite.MaxForwards);
        writer.Text("\r\nFrom: "u8);
        writer.Value(invite.From);
        writer.Text(";tag="u8);
        writer.Hex(_localTag);
        writer.EndLine();
        WriteHeader(writer, "To", invite.To);
        WriteHeader(writer, "Call-ID", CallId);
        RequestWriter.CSeq(writer, _sequence, "INVITE"u8);
        _sentBy.WriteContact(writer, flow);
        writer.Text(RequestWriter.AllowLine);
        Timer.WriteRequest(writer);
        _credentials = _challenged?.Write(writer, "INVITE"u8, uri, invite.Body.Span) ?? [];
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

    /// <summary>Sends the INVITE, each time with the next number.</summary>
    private void Send()
    {
        _sequence++;
        _hasProvisional = false;
        _early.Clear();
        var branch = SessionLayer.NextRandom();
        var request = new SipMessage();
        var octets = Write(_wish!, branch);
        if (!SipParser.TryParseDatagram(octets, 0, octets.Length, request) || !SipRequest.TryRead(request, out _, out _)) Fail(400, null);
        else Send(request.Copy(), branch);
    }

    private void Send(SipMessage request, ulong branch)
    {
        _invite = new ClientInviteTransaction(Layer.Transactions, Serial, Flow, request, branch, this);
        Layer.Transactions.Add(_invite);
        _invite.Start();
    }

    private void ReceiveProvisional(SipMessage message, in SipFlow flow)
    {
        _hasProvisional = true;
        if (_cancelWanted) SendCancel();
        else if (message.StatusCode > 100 && !IsOver && !_isAnswered && SipResponse.TryRead(message, out var response)) ReceiveProgress(response, flow);
    }

    /// <summary>A reliable response is acknowledged, one that comes again or too early is not taken (RFC 3262 4).</summary>
    private void ReceiveProgress(in SipResponse response, in SipFlow flow)
    {
        var message = response.Message;
        LearnMethods(message);
        var early = response.To.Tag.IsEmpty ? null : _early.Take(Dialogs.Dialog.OfResponse(_sentBy, _invite!.Request, response, flow));
        if (OptionTags.Has(message, HeaderId.Require, OptionTags.Reliable))
        {
            if (early is null || !SipNumber.TryParse(message.Value(HeaderId.RSeq), uint.MaxValue, out var sequence) || !early.TryTake((uint)sequence)) return;
            if (early.Answer.IsEmpty) early.Answer = message.BodyMemory;
            Acknowledge(early.Dialog, sequence, response.CSeq);
        }

        Listener!.OnProvisional(this, message.StatusCode, message.BodyMemory);
    }

    /// <summary>Sends the PRACK; whatever becomes of it, the INVITE goes on.</summary>
    private void Acknowledge(Dialog dialog, ulong sequence, uint invite)
    {
        new DialogRequest(Layer, Serial, dialog, Digest, "PRACK"u8.ToArray(), WriteAcknowledged).Send();

        void WriteAcknowledged(SipWriter writer)
        {
            writer.Text("RAck: "u8);
            writer.Number((long)sequence);
            writer.Text(" "u8);
            writer.Number(invite);
            writer.Text(" INVITE\r\n"u8);
        }
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
        if (_nextHops is null || dialog.NextHop is not { } hop) Settle(dialog, message, response.CSeq);
        else _ = LocateAsync(_nextHops, hop, dialog, message, response.CSeq);
    }

    /// <summary>Finds the way that the ACK takes, and all requests behind it. Repeats of the 2xx are not answered until then.</summary>
    private async Task LocateAsync(INextHops nextHops, SipDestination hop, Dialog dialog, SipMessage message, uint invite)
    {
        _acks[dialog.Key] = [];
        var found = await nextHops.FindAsync(hop, dialog.Flow).ConfigureAwait(false);
        Serial.Post(() =>
        {
            if (found is { } flow) dialog.LeaveBy(flow);
            Settle(dialog, message, invite);
        });
    }

    private void Settle(Dialog dialog, SipMessage message, uint invite)
    {
        var isSent = Acknowledge(dialog, invite);
        var early = _early.Find(dialog.Key);
        var answer = early?.Answer ?? default;
        if (early is not null)
        {
            early.Dialog.Confirm(dialog);
            dialog = early.Dialog;
        }

        if (_isAnswered || IsOver || _cancelWanted || !TryTake(dialog, isKnown: early is not null)) Refuse(dialog);
        else Answer(message, answer.IsEmpty ? message.BodyMemory : answer, isSent || !dialog.Flow.Transport.IsStream());
    }

    /// <summary>Goes on with the dialog of the answer; all others are over (RFC 3261 13.2.2.4).</summary>
    private bool TryTake(Dialog dialog, bool isKnown)
    {
        _early.Release(kept: dialog.Key);
        if (!isKnown) return TryTake(dialog);
        Adopt(dialog);
        return true;
    }

    private void Answer(SipMessage response, ReadOnlyMemory<byte> answer, bool isConnected)
    {
        _isAnswered = true;
        _wish = null;
        LearnMethods(response);
        Establish();
        Timer.Learn(response);
        Listener!.OnAnswered(this, answer, response);
        if (!isConnected) End(SessionEnd.TransportFailed);
    }

    /// <summary>Ends the dialog of an answer that nobody wants any more.</summary>
    private void Refuse(Dialog dialog)
    {
        new DialogRequest(Layer, Serial, dialog, Digest, "BYE"u8.ToArray()).Send();
        Fail(487, null);
    }

    private bool Acknowledge(Dialog dialog, uint invite)
    {
        using var draft = new MessageDraft();
        dialog.Begin(draft.Writer, "ACK"u8, invite, SessionLayer.NextRandom());
        draft.Writer.Text(_credentials);
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
        Layer.Send(Serial, _invite.Flow, RequestWriter.Cancel(_invite.Request, _cancelReason), _invite.Branch, IgnoredResponse.Instance);
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
        PeerReason = response is null ? null : ReasonOf(response);
        Close();
        var reason = response is { Reason.Length: > 0 } ? response.Reason : SipStatus.ReasonOf(status);
        TakeListener()!.OnFailed(this, status, Encoding.UTF8.GetString(reason), response);
    }
}
