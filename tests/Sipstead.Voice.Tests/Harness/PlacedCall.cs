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

    /// <summary>Sends a request in the dialog that the answer made.</summary>
    public void SendInDialog(MessageText answer, string method, string body = "") => Send(method, $"{++_cseq} ", answer.One("To"), Phone.NextVia(), body);

    private void Send(string method, string cseq, string to, string via, string body = "") => Harness.Deliver(
        new RequestText
        {
            Method = method, Uri = Invite.Uri, Via = via, From = Invite.One("From"), To = to, CallId = Invite.One("Call-ID"),
            CSeq = $"{cseq.Split(' ')[0]} {method}", Headers = Phone.HeadersFor(body), Body = body,
        }.ToString(), Phone.Flow);
}
