using System.Text;
using Sipstead.Sip.Messages;

namespace Sipstead.Testing.Sip;

/// <summary>Everything that an index says of a message, as one text: equal texts are equal parse results.</summary>
internal static class MessageSnapshot
{
    public static string Of(SipMessage message)
    {
        var text = new StringBuilder();
        text.Append(message.IsRequest ? "request " : "response ").Append(message.HasStartLine).Append(' ').Append(message.Error).Append('\n');
        text.Append(Text(message.MethodToken)).Append('|').Append(message.Method).Append('|').Append(Text(message.RequestUri)).Append('\n');
        text.Append(message.StatusCode).Append('|').Append(Text(message.Reason)).Append('\n');
        foreach (ref readonly var header in message.Headers)
            text.Append(header.Id).Append('|').Append(Text(message.NameOf(header))).Append('|').Append(Text(message.ValueOf(header))).Append('\n');
        text.Append("length ").Append(message.ContentLength).Append('\n').Append(Text(message.Body));
        if (message.IsRequest) AppendRequest(text, message);
        return text.ToString();
    }

    private static void AppendRequest(StringBuilder text, SipMessage message)
    {
        if (!SipRequest.TryRead(message, out var request, out var error))
        {
            text.Append('\n').Append(error);
            return;
        }

        text.Append('\n').Append(request.Method).Append('|').Append(request.CSeq).Append('|').Append(Text(request.CallId)).Append('|')
            .Append(Text(request.Uri.Host)).Append('|').Append(Text(request.From.Tag)).Append('|').Append(Text(request.Via.Branch));
    }

    private static string Text(ReadOnlySpan<byte> octets) => Encoding.Latin1.GetString(octets);
}
