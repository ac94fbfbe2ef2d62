using System.Text;

namespace Sipstead.Testing.Sip;

/// <summary>A request, one part at a time; every part can be wrong. Text stands for octets (Latin-1).</summary>
public sealed record RequestText
{
    public string Method { get; init; } = "OPTIONS";

    public string Uri { get; init; } = "sip:example.com";

    public string Version { get; init; } = "SIP/2.0";

    public string Via { get; init; } = "SIP/2.0/UDP 192.0.2.10:40000;rport;branch=z9hG4bK776asdhds";

    public string From { get; init; } = "<sip:alice@example.com>;tag=88a7s";

    public string To { get; init; } = "<sip:alice@example.com>";

    public string CallId { get; init; } = "a84b4c76e66710@192.0.2.10";

    /// <summary>The value of CSeq; made from the method when not set.</summary>
    public string? CSeq { get; init; }

    /// <summary>More header lines, each with its line end.</summary>
    public string Headers { get; init; } = "";

    public string Body { get; init; } = "";

    /// <summary>The value of Content-Length: counted when not set, no such header when empty.</summary>
    public string? ContentLength { get; init; }

    /// <summary>The message as octets.</summary>
    public byte[] ToOctets() => Encoding.Latin1.GetBytes(ToString());

    public override string ToString()
    {
        var text = new StringBuilder($"{Method} {Uri} {Version}\r\n")
            .Append("Via: ").Append(Via).Append("\r\nMax-Forwards: 70\r\nFrom: ").Append(From).Append("\r\nTo: ").Append(To)
            .Append("\r\nCall-ID: ").Append(CallId).Append("\r\nCSeq: ").Append(CSeq ?? $"1 {Method}").Append("\r\n").Append(Headers);
        if (ContentLength != "") text.Append("Content-Length: ").Append(ContentLength ?? $"{Body.Length}").Append("\r\n");
        return text.Append("\r\n").Append(Body).ToString();
    }
}
