using Sipstead.Sip.Messages;
using Sipstead.Sip.Sessions;

namespace Sipstead.Sip.Uas;

/// <summary>The checks of headers that requests of several methods share (RFC 3261 8.2.2.3, 8.2.3; RFC 4028 9). They write the refusal.</summary>
internal static class RequestChecks
{
    /// <summary>True when what is required is supported, the body is understood, and ours would be taken.</summary>
    public static bool IsAcceptable(in SipRequest request, in SipResponder responder)
    {
        var message = request.Message;
        if (!AreExtensionsSupported(message, responder)) return false;
        if (!message.Body.IsEmpty && !BodyRules.IsUnderstood(message)) return Refuse(415, BodyRules.AcceptLines, responder);
        return request.Method != SipMethod.Invite || BodyRules.AcceptsSdp(message) || Refuse(406, BodyRules.AcceptLines, responder);
    }

    /// <summary>The same for a request of a dialog. INFO is judged by its session: it carries what its packages say (RFC 6086).</summary>
    public static bool IsAcceptableInDialog(in SipRequest request, in SipResponder responder)
    {
        var carriesSdp = request.Method is SipMethod.Invite or SipMethod.Update or SipMethod.Prack;
        var isAcceptable = carriesSdp ? IsAcceptable(request, responder) : AreExtensionsSupported(request.Message, responder);
        return isAcceptable && (request.Method is not (SipMethod.Invite or SipMethod.Update) || IsIntervalAcceptable(request.Message, responder));
    }

    /// <summary>True when the session interval is none, or one that can be kept. A peer that knows no 422 is not refused with it (RFC 4028 9).</summary>
    public static bool IsIntervalAcceptable(SipMessage message, in SipResponder responder)
    {
        if (!message.Has(HeaderId.SessionExpires)) return true;
        if (!SessionExpires.TryRead(message, out var wish))
        {
            responder.Send(400, "Bad Session-Expires Header"u8);
            return false;
        }

        return wish.Seconds >= SessionExpires.Minimum || !OptionTags.Has(message, HeaderId.Supported, OptionTags.Timer)
            || Refuse(422, SessionExpires.MinimumLine, responder);
    }

    private static bool AreExtensionsSupported(SipMessage message, in SipResponder responder)
    {
        foreach (var tag in message.Values(HeaderId.Require))
        {
            if (!tag.IsEmpty && !OptionTags.IsSupported(tag, message.Method)) return RefuseExtensions(message, responder);
        }

        return true;
    }

    /// <summary>Names exactly the extensions that are not supported (RFC 3261 8.2.2.3).</summary>
    private static bool RefuseExtensions(SipMessage message, in SipResponder responder)
    {
        var writer = responder.Begin(420);
        writer.Text("Unsupported: "u8);
        var first = true;
        foreach (var tag in message.Values(HeaderId.Require))
        {
            if (tag.IsEmpty || OptionTags.IsSupported(tag, message.Method)) continue;
            if (!first) writer.Text(", "u8);
            writer.Value(tag);
            first = false;
        }

        writer.EndLine();
        responder.End();
        return false;
    }

    private static bool Refuse(int status, ReadOnlySpan<byte> lines, in SipResponder responder)
    {
        var writer = responder.Begin(status);
        writer.Text(lines);
        responder.End();
        return false;
    }
}
