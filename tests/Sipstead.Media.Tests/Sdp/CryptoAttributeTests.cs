using Sipstead.Media.Sdp;

namespace Sipstead.Media.Tests.Sdp;

/// <summary>Which crypto attributes are taken (RFC 4568).</summary>
public sealed class CryptoAttributeTests
{
    private const string Key = "WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz";
    private const string Key46 = "WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVzWVNfX19zZW1jdGwgKCkgew";

    [Theory]
    [InlineData("1 AES_CM_128_HMAC_SHA1_80 inline:" + Key)]
    [InlineData("999999999 AES_CM_128_HMAC_SHA1_32 inline:" + Key)]
    [InlineData("1  AES_CM_128_HMAC_SHA1_80  inline:" + Key + " ")]
    [InlineData("1 AES_CM_128_HMAC_SHA1_80 inline:" + Key + "|2^20")]
    [InlineData("1 AES_CM_128_HMAC_SHA1_80 inline:" + Key + "|1048576")]
    [InlineData("1 AES_CM_128_HMAC_SHA1_80 inline:" + Key + "|1:1")]
    [InlineData("1 AES_CM_128_HMAC_SHA1_80 inline:" + Key + "|2^48|1:4")]
    [InlineData("1 AES_CM_128_HMAC_SHA1_80 inline:" + Key + " WSH=64")]
    [InlineData("1 AES_CM_128_HMAC_SHA1_80 inline:" + Key + " -UNKNOWN=1 WSH=128")]
    [InlineData("1 AES_256_CM_HMAC_SHA1_80 inline:" + Key46)]
    [InlineData("1 AES_256_CM_HMAC_SHA1_80 inline:" + Key46 + "==")]
    [InlineData("1 AEAD_AES_128_GCM inline:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA==")]
    [InlineData("1 AEAD_AES_256_GCM inline:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    public void MED_09_UsableLine_IsTaken(string value) => Assert.Single(ReadAll(value));

    [Theory]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("1 AES_CM_128_HMAC_SHA1_80")]
    [InlineData("x AES_CM_128_HMAC_SHA1_80 inline:" + Key)]
    [InlineData("-1 AES_CM_128_HMAC_SHA1_80 inline:" + Key)]
    [InlineData("1000000000 AES_CM_128_HMAC_SHA1_80 inline:" + Key)]
    [InlineData("1 F8_128_HMAC_SHA1_80 inline:" + Key)]
    [InlineData("1 aes_cm_128_hmac_sha1_80 inline:" + Key)]
    [InlineData("1 AES_CM_128_HMAC_SHA1_80 uri:" + Key)]
    [InlineData("1 AES_CM_128_HMAC_SHA1_80 inline:")]
    [InlineData("1 AES_CM_128_HMAC_SHA1_80 inline:AAAA")]
    [InlineData("1 AES_CM_128_HMAC_SHA1_80 inline:" + Key + "AAAA")]
    [InlineData("1 AES_CM_128_HMAC_SHA1_80 inline:" + Key46)]
    [InlineData("1 AES_256_CM_HMAC_SHA1_80 inline:" + Key)]
    [InlineData("1 AES_CM_128_HMAC_SHA1_80 inline:!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!")]
    [InlineData("1 AES_CM_128_HMAC_SHA1_80 inline:" + Key + "|")]
    [InlineData("1 AES_CM_128_HMAC_SHA1_80 inline:" + Key + "|0")]
    [InlineData("1 AES_CM_128_HMAC_SHA1_80 inline:" + Key + "|2^49")]
    [InlineData("1 AES_CM_128_HMAC_SHA1_80 inline:" + Key + "|2^")]
    [InlineData("1 AES_CM_128_HMAC_SHA1_80 inline:" + Key + "|281474976710657")]
    [InlineData("1 AES_CM_128_HMAC_SHA1_80 inline:" + Key + "|1:4|2^20")]
    [InlineData("1 AES_CM_128_HMAC_SHA1_80 inline:" + Key + "|2^20|1:0")]
    [InlineData("1 AES_CM_128_HMAC_SHA1_80 inline:" + Key + "|2^20|256:1")]
    [InlineData("1 AES_CM_128_HMAC_SHA1_80 inline:" + Key + "|2^20|1:129")]
    [InlineData("1 AES_CM_128_HMAC_SHA1_80 inline:" + Key + "|2^20|1:4|2^20")]
    [InlineData("1 AES_CM_128_HMAC_SHA1_80 inline:" + Key + "|2^20|1:4;inline:" + Key + "|2^20|2:4")]
    [InlineData("1 AES_CM_128_HMAC_SHA1_80 inline:" + Key + " UNENCRYPTED_SRTP")]
    [InlineData("1 AES_CM_128_HMAC_SHA1_80 inline:" + Key + " UNAUTHENTICATED_SRTP")]
    [InlineData("1 AES_CM_128_HMAC_SHA1_80 inline:" + Key + " KDR=10")]
    [InlineData("1 AES_CM_128_HMAC_SHA1_80 inline:" + Key + " WSH=63")]
    [InlineData("1 AES_CM_128_HMAC_SHA1_80 inline:" + Key + " UNKNOWN")]
    public void MED_09_LineThatCannotBeFollowed_IsRefused(string value) => Assert.Empty(ReadAll(value));

    [Fact]
    public void MED_09_OfOneTag_TheFirstLineCounts()
    {
        var read = ReadAll("1 AES_CM_128_HMAC_SHA1_32 inline:" + Key, "1 AES_CM_128_HMAC_SHA1_80 inline:" + Key, "2 AES_CM_128_HMAC_SHA1_80 inline:" + Key);
        Assert.Equal([(1, "AES_CM_128_HMAC_SHA1_32"), (2, "AES_CM_128_HMAC_SHA1_80")], read.Select(line => (line.Tag, line.Key.Suite.Name)));
        Assert.Empty(ReadAll("1 UNKNOWN inline:" + Key, "1 AES_CM_128_HMAC_SHA1_80 inline:" + Key));
    }

    [Fact]
    public void MED_09_KeyIdentifier_HasItsLength() =>
        Assert.Equal([0, 0, 1, 2], Assert.Single(ReadAll($"1 AES_CM_128_HMAC_SHA1_80 inline:{Key}|258:4")).Key.Identifier.ToArray());

    [Fact]
    public void MED_09_WhatIsWritten_IsReadBack()
    {
        var line = Assert.Single(ReadAll($"7 AES_CM_128_HMAC_SHA1_80 inline:{Key}"));
        Assert.Equal(new SdpAttribute("crypto", $"7 AES_CM_128_HMAC_SHA1_80 inline:{Key}"), line.Write());
        Assert.DoesNotContain(Key, line.ToString(), StringComparison.Ordinal); // not for logs
    }

    private static List<CryptoAttribute> ReadAll(params string[] values) => CryptoAttribute.ReadAll(
        new SdpMedia { Type = "audio", Port = 4, Protocol = "RTP/SAVP", Formats = ["0"], Attributes = [.. values.Select(value => new SdpAttribute("crypto", value))] });
}
