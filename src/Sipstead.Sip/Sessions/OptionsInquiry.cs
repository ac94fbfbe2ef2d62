using Sipstead.Sip.Messages;
using Sipstead.Sip.Transactions;
using Sipstead.Sip.Transport;
using Sipstead.Sip.Uas;
using Sipstead.Sip.Writing;

namespace Sipstead.Sip.Sessions;

/// <summary>What came of an OPTIONS request of ours.</summary>
/// <param name="IsSent">False when there was no way for it.</param>
/// <param name="Response">The final response; null when none came in time.</param>
public sealed record OptionsAnswer(bool IsSent, SipMessage? Response);

/// <summary>Asks a peer for its capabilities, outside of any dialog (RFC 3261 11.1). A challenge is an answer as any other.</summary>
internal sealed class OptionsInquiry(SessionLayer layer, SerialQueue serial) : IClientTransactionUser
{
    private readonly TaskCompletionSource<OptionsAnswer> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <param name="uri">Request-URI and To.</param>
    /// <param name="patience">Ends the wait, and the repeats.</param>
    public async Task<OptionsAnswer> SendAsync(string uri, SipFlow flow, CancellationToken patience)
    {
        var branch = SessionLayer.NextRandom();
        var transaction = layer.Send(serial, flow, Write(uri, layer.SentByFor(flow, host: null, user: null), flow, branch), branch, this);
        await using (patience.Register(() => serial.Post(() => GiveUp(transaction))).ConfigureAwait(false))
        {
            return await _answer.Task.ConfigureAwait(false);
        }
    }

    public void OnResponse(SipMessage response, in SipFlow flow)
    {
        if (response.StatusCode >= 200) _answer.TrySetResult(new OptionsAnswer(IsSent: true, response));
    }

    public void OnTimeout() => _answer.TrySetResult(new OptionsAnswer(IsSent: true, Response: null));

    public void OnTransportError() => _answer.TrySetResult(new OptionsAnswer(IsSent: false, Response: null));

    private void GiveUp(OutgoingTransaction transaction)
    {
        transaction.Terminate();
        OnTimeout();
    }

    private static byte[] Write(string uri, SentBy sentBy, in SipFlow flow, ulong branch)
    {
        using var draft = new MessageDraft();
        var writer = draft.Writer;
        writer.Text("OPTIONS "u8);
        writer.Value(uri);
        writer.Text(" SIP/2.0\r\n"u8);
        sentBy.WriteVia(writer, flow, branch);
        writer.Text(RequestWriter.MaxForwardsLine);
        writer.Text("From: <sip:"u8);
        sentBy.WriteHostPort(writer, flow);
        writer.Text(">;tag="u8);
        writer.Hex(SessionLayer.NextRandom());
        writer.Text("\r\nTo: <"u8);
        writer.Value(uri);
        writer.Text(">\r\nCall-ID: "u8);
        writer.Hex(SessionLayer.NextRandom());
        writer.Hex(SessionLayer.NextRandom());
        writer.EndLine();
        RequestWriter.CSeq(writer, 1, "OPTIONS"u8);
        sentBy.WriteContact(writer, flow);
        writer.Text(RequestWriter.AllowLine);
        writer.Text(BodyRules.AcceptLines);
        writer.Text("User-Agent: Sipstead\r\n"u8);
        ResponseWriter.End(writer);
        return draft.ToArray();
    }
}
