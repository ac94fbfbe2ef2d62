using System.Text;
using Sipstead.Media.Codecs;
using Sipstead.Media.Sdp;

namespace Sipstead.Media.Tests.Sdp;

/// <summary>Which codecs are offered, taken and answered, and with which payload types.</summary>
public sealed class CodecNegotiationTests
{
    private const string OpusOffer =
        "m=audio 4000 RTP/AVP 96 9 0 97 98\na=rtpmap:96 opus/48000/2\na=fmtp:96 useinbandfec=1;maxaveragebitrate=16000\na=rtpmap:9 G722/8000\n"
        + "a=rtpmap:97 telephone-event/48000\na=rtpmap:98 telephone-event/8000\n";

    private readonly SdpNegotiator _negotiator = SdpText.Negotiator(codecs: AudioCodec.All);

    [Fact]
    public void MED_03_Offer_HasTheCodecsThatAreSet_InThatOrder_AndTelephoneEventAtTheirClocks()
    {
        var text = Encoding.ASCII.GetString(_negotiator.Offer());
        Assert.Contains("m=audio 20000 RTP/AVP 0 8 9 111 101 110\r\n", text, StringComparison.Ordinal);
        Assert.Contains(
            "a=rtpmap:9 G722/8000\r\na=rtpmap:111 opus/48000/2\r\na=fmtp:111 maxplaybackrate=8000;useinbandfec=1\r\n"
            + "a=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-15\r\na=rtpmap:110 telephone-event/48000\r\na=fmtp:110 0-15\r\n",
            text, StringComparison.Ordinal);
        Assert.Equal(["111", "8", "101", "110"], Formats(SdpText.Negotiator(codecs: [AudioCodec.Opus, AudioCodec.Pcma]).Offer()));
        Assert.Equal(["9", "101"], Formats(SdpText.Negotiator(codecs: [AudioCodec.G722]).Offer()));
        Assert.Equal(["111", "110"], Formats(SdpText.Negotiator(codecs: [AudioCodec.Opus]).Offer()));
    }

    [Theory]
    [InlineData("m=audio 4000 RTP/AVP 0\n", "PCMU", 0)]
    [InlineData("m=audio 4000 RTP/AVP 8\n", "PCMA", 8)]
    [InlineData("m=audio 4000 RTP/AVP 9\n", "G722", 9)]
    [InlineData("m=audio 4000 RTP/AVP 100\na=rtpmap:100 g722/8000\n", "G722", 100)]
    [InlineData("m=audio 4000 RTP/AVP 100\na=rtpmap:100 OPUS/48000/2\n", "opus", 100)]
    public void MED_03_EachCodec_IsAnsweredAndAccepted(string media, string codec, byte payload)
    {
        Assert.Equal([$"{payload}"], Formats(_negotiator.Answer(SdpText.Of(media)).Sdp));
        AssertAgreed(_negotiator, codec, payload);
        var caller = SdpText.Negotiator(codecs: AudioCodec.All);
        caller.Offer();
        Assert.Null(caller.AcceptAnswer(SdpText.Of(media)));
        AssertAgreed(caller, codec, payload);
    }

    [Theory]
    [InlineData("m=audio 4000 RTP/AVP 100\na=rtpmap:100 opus/48000\n")] // must have two channels (RFC 7587 7)
    [InlineData("m=audio 4000 RTP/AVP 100\na=rtpmap:100 opus/16000/2\n")]
    [InlineData("m=audio 4000 RTP/AVP 9\na=rtpmap:9 G722/16000\n")]
    [InlineData("m=audio 4000 RTP/AVP 111\n")]
    [InlineData("m=audio 4000 RTP/AVP 100\na=rtpmap:100 speex/8000\n")]
    [InlineData("m=audio 4000 RTP/AVP 13 101\na=rtpmap:101 telephone-event/8000\n")]
    public void OA_06_UnknownCodecs_AreRefused(string media) => Assert.Equal(305, _negotiator.Refused(SdpText.Of(media)).Warning);

    [Fact]
    public void OA_02_Answer_FollowsTheOrderOfTheOffer_AndHasTelephoneEventAtEachClock()
    {
        var audio = Assert.Single(_negotiator.Answered(SdpText.Of(OpusOffer)).Media);
        Assert.Equal(["96", "9", "0", "97", "98"], audio.Formats);
        Assert.Contains(new SdpAttribute("rtpmap", "96 opus/48000/2"), audio.Attributes);
        Assert.Contains(new SdpAttribute("rtpmap", "97 telephone-event/48000"), audio.Attributes);
        AssertAgreed(_negotiator, "opus", 96);
        var agreed = _negotiator.Agreed!;
        Assert.Equal((byte)97, agreed.Event!.Value.Payload);
        Assert.Equal("useinbandfec=1;maxaveragebitrate=16000", agreed.Format.Parameters);
        Assert.Equal((48_000, 8000), (agreed.UseOf(97).ClockRate, agreed.UseOf(98).ClockRate));
        Assert.DoesNotContain("16000", Encoding.ASCII.GetString(_negotiator.Offer()), StringComparison.Ordinal); // nothing of theirs is echoed
    }

    [Fact]
    public void OA_02_WhatIsNotSet_IsNotAnswered()
    {
        var negotiator = SdpText.Negotiator(codecs: [AudioCodec.Pcmu, AudioCodec.G722]);
        Assert.Equal(["9", "0", "98"], Formats(negotiator.Answer(SdpText.Of(OpusOffer)).Sdp));
        Assert.Equal(default, negotiator.Agreed!.UseOf(96));
    }

    [Fact]
    public void OA_02_TelephoneEventOfAnotherClock_IsUsedBesideOpusWhereThereIsNoOther()
    {
        _negotiator.Answered(SdpText.Of("m=audio 4000 RTP/AVP 96 0 101\na=rtpmap:96 opus/48000/2\na=rtpmap:101 telephone-event/8000\n"));
        Assert.Equal(new EventFormat(101, 8000), _negotiator.Agreed!.Event);
        var alone = SdpText.Of("m=audio 4000 RTP/AVP 96 101\na=rtpmap:96 opus/48000/2\na=rtpmap:101 telephone-event/8000\n");
        Assert.Equal(["96"], Formats(_negotiator.Answer(alone).Sdp));
        Assert.Null(_negotiator.Agreed!.Event);
    }

    [Fact]
    public void OA_05_AnswerWithNumbersOfItsOwn_IsUnderstoodBothWays()
    {
        _negotiator.Offer();
        Assert.Null(_negotiator.AcceptAnswer(SdpText.Of("m=audio 4000 RTP/AVP 96\na=rtpmap:96 opus/48000/2\n")));
        AssertAgreed(_negotiator, "opus", 96);
        Assert.Equal(PayloadUse.Of(AudioCodec.Opus), _negotiator.Agreed!.UseOf(111));
        Assert.Null(_negotiator.AcceptAnswer(SdpText.Of("m=audio 4000 RTP/AVP 111 110\n"))); // our numbers, without rtpmap
        AssertAgreed(_negotiator, "opus", 111);
        Assert.Equal(new EventFormat(110, 48_000), _negotiator.Agreed!.Event);
    }

    [Fact]
    public void OA_07_NumbersOfTheParty_AreNeverGivenAnotherMeaning()
    {
        _negotiator.Answered(SdpText.Of(
            "m=audio 4000 RTP/AVP 0 9 111 101 110 96\na=rtpmap:9 X/8000\na=rtpmap:111 AMR/8000\na=rtpmap:101 iLBC/8000\na=rtpmap:110 X/1\n"));
        var audio = SdpText.Parse(_negotiator.Offer()).Media[0];
        Assert.Equal(["0", "8", "97", "98", "99"], audio.Formats); // G.722 has but one number
        Assert.Contains(new SdpAttribute("rtpmap", "97 opus/48000/2"), audio.Attributes);
    }

    [Fact]
    public void OA_03_NewOffer_ChangesTheCodecInTheMiddleOfACall()
    {
        _negotiator.Answered(SdpText.Of(OpusOffer));
        _negotiator.Answered(SdpText.Of(OpusOffer.Replace(" 96 9 0", " 9", StringComparison.Ordinal)));
        AssertAgreed(_negotiator, "G722", 9);
        var ours = SdpText.Parse(_negotiator.Offer()).Media[0];
        Assert.Equal(["9", "0", "8", "111", "98", "110"], ours.Formats);
        Assert.Null(_negotiator.AcceptAnswer(SdpText.Of("m=audio 4000 RTP/AVP 8\n")));
        AssertAgreed(_negotiator, "PCMA", 8);
    }

    [Theory]
    [InlineData("opus", 10, 80)]
    [InlineData("opus", 20, 160)]
    [InlineData("opus", 30, 160)]
    [InlineData("opus", 40, 320)]
    [InlineData("opus", 50, 320)]
    [InlineData("opus", 60, 480)]
    [InlineData("G722", 30, 240)]
    [InlineData("PCMU", 50, 400)]
    public void OA_09_Packets_HaveTheLengthThatTheCodecKnows(string codec, int milliseconds, int samples) =>
        Assert.Equal(samples, AudioCodec.Find(codec)!.PacketSamples(milliseconds));

    [Fact]
    public void ComfortNoise_IsUnderstood_ThoughNobodyAskedForIt()
    {
        Assert.Equal(["0"], Formats(_negotiator.Answer(SdpText.Of("m=audio 4000 RTP/AVP 0 13\na=rtpmap:13 CN/8000\n")).Sdp));
        Assert.Equal(PayloadUse.ComfortNoise, _negotiator.Agreed!.UseOf(13));
        _negotiator.Answered(SdpText.Of("m=audio 4000 RTP/AVP 13\na=rtpmap:13 PCMU/8000\n"));
        Assert.Equal(PayloadUse.Of(AudioCodec.Pcmu), _negotiator.Agreed!.UseOf(13));
    }

    private static void AssertAgreed(SdpNegotiator negotiator, string codec, byte payload)
    {
        var agreed = negotiator.Agreed!;
        Assert.Equal((codec, payload), (agreed.Codec.Name, agreed.Payload));
        Assert.Equal(PayloadUse.Of(agreed.Codec), agreed.UseOf(payload));
    }

    private static IReadOnlyList<string> Formats(byte[]? sdp) => SdpText.Parse(sdp).Media[0].Formats;
}
