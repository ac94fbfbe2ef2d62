using Sipstead.Sip.Messages;
using Sipstead.Sip.Transactions;
using Sipstead.Sip.Transport;
using Sipstead.Sip.Uas;
using Sipstead.Sip.Writing;

namespace Sipstead.Sip.Sessions;

/// <summary>A non-INVITE request of a dialog, and the way to answer it.</summary>
internal readonly record struct Exchange(SipMessage Message, SipFlow Flow, ServerTransaction Transaction)
{
    public void Answer(int status) => Answer(status, default);

    /// <summary>Answers OPTIONS as an INVITE would be: this call takes what any takes (RFC 3261 11.2).</summary>
    public void AnswerOptions()
    {
        using var draft = new MessageDraft();
        draft.Writer.Text(RequestWriter.AllowLine);
        draft.Writer.Text(BodyRules.AcceptLines);
        draft.Writer.Text(SipExtensions.SupportedLine);
        Answer(200, draft.Writer.Written);
    }

    public void AnswerNotAllowed(int status) => Answer(status, RequestWriter.AllowLine);

    private void Answer(int status, ReadOnlySpan<byte> lines)
    {
        using var draft = new MessageDraft();
        ResponseWriter.Begin(draft.Writer, Message, Flow, status, SipStatus.ReasonOf(status), 0);
        draft.Writer.Text(lines);
        ResponseWriter.End(draft.Writer);
        Transaction.Respond(status, draft.ToArray());
    }
}
