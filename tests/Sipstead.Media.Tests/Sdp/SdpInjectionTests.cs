using System.Text;
using CsCheck;

namespace Sipstead.Media.Tests.Sdp;

/// <summary>Whatever an offer holds, an answer of ours has lines of our own only (docs/security.md).</summary>
public sealed class SdpInjectionTests
{
    private static readonly string[] Pieces =
    [
        "evil", "\r", "\n", "\0", "\r\n", "a=evil", "m=evil 9 RTP/AVP 0", "c=IN IP4 203.0.113.66", " ", "\t", "0", "101", "a=fmtp:101 ", "a=rtpmap:0 evil/8000", ":", "/",
    ];

    private static readonly string[] Attributes = ["rtpmap", "fmtp", "ptime", "sendrecv", "sendonly", "recvonly", "inactive", "rtcp"];

    private static readonly Gen<string> Evil = Gen.Int[0, Pieces.Length - 1].Array[0, 8].Select(parts => string.Concat(parts.Select(part => Pieces[part])));

    [Fact]
    public void S_33_WhateverIsOffered_TheAnswerHasLinesOfOurs() => Gen.Select(Evil, Evil, Evil, Evil).Sample((name, format, parameter, attribute) =>
    {
        var offer = $"v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns={name}\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\nm=audio 4000 RTP/AVP 0 101\r\n"
            + $"a=rtpmap:101 telephone-event/8000\r\na=fmtp:101 {parameter}\r\na={attribute}\r\nm=x-{format} 9 RTP/AVP {format}\r\n";
        if (SdpText.Negotiator().Answer(Encoding.Latin1.GetBytes(offer)).Sdp is not { } answer) return;
        var lines = Encoding.Latin1.GetString(answer).Split("\r\n");
        Assert.Equal("", lines[^1]);
        foreach (var line in lines.SkipLast(1))
        {
            Assert.False(line.AsSpan().ContainsAny('\r', '\n', '\0'), line);
            if (line.StartsWith("a=", StringComparison.Ordinal)) Assert.Contains(line[2..].Split(':')[0], Attributes);
            else if (!line.StartsWith("m=", StringComparison.Ordinal)) Assert.DoesNotContain("evil", line, StringComparison.Ordinal);
            if (line.StartsWith("c=", StringComparison.Ordinal)) Assert.Equal("c=IN IP4 198.51.100.7", line);
        }
    });
}
