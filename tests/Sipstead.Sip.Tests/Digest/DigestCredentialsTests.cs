using System.Text;
using Sipstead.Sip.Digest;
using Sipstead.Testing.Sip;
using Xunit;

namespace Sipstead.Sip.Tests.Digest;

public sealed class DigestCredentialsTests
{
    private const string Response = "6629fae49393a05397450978507c4ef1";
    private const string Plain = $"Digest username=\"u\", realm=\"r\", nonce=\"n\", uri=\"sip:h\", response=\"{Response}\"";
    private const string WithQop = Plain + ", qop=auth, nc=0000000a, cnonce=\"c\"";

    [Fact]
    public void TryParse_WithQop_GivesEveryPart()
    {
        Assert.True(DigestCredentials.TryParse(Octets(WithQop + ", opaque=\"o\", algorithm=MD5, x=y"), out var credentials));
        Assert.Equal("u", ParsedMessage.Text(credentials.UserName));
        Assert.Equal("r", ParsedMessage.Text(credentials.Realm));
        Assert.Equal("n", ParsedMessage.Text(credentials.Nonce));
        Assert.Equal("sip:h", ParsedMessage.Text(credentials.Uri));
        Assert.Equal("c", ParsedMessage.Text(credentials.CNonce));
        Assert.Equal("0000000a", ParsedMessage.Text(credentials.NonceCountText));
        Assert.Equal(10u, credentials.NonceCount);
        Assert.Equal(DigestQop.Auth, credentials.Qop);
        Assert.Equal(DigestAlgorithm.Md5, credentials.Algorithm);
        Assert.Equal(DigestValue.Read(Convert.FromHexString(Response)), credentials.Response);
    }

    [Theory]
    [InlineData("digest\tRESPONSE = \"6629FAE49393A05397450978507C4EF1\" ,uri=\"sip:h\",NONCE=n , Realm=\"r\",username=\"u\"")]
    [InlineData(Plain + ", nc=zz, cnonce=\"\"")]
    [InlineData(Plain + ", algorithm=\"md5\"")]
    public void TryParse_AnyOrderCaseAndSpace_IsTheFormWithoutQop(string value)
    {
        Assert.True(DigestCredentials.TryParse(Octets(value), out var credentials));
        Assert.Equal("u", ParsedMessage.Text(credentials.UserName));
        Assert.Equal("n", ParsedMessage.Text(credentials.Nonce));
        Assert.Equal(DigestQop.None, credentials.Qop);
        Assert.Equal(0u, credentials.NonceCount);
        Assert.Equal(DigestAlgorithm.Md5, credentials.Algorithm);
    }

    [Fact]
    public void TryParse_QuotedPairs_AreKeptAsSent()
    {
        Assert.True(DigestCredentials.TryParse(Octets(Plain.Replace("username=\"u\"", "username=\"a\\\"b, c=\\\\\"", StringComparison.Ordinal)), out var credentials));
        Assert.Equal("a\\\"b, c=\\\\", ParsedMessage.Text(credentials.UserName));
    }

    [Theory]
    [InlineData("SHA-1")]
    [InlineData("SHA-512")]
    [InlineData("MD5-session")]
    public void TryParse_AlgorithmThatNobodyKnows_IsUnsupported_WhateverTheResponse(string algorithm)
    {
        Assert.True(DigestCredentials.TryParse(Octets($"{Plain}, algorithm={algorithm}"), out var credentials));
        Assert.Equal(DigestAlgorithm.Unsupported, credentials.Algorithm);
        Assert.True(DigestCredentials.TryParse(Octets($"{Plain.Replace(Response, "xyz", StringComparison.Ordinal)}, algorithm={algorithm}"), out _));
    }

    [Theory]
    [InlineData("md5", 1, DigestAlgorithm.Md5)]
    [InlineData("MD5-sess", 1, DigestAlgorithm.Md5Sess)]
    [InlineData("sha-256", 2, DigestAlgorithm.Sha256)]
    [InlineData("SHA-256-SESS", 2, DigestAlgorithm.Sha256Sess)]
    [InlineData("SHA-512-256", 2, DigestAlgorithm.Sha512256)]
    [InlineData("\"SHA-512-256-sess\"", 2, DigestAlgorithm.Sha512256Sess)]
    public void AUTH_05_ResponseIsAsLongAsTheAlgorithmsHash(string token, int halves, DigestAlgorithm algorithm)
    {
        foreach (var length in (int[])[1, 2])
        {
            var digits = string.Concat(Enumerable.Repeat(Response, length));
            var value = $"{WithQop.Replace(Response, digits, StringComparison.Ordinal)}, algorithm={token}";
            Assert.Equal(length == halves, DigestCredentials.TryParse(Octets(value), out var credentials));
            if (length != halves) continue;
            Assert.Equal((algorithm, DigestValue.Read(Convert.FromHexString(digits))), (credentials.Algorithm, credentials.Response));
        }
    }

    [Fact]
    public void AUTH_04_OnlyPlainMd5_ComesWithoutQop()
    {
        AssertRefused(Plain + ", algorithm=MD5-sess");
        AssertRefused(Plain.Replace(Response, Response + Response, StringComparison.Ordinal) + ", algorithm=SHA-256");
    }

    [Theory]
    [InlineData("auth", DigestQop.Auth)]
    [InlineData("AUTH-INT", DigestQop.AuthInt)]
    [InlineData("\"auth-int\"", DigestQop.AuthInt)]
    public void TryParse_Qop_IsRead(string text, DigestQop qop)
    {
        Assert.True(DigestCredentials.TryParse(Octets(WithQop.Replace("qop=auth", $"qop={text}", StringComparison.Ordinal)), out var credentials));
        Assert.Equal(qop, credentials.Qop);
    }

    [Theory]
    [InlineData(", userhash=true", false)]
    [InlineData(", userhash=\"TRUE\"", false)]
    [InlineData(", userhash=false", true)]
    public void AUTH_20_AUserNameThatIsAHash_IsNoCredentials(string parameter, bool isRead) =>
        Assert.Equal(isRead, DigestCredentials.TryParse(Octets(WithQop + parameter), out _));

    [Fact]
    public void AUTH_20_ExtendedUserName_IsNotTheUserName()
    {
        AssertRefused(WithQop.Replace("username=\"u\"", "username*=UTF-8''u", StringComparison.Ordinal));
        Assert.True(DigestCredentials.TryParse(Octets(WithQop + ", username*=UTF-8''other"), out var credentials));
        Assert.Equal("u", ParsedMessage.Text(credentials.UserName));
    }

    [Theory]
    [InlineData("username")]
    [InlineData("realm")]
    [InlineData("nonce")]
    [InlineData("uri")]
    [InlineData("response")]
    public void TryParse_MandatoryMissingOrTwice_IsNoCredentials(string name)
    {
        var parts = Plain["Digest ".Length..].Split(", ");
        var part = parts.Single(p => p.StartsWith(name, StringComparison.Ordinal));
        AssertRefused("Digest " + string.Join(", ", parts.Where(p => p != part)));
        AssertRefused($"{Plain}, {part}");
    }

    [Theory]
    [InlineData("qop=auth")]
    [InlineData("nc=0000000a")]
    [InlineData("cnonce=\"c\"")]
    [InlineData("algorithm=MD5")]
    public void TryParse_OptionalTwice_IsNoCredentials(string part) => AssertRefused($"{WithQop}, algorithm=MD5, {part}");

    [Theory]
    [InlineData("")]
    [InlineData("Digest")]
    [InlineData("Digest ")]
    [InlineData("Basic dXNlcjpwYXNz")]
    [InlineData("NoOneKnowsThisScheme opaque-data=here")]
    [InlineData("DigestX username=\"u\"")]
    [InlineData(Plain + ",")]
    [InlineData(Plain + ", ,x=y")]
    [InlineData(Plain + " x=y")]
    [InlineData(Plain + ", x")]
    [InlineData(Plain + ", x=")]
    [InlineData(Plain + ", x=\"open")]
    [InlineData(Plain + ", =y")]
    [InlineData(Plain + "\0")]
    [InlineData(Plain + ", qop=auth")]
    [InlineData(Plain + ", qop=auth, nc=0000000a")]
    [InlineData(Plain + ", qop=auth, nc=0000000a, cnonce=\"\"")]
    [InlineData(Plain + ", qop=auth, nc=a, cnonce=\"c\"")]
    [InlineData(Plain + ", qop=auth, nc=0000000g, cnonce=\"c\"")]
    [InlineData(Plain + ", qop=auth, nc=100000000, cnonce=\"c\"")]
    [InlineData(Plain + ", qop=auth-conf, nc=00000001, cnonce=\"c\"")]
    [InlineData(Plain + ", qop=\"auth,auth-int\", nc=00000001, cnonce=\"c\"")]
    public void TryParse_AnythingElse_IsNoCredentials(string value) => AssertRefused(value);

    [Theory]
    [InlineData("")]
    [InlineData("6629fae49393a05397450978507c4ef")]
    [InlineData("6629fae49393a05397450978507c4ef11")]
    [InlineData("g629fae49393a05397450978507c4ef1")]
    [InlineData("6629fae49393a05397450978507c4efg")]
    public void TryParse_ResponseThatIsNo128Bits_IsNoCredentials(string response) => AssertRefused(Plain.Replace(Response, response, StringComparison.Ordinal));

    [Fact]
    public void TryParse_EveryPrefixAndEveryOctet_NeverThrows()
    {
        var octets = Octets(WithQop);
        var accepted = Enumerable.Range(0, octets.Length).Where(length => DigestCredentials.TryParse(octets.AsSpan(0, length), out _));
        Assert.Equal([Plain.Length], accepted);
        for (var at = 0; at < octets.Length; at++)
        {
            for (var octet = 0; octet < 256; octet++)
            {
                var changed = octets.ToArray();
                changed[at] = (byte)octet;
                _ = DigestCredentials.TryParse(changed, out _);
            }
        }
    }

    private static void AssertRefused(string value) => Assert.False(DigestCredentials.TryParse(Octets(value), out _));

    private static byte[] Octets(string text) => Encoding.Latin1.GetBytes(text);
}
