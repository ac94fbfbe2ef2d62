using Sipstead.Sip.Messages;

namespace Sipstead.Sip.Uas;

/// <summary>The checks of headers that requests of several methods share (RFC 3261 8.2.2.3, 8.2.3). They write the refusal.</summary>
internal static class RequestChecks
{
    /// <summary>True when each extension that is required is supported and the body is understood.</summary>
    public static bool IsAcceptable(in SipRequest request, in SipResponder responder)
    {
        if (RequiresUnsupported(request.Message)) return RefuseExtensions(request.Message, responder);
        if (request.Message.Body.IsEmpty || BodyRules.IsUnderstood(request.Message)) return true;
        var writer = responder.Begin(415);
        writer.Text(BodyRules.AcceptLines);
        responder.End();
        return false;
    }

    /// <summary>The same for a request of a dialog, where only that of an INVITE must be SDP: INFO carries what its packages say (RFC 6086).</summary>
    public static bool IsAcceptableInDialog(in SipRequest request, in SipResponder responder)
    {
        if (request.Method == SipMethod.Invite) return IsAcceptable(request, responder);
        return !RequiresUnsupported(request.Message) || RefuseExtensions(request.Message, responder);
    }

    private static bool RequiresUnsupported(SipMessage message)
    {
        foreach (var tag in message.Values(HeaderId.Require))
        {
            if (IsUnsupported(tag)) return true;
        }

        return false;
    }

    /// <summary>An empty list element is no tag.</summary>
    private static bool IsUnsupported(ReadOnlySpan<byte> tag) => !tag.IsEmpty && SipExtensions.Find(tag) == SipExtension.None;

    /// <summary>420 that names each tag that is not supported (RFC 3261 8.2.2.3).</summary>
    private static bool RefuseExtensions(SipMessage message, in SipResponder responder)
    {
        var writer = responder.Begin(420);
        writer.Text("Unsupported: "u8);
        var first = true;
        foreach (var tag in message.Values(HeaderId.Require))
        {
            if (!IsUnsupported(tag)) continue;
            if (!first) writer.Text(", "u8);
            writer.Value(tag);
            first = false;
        }

        writer.EndLine();
        responder.End();
        return false;
    }
}
