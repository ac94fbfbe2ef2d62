using System.Globalization;
using System.Text;
using Sipstead.Sip.Messages;
using Sipstead.Sip.Parsing;

namespace Sipstead.Sip.Trace;

/// <summary>What a line of a list or ladder tells of a traced message. Parts that cannot be read are empty or 0.</summary>
/// <param name="Method">The method of a request; for a response the method that it answers.</param>
/// <param name="Status">The status of a response, 0 for a request.</param>
/// <param name="Reason">The reason phrase of a response.</param>
/// <param name="CSeq">The CSeq number.</param>
/// <param name="HasSdp">True when the body is SDP.</param>
public sealed record TraceLine(string Method, int Status, string Reason, uint CSeq, string CallId, bool HasSdp)
{
    /// <summary>The message in short: "INVITE" or "180 Ringing".</summary>
    public string Title
    {
        get
        {
            if (Status != 0) return string.Create(CultureInfo.InvariantCulture, $"{Status} {Reason}").TrimEnd();
            return Method.Length > 0 ? Method : "Not SIP";
        }
    }

    /// <summary>Reads a message. Never throws, whatever its octets are.</summary>
    public static TraceLine Of(TracedMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        var octets = message.Octets.ToArray(); // the parser joins folded lines in place
        var index = new SipMessage();
        SipParser.TryParseDatagram(octets, 0, octets.Length, index);
        var hasCSeq = CSeqValue.TryParse(index.Value(HeaderId.CSeq), out var number, out var answered);
        var method = index.IsRequest ? index.MethodToken : hasCSeq ? answered : default;
        return new TraceLine(
            Text(method), index.StatusCode, Text(index.Reason), hasCSeq ? number : 0, Text(index.Value(HeaderId.CallId)), HasSdpIn(index));
    }

    private static bool HasSdpIn(SipMessage index)
    {
        var type = index.Value(HeaderId.ContentType);
        var end = type.IndexOf((byte)';');
        return !index.Body.IsEmpty && Ascii.EqualsIgnoreCase(SipChars.Trim(end < 0 ? type : type[..end]), "application/sdp"u8);
    }

    private static string Text(ReadOnlySpan<byte> octets) => Encoding.UTF8.GetString(octets);
}
