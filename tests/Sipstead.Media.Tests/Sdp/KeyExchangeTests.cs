using Sipstead.Media.Sdp;
using Sipstead.Testing;

namespace Sipstead.Media.Tests.Sdp;

/// <summary>Keys in offer and answer (MED-09), and that nothing secure becomes clear (MED-13).</summary>
public sealed class KeyExchangeTests
{
    private const string Key = "WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz";
    private const string OtherKey = "AAAAX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz";
    private const string Crypto = "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:" + Key + "\n";
    private const string Plain = "m=audio 4 RTP/AVP 0\n";
    private const string Secure = "m=audio 4 RTP/SAVP 0\n";

    private readonly SdpNegotiator _negotiator = SdpText.Negotiator(protection: MediaProtection.BestEffort);

    [Theory]
    [InlineData("ok-basic", 200)]
    [InlineData("savp-sdes", 200)]
    [InlineData("savp-no-crypto", 488)]
    [InlineData("sdes-short-key", 488)]
    [InlineData("sdes-bad-base64", 488)]
    [InlineData("sdes-dup-tag", 200)] // the first line counts
    [InlineData("dtls", 488)]
    [InlineData("dtls-no-fingerprint", 488)]
    public void MED_09_VectorOverTls_IsAnsweredOrRefused(string name, int status)
    {
        var answer = _negotiator.Answer(File.ReadAllBytes(SharedFiles.Path("vectors", "sdp", name + ".sdp")));
        Assert.Equal(status, answer.Refusal?.Status ?? 200);
        Assert.Equal(status == 200 && name != "ok-basic", _negotiator.Agreed?.Keys is not null);
    }

    [Fact]
    public void MED_09_Answer_HasOneSuite_TheTagOfTheOffer_AndAKeyOfOurOwn()
    {
        var audio = Assert.Single(_negotiator.Answered(SdpText.Of(
            Secure + $"a=crypto:3 F8_128_HMAC_SHA1_80 inline:{Key}\na=crypto:5 AES_CM_128_HMAC_SHA1_32 inline:{Key}\n" + Crypto)).Media);
        var line = Assert.Single(CryptoAttribute.ReadAll(audio));
        Assert.Equal((5, "AES_CM_128_HMAC_SHA1_32", "RTP/SAVP"), (line.Tag, line.Key.Suite.Name, audio.Protocol));
        var keys = _negotiator.Agreed!.Keys!;
        Assert.True(line.Key.IsSame(keys.Send));
        Assert.Equal(Key, Convert.ToBase64String(keys.Receive.Octets));
        Assert.NotEqual(Key, Convert.ToBase64String(keys.Send.Octets));
    }

    [Fact]
    public void MED_09_BestEffort_OffersKeysBesidePlainRtp_AndTakesBothAnswers()
    {
        var audio = Assert.Single(SdpText.Parse(_negotiator.Offer()).Media);
        Assert.Equal("RTP/AVP", audio.Protocol);
        Assert.Equal(
            ["1 AES_CM_128_HMAC_SHA1_80", "2 AES_256_CM_HMAC_SHA1_80", "3 AEAD_AES_128_GCM", "4 AEAD_AES_256_GCM"],
            CryptoAttribute.ReadAll(audio).Select(line => $"{line.Tag} {line.Key.Suite.Name}"));
        Assert.Null(_negotiator.AcceptAnswer(SdpText.Of(Plain)));
        Assert.Null(_negotiator.Agreed!.Keys);
        Assert.Null(_negotiator.AcceptAnswer(SdpText.Of(Plain + Crypto)));
        Assert.True(_negotiator.Agreed.Keys!.Send.IsSame(CryptoAttribute.ReadAll(audio)[0].Key));
    }

    [Theory]
    [InlineData("a=crypto:2 AES_CM_128_HMAC_SHA1_80 inline:" + Key)] // the suite of tag 1
    [InlineData("a=crypto:9 AES_CM_128_HMAC_SHA1_80 inline:" + Key)]
    [InlineData("a=crypto:1 AES_CM_128_HMAC_SHA1_32 inline:" + Key)]
    [InlineData("a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:AAAA")]
    [InlineData("a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:" + Key + " UNENCRYPTED_SRTP")]
    public void MED_09_AnswerWithAKeyThatWasNotOffered_IsRefused(string attribute)
    {
        _negotiator.Offer();
        Assert.Equal(488, _negotiator.AcceptAnswer(SdpText.Of(Plain + attribute + "\n"))!.Status);
        Assert.Null(_negotiator.Agreed);
    }

    [Fact]
    public void MED_09_EachOffer_HasNewKeys_ButOneThatWaitsKeepsItsOwn()
    {
        var first = _negotiator.Offer();
        Assert.Equal(first, _negotiator.Offer());
        Assert.Null(_negotiator.AcceptAnswer(SdpText.Of(Plain + Crypto)));
        var second = _negotiator.Offer();
        Assert.Empty(Keys(first).Intersect(Keys(second)));
        Assert.Equal(2, SdpText.Parse(second).Origin.Version[0] - '0');
        Assert.Null(_negotiator.AcceptAnswer(SdpText.Of(Plain + $"a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:{OtherKey}\n")));
        Assert.Contains(Convert.ToBase64String(_negotiator.Agreed!.Keys!.Send.Octets), Keys(second));

        static IEnumerable<string> Keys(byte[] offer) =>
            CryptoAttribute.ReadAll(SdpText.Parse(offer).Media[0]).Select(line => Convert.ToBase64String(line.Key.Octets));
    }

    [Fact]
    public void MED_09_AnsweredKey_ChangesExactlyWithThatOfTheOffer()
    {
        _negotiator.Answered(SdpText.Of(Secure + Crypto));
        var ours = _negotiator.Agreed!.Keys!.Send;
        _negotiator.Answered(SdpText.Of(Secure + Crypto + "a=sendonly\n"));
        Assert.True(ours.IsSame(_negotiator.Agreed.Keys!.Send));
        _negotiator.Answered(SdpText.Of(Secure + $"a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:{OtherKey}\n"));
        Assert.False(ours.IsSame(_negotiator.Agreed.Keys!.Send));
    }

    [Theory]
    [InlineData(Plain + Secure + Crypto, 1)]
    [InlineData(Secure + Crypto + Plain, 0)]
    [InlineData(Plain + "m=audio 4 RTP/SAVPF 0\n" + Crypto, 0)]
    public void MED_09_OfTwoLines_TheEncryptedOneIsTaken(string media, int taken)
    {
        var answer = _negotiator.Answered(SdpText.Of(media));
        Assert.Equal([taken], Enumerable.Range(0, answer.Media.Count).Where(i => answer.Media[i].Port != 0));
    }

    [Fact]
    public void MED_13_OverPlainSignalling_KeysAreNeitherGivenNorTaken()
    {
        var negotiator = SdpText.Negotiator();
        Assert.DoesNotContain("crypto", System.Text.Encoding.ASCII.GetString(negotiator.Offer()), StringComparison.Ordinal);
        Assert.Equal((488, 302), (negotiator.Refused(SdpText.Of(Secure + Crypto)).Status, negotiator.Refused(SdpText.Of(Secure + Crypto)).Warning));
        var audio = Assert.Single(negotiator.Answered(SdpText.Of(Plain + Crypto)).Media);
        Assert.Null(audio.Find("crypto"));
        Assert.Null(negotiator.Agreed!.Keys);
    }

    [Theory]
    [InlineData(Plain)]
    [InlineData(Plain + Crypto)]
    [InlineData(Secure)]
    [InlineData("m=audio 4 RTP/SAVPF 0\n" + Crypto)]
    public void MED_13_WhereEncryptionIsRequired_OnlySavpWithAKeyIsTaken(string media)
    {
        var negotiator = SdpText.Negotiator(protection: MediaProtection.Required);
        Assert.Equal(488, negotiator.Refused(SdpText.Of(media)).Status);
        Assert.Equal("RTP/SAVP", SdpText.Parse(negotiator.Offer()).Media[0].Protocol);
        if (media != Plain + Crypto) Assert.Equal(488, negotiator.AcceptAnswer(SdpText.Of(media))!.Status);
        Assert.Null(negotiator.Agreed);
        negotiator.Answered(SdpText.Of(Secure + Crypto));
        Assert.NotNull(negotiator.Agreed!.Keys);
    }

    [Theory]
    [InlineData(Plain)]
    [InlineData(Secure)]
    [InlineData(Plain + "a=crypto:1 UNKNOWN inline:" + Key + "\n")]
    [InlineData(Plain + "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:" + Key + " UNENCRYPTED_SRTP\n")]
    public void S_55_EncryptedSession_NeverBecomesPlain_NeitherByOfferNorByAnswer(string media)
    {
        _negotiator.Answered(SdpText.Of(Secure + Crypto));
        var agreed = _negotiator.Agreed;
        var refusal = _negotiator.Refused(SdpText.Of(media));
        Assert.Equal((488, 399), (refusal.Status, refusal.Warning));
        _negotiator.Offer();
        Assert.Equal(488, _negotiator.AcceptAnswer(SdpText.Of(media))!.Status);
        Assert.Same(agreed, _negotiator.Agreed);
    }

    [Fact]
    public void MED_13_PlainSession_MayBecomeEncrypted()
    {
        _negotiator.Answered(SdpText.Of(Plain));
        Assert.NotNull(_negotiator.Answered(SdpText.Of(Plain + Crypto)).Media[0].Find("crypto"));
        Assert.NotNull(_negotiator.Agreed!.Keys);
    }
}
