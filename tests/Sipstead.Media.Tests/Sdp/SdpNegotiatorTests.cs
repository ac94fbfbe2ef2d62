using System.Text;
using Sipstead.Media.Codecs;
using Sipstead.Media.Sdp;

namespace Sipstead.Media.Tests.Sdp;

/// <summary>Offer and answer (RFC 3264), the duties OA.</summary>
public sealed class SdpNegotiatorTests
{
    private readonly SdpNegotiator _negotiator = SdpText.Negotiator();

    [Fact]
    public void OA_01_Offer_HasAllLines_EndedByCrLf()
    {
        var text = Encoding.ASCII.GetString(_negotiator.Offer());
        Assert.StartsWith("v=0\r\no=- ", text);
        Assert.Contains(" 1 IN IP4 198.51.100.7\r\ns=-\r\nc=IN IP4 198.51.100.7\r\nt=0 0\r\nm=audio 20000 RTP/AVP 0 8 101\r\n", text);
        Assert.EndsWith(
            "a=rtpmap:0 PCMU/8000\r\na=rtpmap:8 PCMA/8000\r\na=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-15\r\na=ptime:20\r\na=sendrecv\r\n", text);
        Assert.Equal(text, Encoding.ASCII.GetString(_negotiator.Offer()));
    }

    [Fact]
    public void OA_02_Answer_HasThePayloadNumbersAndOrderOfTheOffer()
    {
        var offer = SdpText.Of("m=audio 4000 RTP/AVP 18 96 8 97\na=rtpmap:96 telephone-event/8000\na=rtpmap:97 pcmu/8000\n");
        var audio = Assert.Single(_negotiator.Answered(offer).Media);
        Assert.Equal(["8", "97", "96"], audio.Formats);
        Assert.Contains(new SdpAttribute("rtpmap", "96 telephone-event/8000"), audio.Attributes);
        Assert.Contains(new SdpAttribute("fmtp", "96 0-15"), audio.Attributes);
        Assert.Equal((AudioCodec.Pcma, (byte)8, (byte)96), (_negotiator.Agreed!.Codec, _negotiator.Agreed.Payload, _negotiator.Agreed.Event!.Value.Payload));
        Assert.Equal(PayloadUse.Of(AudioCodec.Pcmu), _negotiator.Agreed.UseOf(97));
        Assert.Equal(default, _negotiator.Agreed.UseOf(0));
    }

    [Fact]
    public void OA_02_TelephoneEventOfAnotherClock_IsNotAnswered()
    {
        var offer = SdpText.Of("m=audio 4000 RTP/AVP 0 96 97\na=rtpmap:96 telephone-event/48000\na=rtpmap:97 opus/48000/2\n");
        Assert.Equal(["0"], Assert.Single(_negotiator.Answered(offer).Media).Formats);
        Assert.Null(_negotiator.Agreed!.Event);
    }

    [Fact]
    public void OA_02_OtherLines_AreRefusedInTheirPlaces()
    {
        var offer = SdpText.Of("m=video 1 RTP/AVP 99 100\nm=audio 2 RTP/SAVP 0\nm=audio 3 RTP/AVP 0\nm=audio 4 RTP/AVP 8\nm=application 5 TCP/MSRP *\n");
        var answer = _negotiator.Answered(offer);
        Assert.Equal(["video 0", "audio 0", "audio 20000", "audio 0", "application 0"], answer.Media.Select(media => $"{media.Type} {media.Port}"));
        Assert.Equal(["99", "100"], answer.Media[0].Formats);
        Assert.Equal("RTP/SAVP", answer.Media[1].Protocol);
        Assert.Equal(answer.Media.Select(media => media.Type), SdpText.Parse(_negotiator.Offer()).Media.Select(media => media.Type));
    }

    [Fact]
    public void OA_03_Version_RisesExactlyWhenSomethingChanged()
    {
        var first = _negotiator.Answered(SdpText.Of(SdpText.AllFormats));
        var same = _negotiator.Answered(SdpText.Of(SdpText.AllFormats));
        var held = _negotiator.Answered(SdpText.Of(SdpText.AllFormats + "a=sendonly\n"));
        _negotiator.Refused(SdpText.Of("m=audio 4 RTP/AVP 18\n"));
        var heldAgain = _negotiator.Answered(SdpText.Of(SdpText.AllFormats + "a=sendonly\n"));
        var offered = SdpText.Parse(_negotiator.Offer());
        Assert.Equal(["1", "1", "2", "2", "3"], new[] { first, same, held, heldAgain, offered }.Select(sent => sent.Origin.Version));
        Assert.Single(new[] { first, same, held, heldAgain, offered }.Select(sent => sent.Origin.SessionId).Distinct());
        Assert.NotEqual(first.Origin.SessionId, SdpText.Negotiator().Answered(SdpText.Of(SdpText.AllFormats)).Origin.SessionId);
    }

    [Theory]
    [InlineData("sendrecv", "sendrecv", true, true)]
    [InlineData("sendonly", "recvonly", false, true)]
    [InlineData("recvonly", "sendonly", true, false)]
    [InlineData("inactive", "inactive", false, false)]
    public void OA_04_Direction_IsAnsweredWithItsReverse(string theirs, string ours, bool maySend, bool mayReceive)
    {
        Assert.Equal(ours, _negotiator.Answered(SdpText.Of($"{SdpText.AllFormats}a={theirs}\n")).Media[0].Direction());
        Assert.Equal((maySend, mayReceive), (_negotiator.Agreed!.MaySend, _negotiator.Agreed.MayReceive));
        Assert.Equal(ours, _negotiator.Answered(SdpText.Of(SdpText.AllFormats, $"IN IP4 192.0.2.1\nt=0 0\na={theirs}")).Media[0].Direction());
    }

    [Fact]
    public void OA_04_UnspecifiedAddress_IsHold()
    {
        Assert.Equal("recvonly", _negotiator.Answered(SdpText.Of(SdpText.AllFormats, "IN IP4 0.0.0.0")).Media[0].Direction());
        Assert.False(_negotiator.Agreed!.MaySend);
        Assert.True(_negotiator.Agreed.Remote.IsNone);
        Assert.Equal("inactive", _negotiator.Answered(SdpText.Of(SdpText.AllFormats + "a=recvonly\n", "IN IP4 0.0.0.0")).Media[0].Direction());
    }

    [Fact]
    public void OA_05_AnswerWithoutOffer_IsRefused_AndSeveralToOneAreTaken()
    {
        Assert.Equal(488, _negotiator.AcceptAnswer(SdpText.Of(SdpText.AllFormats))!.Status);
        _negotiator.Offer();
        Assert.Null(_negotiator.AcceptAnswer(SdpText.Of("m=audio 4000 RTP/AVP 8\n")));
        Assert.Equal(AudioCodec.Pcma, _negotiator.Agreed!.Codec);
        Assert.Null(_negotiator.AcceptAnswer(SdpText.Of("m=audio 4002 RTP/AVP 0 101\n")));
        Assert.Equal((AudioCodec.Pcmu, (byte)101, (ushort)4002), (_negotiator.Agreed!.Codec, _negotiator.Agreed.Event!.Value.Payload, _negotiator.Agreed.Remote.Port));
    }

    [Theory]
    [InlineData("m=audio 0 RTP/AVP 0\n", 304)]
    [InlineData("m=audio 4000 RTP/AVP 18\n", 305)]
    [InlineData("m=audio 4000 RTP/SAVP 0\n", 302)]
    [InlineData("m=video 4000 RTP/AVP 0\n", 399)]
    [InlineData("m=audio 4000 RTP/AVP 0\nm=audio 4000 RTP/AVP 0\n", 399)]
    [InlineData("", 399)]
    public void OA_05_UnusableAnswer_IsRefused(string media, int warning)
    {
        _negotiator.Offer();
        var refusal = _negotiator.AcceptAnswer(SdpText.Of(media));
        Assert.Equal((488, warning), (refusal!.Status, refusal.Warning));
        Assert.Null(_negotiator.Agreed);
    }

    [Theory]
    [InlineData("m=audio 4 RTP/AVP 18 4\n", 305)]
    [InlineData("m=audio 4 RTP/SAVP 0\n", 302)]
    [InlineData("m=audio 4 UDP/TLS/RTP/SAVPF 0\n", 302)]
    [InlineData("m=video 4 RTP/AVP 99\n", 304)]
    [InlineData("m=audio 4 RTP/AVP 0\nc=IN IP4 media.example.com\n", 301)]
    [InlineData("m=audio 4 RTP/AVP 0\nc=IN IP4 010.0.0.1\n", 301)]
    [InlineData("m=audio 4 RTP/AVP 0\nc=IN IP4 1\n", 301)]
    [InlineData("m=audio 4 RTP/AVP 0\nc=IN IP4 255.255.255.255\n", 301)]
    [InlineData("m=audio 4 RTP/AVP 0\nc=IN IP4 239.1.1.1\n", 330)]
    [InlineData("m=audio 4 RTP/AVP 0\nc=IN IP6 2001:db8::1\n", 300)]
    [InlineData("m=audio 4 RTP/AVP 0\na=rtcp:5 IN IP4 239.1.1.1\n", 301)]
    [InlineData("m=audio 4 RTP/AVP 0\na=rtcp:5 IN IP4 evil.example.com\n", 301)]
    public void OA_06_UnusableOffer_Is488WithAWarning_AndTheOldSessionStays(string media, int warning)
    {
        _negotiator.Answered(SdpText.Of(SdpText.AllFormats));
        var agreed = _negotiator.Agreed;
        var refusal = _negotiator.Refused(SdpText.Of(media));
        Assert.Equal((488, warning), (refusal.Status, refusal.Warning));
        Assert.Same(agreed, _negotiator.Agreed);
        Assert.Equal("1", _negotiator.Answered(SdpText.Of(SdpText.AllFormats)).Origin.Version);
    }

    [Fact]
    public void OA_07_DynamicPayload_NeedsItsMap()
    {
        Assert.Equal(305, _negotiator.Refused(SdpText.Of("m=audio 4 RTP/AVP 96\n")).Warning);
        Assert.Equal(["96"], _negotiator.Answered(SdpText.Of("m=audio 4 RTP/AVP 96\na=rtpmap:96 PCMA/8000/1\n")).Media[0].Formats);
        Assert.Equal(305, _negotiator.Refused(SdpText.Of("m=audio 4 RTP/AVP 0\na=rtpmap:0 PCMU/16000\n")).Warning);
        Assert.Equal(305, _negotiator.Refused(SdpText.Of("m=audio 4 RTP/AVP 0\na=rtpmap:0 PCMU/8000/2\n")).Warning);
    }

    [Fact]
    public void OA_07_PayloadNumbers_KeepTheirMeaningInLaterOffers()
    {
        _negotiator.Answered(SdpText.Of("m=audio 4 RTP/AVP 8 0 96\na=rtpmap:8 PCMU/8000\na=rtpmap:0 G729/8000\na=rtpmap:96 telephone-event/8000\n"));
        var offer = SdpText.Parse(_negotiator.Offer());
        Assert.Equal(["8", "96"], offer.Media[0].Formats);
        Assert.Equal("8 PCMU/8000", offer.Media[0].Find("rtpmap"));
    }

    [Fact]
    public void OA_08_RtcpMux_IsAnsweredOnlyWhenOffered()
    {
        Assert.Null(_negotiator.Answered(SdpText.Of(SdpText.AllFormats)).Media[0].Find("rtcp-mux"));
        Assert.Equal((false, (ushort)49171), (_negotiator.Agreed!.IsRtcpMux, _negotiator.Agreed.RemoteRtcp.Port));
        Assert.NotNull(_negotiator.Answered(SdpText.Of("a=group:BUNDLE 0\n" + SdpText.AllFormats + "a=mid:0\na=rtcp-mux\n")).Media[0].Find("rtcp-mux"));
        Assert.Equal((true, (ushort)49170), (_negotiator.Agreed!.IsRtcpMux, _negotiator.Agreed.RemoteRtcp.Port));
        Assert.DoesNotContain("rtcp-mux", Encoding.ASCII.GetString(_negotiator.Offer()));
    }

    [Theory]
    [InlineData("53020", "192.0.2.1:53020")]
    [InlineData("53020 IN IP4 192.0.2.9", "192.0.2.9:53020")]
    [InlineData("nonsense", "192.0.2.1:49171")]
    [InlineData("", "192.0.2.1:49171")]
    [InlineData("0", "192.0.2.1:49171")]
    public void OA_08_RtcpAttribute_SaysWhereReportsGo(string value, string address)
    {
        _negotiator.Answered(SdpText.Of($"{SdpText.AllFormats}a=rtcp:{value}\n"));
        Assert.Equal(address, _negotiator.Agreed!.RemoteRtcp.ToString());
    }

    [Theory]
    [InlineData("", 20)]
    [InlineData("a=ptime:10\n", 10)]
    [InlineData("a=ptime:30\n", 30)]
    [InlineData("a=ptime:60\n", 60)]
    [InlineData("a=ptime:5\n", 10)]
    [InlineData("a=ptime:200\n", 60)]
    [InlineData("a=ptime:25\n", 20)]
    [InlineData("a=ptime:40\na=maxptime:30\n", 30)]
    [InlineData("a=maxptime:10\n", 10)]
    [InlineData("a=ptime:-1\na=maxptime:x\n", 20)]
    [InlineData("a=ptime\n", 20)]
    public void OA_09_PacketTime_IsHonouredWithinBounds(string attributes, int milliseconds)
    {
        Assert.Equal($"{milliseconds}", _negotiator.Answered(SdpText.Of(SdpText.AllFormats + attributes)).Media[0].Find("ptime"));
        Assert.Equal(milliseconds * 8, _negotiator.Agreed!.PacketSamples);
    }

    [Fact]
    public void OA_10_Ipv6AndAddressesOfOneMediaLine_AreTaken()
    {
        var ipv6 = SdpText.Negotiator("2001:db8::7");
        var answer = ipv6.Answered(SdpText.Of("m=video 2 RTP/AVP 99\nc=IN IP4 192.0.2.5\nm=audio 4 RTP/AVP 0\nc=IN IP6 2001:db8::1\n"));
        Assert.Equal(new SdpConnection("IP6", "2001:db8::7"), answer.Connection);
        Assert.Equal("[2001:db8::1]:4", ipv6.Agreed!.Remote.ToString());
        Assert.Equal(301, ipv6.Refused(SdpText.Of("m=audio 4 RTP/AVP 0\nc=IN IP6 ::ffff:192.0.2.1\n")).Warning);
        Assert.Equal(330, ipv6.Refused(SdpText.Of("m=audio 4 RTP/AVP 0\nc=IN IP6 ff15::101\n")).Warning);
        Assert.Equal("recvonly", ipv6.Answered(SdpText.Of("m=audio 4 RTP/AVP 0\nc=IN IP6 ::\n")).Media[1 - 1].Direction());
    }

    [Theory]
    [InlineData("telephone-event/8000\na=fmtp:96 0-11,16", 0x0FFF)]
    [InlineData("telephone-event/8000\na=fmtp:96 0-15,66,70", 0xFFFF)]
    [InlineData("telephone-event/8000\na=fmtp:96 1,3", 0x000A)]
    [InlineData("telephone-event/8000\na=fmtp:96 ", 0xFFFF)]
    [InlineData("Telephone-Event/8000", 0xFFFF)]
    public void MED_06_EventsOfTheParty_AreReadFromFmtp(string attributes, int events)
    {
        _negotiator.Answered(SdpText.Of($"m=audio 4 RTP/AVP 0 96\na=rtpmap:96 {attributes}\n"));
        Assert.Equal(new EventFormat(96, 8000, (ushort)events), _negotiator.Agreed!.Event);
    }

    [Theory]
    [InlineData("m=audio 4 RTP/SAVP 0\na=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz\n")]
    [InlineData("m=audio 4 RTP/SAVPF 0\n")]
    [InlineData("m=audio 4 UDP/TLS/RTP/SAVP 0\na=setup:actpass\n")]
    public void MED_13_SecureOffer_IsNeverAnsweredClear(string media) => Assert.Equal(488, _negotiator.Refused(SdpText.Of(media)).Status);

    [Fact]
    public void AnswersOfTheParty_MayGiveTheirOwnNumberToTelephoneEvent()
    {
        _negotiator.Offer();
        Assert.Null(_negotiator.AcceptAnswer(SdpText.Of("m=audio 4 RTP/AVP 0 96\na=rtpmap:96 telephone-event/8000\n")));
        var agreed = _negotiator.Agreed!;
        Assert.Equal(new EventFormat(96, 8000), agreed.Event);
        Assert.All([agreed.UseOf(101), agreed.UseOf(96)], use => Assert.Equal(PayloadUse.Of(agreed.Event!.Value), use));
    }
}
