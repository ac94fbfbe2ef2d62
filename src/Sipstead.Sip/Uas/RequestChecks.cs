using Sipstead.Sip.Messages;

namespace Sipstead.Sip.Uas;

/// <summary>The checks of headers that requests of several methods share (RFC 3261 8.2.2.3, 8.2.3). They write the refusal.</summary>
internal static class RequestChecks
{
    /// <summary>True when no extension is required and the body is understood.</summary>
    public static bool IsAcceptable(in SipRequest request, in SipResponder responder)
    {
        if (request.Message.Has(HeaderId.Require)) return RefuseExtensions(request.Message, responder);
        if (request.Message.Body.IsEmpty || BodyRules.IsUnderstood(request.Message)) return IsAnswerable(request, responder);
        var writer = responder.Begin(415);
        writer.Text(BodyRules.AcceptLines);
        responder.End();
        return false;
    }

    /// <summary>The same for a request of a dialog, where only that of an INVITE must be SDP: INFO carries what its packages say (RFC 6086).</summary>
    public static bool IsAcceptableInDialog(in SipRequest request, in SipResponder responder)
    {
        if (request.Method == SipMethod.Invite) return IsAcceptable(request, responder);
        return !request.Message.Has(HeaderId.Require) || RefuseExtensions(request.Message, responder);
    }

    /// <summary>True unless the answer to an INVITE, which is SDP, is nothing that its sender takes (RFC 3261 20.1, UAS-05).</summary>
    private static bool IsAnswerable(in SipRequest request, in SipResponder responder)
    {
        if (request.Method != SipMethod.Invite || BodyRules.AcceptsSdp(request.Message)) return true;
        responder.Send(406);
        return false;
    }

    /// <summary>No extension is built yet, so each one that a request requires is unsupported (RFC 3261 8.2.2.3).</summary>
    private static bool RefuseExtensions(SipMessage message, in SipResponder responder)
    {
        var writer = responder.Begin(420);
        writer.Text("Unsupported: "u8);
        var first = true;
        foreach (var tag in message.Values(HeaderId.Require))
        {
            if (tag.IsEmpty) continue;
            if (!first) writer.Text(", "u8);
            writer.Value(tag);
            first = false;
        }

        writer.EndLine();
        responder.End();
        return false;
    }
}
