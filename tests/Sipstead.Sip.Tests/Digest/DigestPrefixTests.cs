using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using CsCheck;
using Sipstead.Sip.Digest;
using Xunit;

namespace Sipstead.Sip.Tests.Digest;

public sealed class DigestPrefixTests
{
    private const string Nonce = "Aaaaaaaaaaaaaaaaaaaaaaaaaa0";

    private readonly DigestCalculator _calculator = new();
    private readonly DigestValue _secret = DigestValue.Read(RandomNumberGenerator.GetBytes(DigestValue.ShortLength));

    [Fact]
    public void Response_BehindAPrefix_IsThatOfTheWholeText() => Gen.Select(Gen.UInt[1, 0xFFFFE], Gen.Char.AlphaNumeric.Array[1, 90]).Sample((count, cnonce) =>
    {
        var calculator = new DigestCalculator(); // samples run side by side
        var prefix = default(DigestPrefix);
        foreach (var nc in new[] { count, count + 1, 1u })
        {
            var credentials = Read(nc, cnonce: new string(cnonce));
            Assert.True(DigestPrefix.Fits(credentials));
            var whole = calculator.Response(_secret, "REGISTER"u8, default, credentials);
            Assert.True(DigestValue.FixedTimeEquals(whole, calculator.Response(_secret, "REGISTER"u8, credentials, ref prefix)));
            Assert.True(prefix.IsKnown);
        }
    });

    [Fact]
    public void Prefix_IsOfOneSecretAndNonce()
    {
        var prefixes = new DigestPrefix[3];
        var other = DigestValue.Read(RandomNumberGenerator.GetBytes(DigestValue.ShortLength));
        _calculator.Response(_secret, "REGISTER"u8, Read(1), ref prefixes[0]);
        _calculator.Response(other, "REGISTER"u8, Read(1), ref prefixes[1]);
        _calculator.Response(_secret, "REGISTER"u8, Read(1, nonce: Nonce[..^1] + "1"), ref prefixes[2]);
        Assert.Equal(3, prefixes.Distinct().Count());
    }

    [Theory]
    [InlineData(0xFFFFF, "MD5", "auth", Nonce, true)]
    [InlineData(0x100000, "MD5", "auth", Nonce, false)]
    [InlineData(1, "MD5-sess", "auth", Nonce, false)]
    [InlineData(1, "MD5", "auth-int", Nonce, false)]
    [InlineData(1, "MD5", "auth", "short", false)]
    [InlineData(1, "MD5", null, Nonce, false)]
    public void Fits_WhereTheBlockIsTheSameEachTime(uint count, string algorithm, string? qop, string nonce, bool fits) =>
        Assert.Equal(fits, DigestPrefix.Fits(Read(count, algorithm, qop, nonce)));

    private static DigestCredentials Read(uint count, string algorithm = "MD5", string? qop = "auth", string nonce = Nonce, string cnonce = "0a4f113b")
    {
        var protection = qop is null ? "" : string.Create(CultureInfo.InvariantCulture, $", qop={qop}, nc={count:x8}, cnonce=\"{cnonce}\"");
        var text = $"Digest username=\"bob\", realm=\"home.example\", nonce=\"{nonce}\", uri=\"sip:home.example\", response=\"{new string('0', 32)}\", "
            + $"algorithm={algorithm}{protection}";
        Assert.True(DigestCredentials.TryParse(Encoding.ASCII.GetBytes(text), out var credentials));
        return credentials;
    }
}
