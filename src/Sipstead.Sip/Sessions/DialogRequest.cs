using Sipstead.Sip.Dialogs;
using Sipstead.Sip.Digest;
using Sipstead.Sip.Messages;
using Sipstead.Sip.Transactions;
using Sipstead.Sip.Transport;
using Sipstead.Sip.Writing;

namespace Sipstead.Sip.Sessions;

/// <summary>
/// A request of ours within a dialog that offers nothing, such as BYE: sent again with credentials where the far end may ask for them. Runs on its session's
/// serial queue.
/// </summary>
/// <param name="digest">Meets challenges; null to meet none.</param>
/// <param name="writeHeaders">Writes header lines of its own.</param>
/// <param name="done">Hears of the final status; no answer in time counts as 408.</param>
internal sealed class DialogRequest(
    SessionLayer layer, SerialQueue serial, Dialog dialog, DigestClient? digest, byte[] method, Action<SipWriter>? writeHeaders = null, Action<int>? done = null)
    : IClientTransactionUser
{
    /// <summary>Stands for the status of a request that could not be sent; no peer can send it.</summary>
    public const int TransportError = 0;

    private readonly ChallengedRequest? _challenged = digest is null ? null : new(digest);

    public string ContentType { get; init; } = "";

    public ReadOnlyMemory<byte> Body { get; init; }

    public void Send()
    {
        using var draft = new MessageDraft();
        var branch = SessionLayer.NextRandom();
        dialog.Begin(draft.Writer, method, dialog.NextSequence(), branch);
        writeHeaders?.Invoke(draft.Writer);
        _challenged?.Write(draft.Writer, method, dialog.RequestUri, Body.Span);
        ResponseWriter.End(draft.Writer, ContentType, Body.Span);
        if (draft.Writer.Overflowed) done?.Invoke(413); // no transport carries it; the call goes on
        else layer.Send(serial, dialog.Flow, draft.ToArray(), branch, this);
    }

    public void OnResponse(SipMessage response, in SipFlow flow)
    {
        if (response.StatusCode < 200) return;
        if (_challenged?.TryMeet(response, flow) == true) Send();
        else done?.Invoke(response.StatusCode);
    }

    public void OnTimeout() => done?.Invoke(408);

    public void OnTransportError() => done?.Invoke(TransportError);
}
