using System.Text;
using Sipstead.Sip.Messages;
using Sipstead.Sip.Parsing;
using Sipstead.Sip.Sessions;
using Sipstead.Testing.Fuzzing;
using Sipstead.Testing.Sip;
using Xunit;

namespace Sipstead.Sip.Tests.Sessions;

/// <summary>What a REFER and a NOTIFY of a peer say, whatever their octets.</summary>
public sealed class ReferralTests
{
    private static readonly byte[][] Corpus =
    [
        .. new[]
        {
            "Refer-To: <sip:carol@office.example.net;transport=tcp>",
            "r: \"Carol\" <sip:carol@office.example.net?Replaces=12345%40192.0.2.1%3Bto-tag%3D12345%3Bfrom-tag%3D5FFE-3994&Require=replaces>;x=y",
            "Refer-To: sip:+12025550100@office.example.net;method=INVITE;user=phone",
        }.Select(header => Encoding.UTF8.GetBytes(
            $"REFER sip:a@192.0.2.1 SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.10;branch=z9hG4bKa\r\nFrom: <sip:a@b.example>;tag=1\r\nTo: <sip:c@b.example>;tag=2\r\n"
            + $"Call-ID: a\r\nCSeq: 2 REFER\r\nMax-Forwards: 70\r\n{header}\r\nContent-Length: 0\r\n\r\n")),
    ];

    private static readonly byte[][] Fragments = ["SIP/2.0 200 OK\r\n"u8.ToArray(), "SIP/2.0 100"u8.ToArray(), "sip/2.0 699 x\r\nVia: y\r\n"u8.ToArray()];

    [Theory]
    [InlineData("<sip:carol@office.example.net?Subject=x>", "sip:carol@office.example.net", null)]
    [InlineData("<sips:carol@office.example.net;a=b>;c=d", "sips:carol@office.example.net;a=b", null)]
    [InlineData("<sip:c@o.example?replaces=a%3Bfrom-tag%3D2%3Bto-tag%3D1%3Bearly-only>", "sip:c@o.example", "a 1 2")]
    [InlineData("sip:carol@office.example.net", "sip:carol@office.example.net", null)]
    public void ReferTo_IsTakenApart(string value, string target, string? replaced)
    {
        var refer = ParsedMessage.Datagram(new RequestText { Method = "REFER", Headers = $"Refer-To: {value}\r\n" }.ToString());
        Assert.True(Referral.TryRead(refer, out var referral));
        Assert.Equal((target, replaced), (referral.Target, referral.Replaced is { } dialog ? $"{dialog.CallId} {dialog.ToTag} {dialog.FromTag}" : null));
    }

    [Fact]
    public void Mutations_OfARefer_AreReadOrNot_AndNameAUriWithoutHeaders() => FuzzRun.Over("refer", Corpus, 10_000, octets =>
    {
        var message = new SipMessage();
        if (!SipParser.TryParseDatagram(octets, 0, octets.Length, message) || !Referral.TryRead(message, out var referral)) return;
        Assert.DoesNotContain('?', referral.Target);
        Assert.True(SipUri.TryParse(Encoding.UTF8.GetBytes(referral.Target), out var uri) && uri.IsSip && uri.Headers.IsEmpty);
        if (referral.Replaced is { } dialog) Assert.NotEmpty(dialog.CallId);
    });

    [Fact]
    public void Mutations_OfAFragment_HaveAStatusThatThereIs_OrNone() =>
        FuzzRun.Over("sipfrag", Fragments, 10_000, octets =>
        {
            if (SipFrag.TryReadStatus(octets, out var status)) Assert.InRange(status, 100, 699);
            else Assert.Equal(0, status);
        });
}
