using System.Net;
using System.Text;
using Sipstead.Media.Codecs;
using Sipstead.Media.Sdp;

namespace Sipstead.Media.Tests.Sdp;

/// <summary>Descriptions of a party, and negotiators of ours.</summary>
internal static class SdpText
{
    public const string AllFormats = "m=audio 49170 RTP/AVP 0 8 101\na=rtpmap:101 telephone-event/8000\na=fmtp:101 0-15\n";

    public static byte[] Of(string media, string connection = "IN IP4 192.0.2.1") =>
        Encoding.Latin1.GetBytes($"v=0\no=- 1 1 IN IP4 192.0.2.1\ns=-\nc={connection}\nt=0 0\n{media}".ReplaceLineEndings("\r\n"));

    /// <summary>A negotiator with these codecs; with both laws of G.711 where none are given.</summary>
    public static SdpNegotiator Negotiator(
        string advertised = "198.51.100.7", MediaProtection protection = MediaProtection.None, IReadOnlyList<AudioCodec>? codecs = null) =>
        new(IPAddress.Parse(advertised), 20_000, codecs ?? [AudioCodec.Pcmu, AudioCodec.Pcma], protection);

    public static SdpDescription Parse(byte[]? text)
    {
        Assert.NotNull(text);
        Assert.True(SdpParser.TryParse(text, out var description, out var error), $"{error}");
        return description;
    }

    /// <summary>The answer to an offer, which must be taken.</summary>
    public static SdpDescription Answered(this SdpNegotiator negotiator, byte[] offer)
    {
        var answer = negotiator.Answer(offer);
        Assert.Null(answer.Refusal);
        return Parse(answer.Sdp);
    }

    public static MediaRefusal Refused(this SdpNegotiator negotiator, byte[] offer)
    {
        var answer = negotiator.Answer(offer);
        Assert.Null(answer.Sdp);
        return answer.Refusal!;
    }

    /// <summary>The direction attribute of a media line.</summary>
    public static string? Direction(this SdpMedia media) => SdpDirections.Find(media.Attributes)?.Name();
}
