using Sipstead.Sip.Dialogs;
using Sipstead.Sip.Messages;
using Sipstead.Sip.Transactions;
using Sipstead.Sip.Transport;
using Sipstead.Sip.Uas;
using Sipstead.Sip.Writing;

namespace Sipstead.Sip.Sessions;

/// <summary>A non-INVITE request of a dialog, and the way to answer it.</summary>
/// <param name="DialogKey">The dialog that it names.</param>
internal sealed record Exchange(SipMessage Message, SipFlow Flow, ServerTransaction Transaction, UInt128 DialogKey)
{
    public SipMethod Method => Message.Method;

    public void Answer(int status) => Answer(status, default, default);

    /// <summary>Answers OPTIONS as an INVITE would be: this call takes what any takes (RFC 3261 11.2).</summary>
    public void AnswerOptions()
    {
        using var draft = new MessageDraft();
        draft.Writer.Text(RequestWriter.AllowLine);
        draft.Writer.Text(BodyRules.AcceptLines);
        draft.Writer.Text(OptionTags.AllSupportedLine);
        Answer(200, draft.Writer.Written, default);
    }

    public void AnswerNotAllowed(int status) => Answer(status, RequestWriter.AllowLine, default);

    /// <summary>Refuses with header lines of its own.</summary>
    public void Answer(int status, ReadOnlySpan<byte> lines) => Answer(status, lines, default);

    /// <summary>Refuses with one header line, or none.</summary>
    public void Refuse(int status, string name, string? value)
    {
        using var draft = new MessageDraft();
        if (value is not null)
        {
            draft.Writer.Value(name);
            draft.Writer.Text(": "u8);
            draft.Writer.Value(value);
            draft.Writer.EndLine();
        }

        Answer(status, draft.Writer.Written, default);
    }

    /// <summary>Asks to come again within ten seconds (RFC 3311 5.2).</summary>
    public void AskToRepeat() => Refuse(500, "Retry-After", SessionLayer.NextRetryAfter());

    /// <summary>Accepts, with SDP where there is any; UPDATE gets Contact and the lines of the session timer.</summary>
    public void Accept(Dialog dialog, ReadOnlySpan<byte> lines, ReadOnlySpan<byte> sdp)
    {
        using var draft = new MessageDraft();
        if (Method == SipMethod.Update) dialog.WriteContact(draft.Writer);
        draft.Writer.Text(lines);
        Answer(200, draft.Writer.Written, sdp);
    }

    private void Answer(int status, ReadOnlySpan<byte> lines, ReadOnlySpan<byte> sdp)
    {
        using var draft = new MessageDraft();
        ResponseWriter.Begin(draft.Writer, Message, Flow, status, SipStatus.ReasonOf(status), 0);
        draft.Writer.Text(lines);
        ResponseWriter.End(draft.Writer, sdp);
        Transaction.Respond(status, draft.ToArray());
    }
}
