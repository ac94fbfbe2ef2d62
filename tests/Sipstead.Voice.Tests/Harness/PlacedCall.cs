using Sipstead.Sip.Transport;
using Sipstead.Testing.Sip;

namespace Sipstead.Voice.Tests.Harness;

/// <summary>A call that a phone has placed.</summary>
/// <param name="Refusal">The answer without a transaction, such as 404; null when the call was taken up.</param>
internal sealed record PlacedCall(ScriptedPhone Phone, VoiceHarness Harness, MessageText Invite, MessageText? Refusal)
{
    private int _cseq = int.Parse(Invite.One("CSeq").Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Waits for a response to the INVITE; one other than 2xx is acknowledged, as the transaction does.</summary>
    public async Task<MessageText> ExpectAsync(int status)
    {
        var response = await Phone.ExpectAsync($"{status} INVITE");
        if (status >= 300) Send("ACK", Invite.One("CSeq"), response.One("To"), Invite.One("Via"));
        return response;
    }

    /// <summary>Waits until the call is answered and acknowledges that.</summary>
    public async Task<MessageText> ConfirmAsync(string sdp = "")
    {
        var response = await ExpectAsync(200);
        Acknowledge(response, sdp);
        return response;
    }

    public void Acknowledge(MessageText response, string sdp = "") => Send("ACK", response.One("CSeq"), response.One("To"), Phone.NextVia(), sdp);

    public void Cancel() => Send("CANCEL", Invite.One("CSeq"), Invite.One("To"), Invite.One("Via"));

    /// <summary>Sends a request in the dialog that a response made.</summary>
    /// <param name="headers">Header lines besides Contact; the type of SDP for a body when not set.</param>
    public void SendInDialog(MessageText response, string method, string body = "", string? headers = null, SipFlow? from = null) =>
        Send(method, $"{++_cseq} ", response.One("To"), Phone.NextVia(), body, headers, from);

    private void Send(string method, string cseq, string to, string via, string body = "", string? headers = null, SipFlow? from = null) => Harness.Deliver(
        new RequestText
        {
            Method = method, Uri = Invite.Uri, Via = via, From = Invite.One("From"), To = to, CallId = Invite.One("Call-ID"),
            CSeq = $"{cseq.Split(' ')[0]} {method}", Headers = headers is null ? Phone.HeadersFor(body) : Phone.HeadersFor("") + headers, Body = body,
        }.ToString(), from ?? Phone.Flow);
}
