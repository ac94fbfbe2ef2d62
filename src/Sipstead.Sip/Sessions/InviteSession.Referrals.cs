using System.Globalization;
using System.Text;
using Sipstead.Sip.Messages;
using Sipstead.Sip.Uas;
using Sipstead.Sip.Writing;

namespace Sipstead.Sip.Sessions;

/// <summary>REFER within the dialog, both ways, and the NOTIFYs that tell what came of it (RFC 3515). One at a time each way.</summary>
public abstract partial class InviteSession
{
    /// <summary>Seconds that a peer is promised to be told within; we are done far sooner.</summary>
    private const int ReferralSeconds = 60;

    /// <summary>A REFER of the peer that the user has not answered.</summary>
    private Exchange? _referral;

    /// <summary>CSeq of the peer's REFER of whose outcome it is still to be told.</summary>
    private uint? _toldOf;

    /// <summary>True while NOTIFYs about a REFER of ours may come.</summary>
    private bool _isReferring;

    /// <summary>
    /// Asks the peer to call somebody else. <see cref="ISessionListener.OnReferAnswered"/> follows, and when that was a 2xx,
    /// <see cref="ISessionListener.OnReferProgress"/>. Nothing happens while another REFER of ours is under way.
    /// </summary>
    public void Refer(string target) => Serial.Post(() =>
    {
        if (!IsEstablished || _byeSent || _isReferring) return;
        _isReferring = true;
        SendInDialog("REFER"u8.ToArray(), writer =>
        {
            writer.Text("Refer-To: <"u8);
            writer.Value(target);
            writer.Text(">\r\n"u8);
        }, "", "", OnReferResult);
    });

    /// <summary>Accepts the REFER that is pending: 202, and the peer is told that it is tried.</summary>
    public void AcceptRefer() => Serial.Post(() =>
    {
        if (_referral is not { } referral) return;
        _referral = null;
        using var draft = new MessageDraft();
        Dialog!.WriteContact(draft.Writer);
        referral.Answer(202, draft.Writer.Written);
        _toldOf = CSeqValue.NumberOf(referral.Message);
        Tell(100, "Trying");
    });

    /// <summary>Refuses the REFER that is pending; the call goes on.</summary>
    public void RejectRefer(int status) => Serial.Post(() =>
    {
        _referral?.Answer(status);
        _referral = null;
    });

    /// <summary>Tells the peer what came of the REFER that was accepted; a status from 200 on is the last one.</summary>
    public void TellReferrer(int status, string reason) => Serial.Post(() => Tell(status, reason));

    private void Tell(int status, string reason)
    {
        if (_toldOf is not { } refer || !IsEstablished || _byeSent) return;
        var isLast = status >= 200;
        if (isLast) _toldOf = null;
        SendInDialog("NOTIFY"u8.ToArray(), writer =>
        {
            writer.Text("Event: refer;id="u8);
            writer.Number(refer);
            writer.Text("\r\nSubscription-State: "u8);
            writer.Value(isLast ? "terminated;reason=noresource" : string.Create(CultureInfo.InvariantCulture, $"active;expires={ReferralSeconds}"));
            writer.EndLine();
        }, SipFrag.ContentType, string.Create(CultureInfo.InvariantCulture, $"SIP/2.0 {status} {reason}\r\n"), OnNotifyResult);
    }

    private void SendInDialog(byte[] method, Action<SipWriter> writeHeaders, string contentType, string body, Action<int> done)
    {
        new DialogRequest(Layer, Serial, Dialog!, Digest, method, Write, done) { ContentType = contentType, Body = Encoding.UTF8.GetBytes(body) }.Send();

        void Write(SipWriter writer)
        {
            writeHeaders(writer);
            Dialog!.WriteContact(writer);
        }
    }

    private void OnReferResult(int status)
    {
        if (status is < 200 or >= 300) _isReferring = false;
        OnInDialogResult(status);
        if (!IsOver) Listener?.OnReferAnswered(this, status);
    }

    /// <summary>Whoever does not want to be told any more is not (RFC 6665 4.2.2); the call goes on.</summary>
    private void OnNotifyResult(int status)
    {
        if (status >= 300) _toldOf = null;
        if (status == DialogRequest.TransportError) OnInDialogResult(status);
    }

    /// <summary>A REFER before the call is answered has nobody to refer; a second one waits for the first.</summary>
    private void ReceiveRefer(Exchange exchange)
    {
        if (!Referral.TryRead(exchange.Message, out var referral)) exchange.Answer(400);
        else if (!IsEstablished || Listener is null) exchange.Answer(603);
        else if (_referral is not null || _toldOf is not null) exchange.Answer(491);
        else
        {
            _referral = exchange;
            Listener.OnRefer(this, referral);
        }
    }

    /// <summary>Only of a REFER of ours is anything to be told (RFC 6665 4.1.3).</summary>
    private void ReceiveNotify(Exchange exchange)
    {
        var message = exchange.Message;
        if (!_isReferring || !Ascii.EqualsIgnoreCase(BodyRules.TypeOf(message.Value(HeaderId.Event)), "refer"u8))
        {
            exchange.Answer(481);
            return;
        }

        exchange.Answer(200);
        var isKnown = SipFrag.TryReadStatus(message.Body, out var status);
        var isLast = status >= 200 || IsTerminated(message);
        if (isLast) _isReferring = false;
        if (isKnown || isLast) Listener?.OnReferProgress(this, status, isLast);
    }

    private static bool IsTerminated(SipMessage notify) =>
        Ascii.EqualsIgnoreCase(BodyRules.TypeOf(notify.Value(HeaderId.SubscriptionState)), "terminated"u8);

    private void StopReferrals()
    {
        _referral?.Answer(487);
        _referral = null;
        _toldOf = null;
        _isReferring = false;
    }
}
