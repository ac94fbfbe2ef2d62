using System.Text;
using Sipstead.Sip.Messages;
using Sipstead.Sip.Parsing;
using Sipstead.Testing;
using Sipstead.Testing.Sip;
using Xunit;

namespace Sipstead.Conformance.Tests.Uris;

/// <summary>URI duties: RFC 3261 19.1, RFC 5954 (conformance.md).</summary>
public sealed class UriTests
{
    [Fact]
    public void URI_01_EveryPairOfTheTable_BothWays()
    {
        var rows = SharedFiles.Rows("vectors", "uri-compare.tsv").ToList();
        Assert.Equal(25, rows.Count);
        Assert.All(rows, row =>
        {
            Assert.Equal(row[2] == "equal", AreEqual(row[0], row[1]));
            Assert.Equal(row[2] == "equal", AreEqual(row[1], row[0]));
            Assert.True(AreEqual(row[0], row[0]) && AreEqual(row[1], row[1]));
        });
    }

    [Fact]
    public void URI_02_Comparison_IsNotTransitive()
    {
        const string on = "sip:carol@chicago.com;security=on", off = "sip:carol@chicago.com;security=off", plain = "sip:carol@chicago.com";
        Assert.True(AreEqual(on, plain));
        Assert.True(AreEqual(plain, off));
        Assert.False(AreEqual(on, off));
    }

    [Theory]
    [InlineData("sip:a@EXAMPLE.com", "sip:a@example.COM", true)]
    [InlineData("sip:a@example.com.", "sip:a@example.com", false)]
    [InlineData("sip:a@[2001:db8::1]", "sip:a@[2001:0DB8:0::0001]", true)]
    [InlineData("sip:a@[2001:db8::1]", "sip:a@[2001:db8::2]", false)]
    [InlineData("sip:%4B@h", "sip:K@h", true)]
    [InlineData("sip:\u212a@h", "sip:k@h", false)]
    [InlineData("sip:a@\u212a.example", "sip:a@k.example", false)]
    public void URI_03_Host_ComparesAsciiOrByValue_WithoutUnicode(string a, string b, bool equal) => Assert.Equal(equal, AreEqual(a, b));

    [Fact]
    public void URI_03_ZoneId_IsRefused() => Assert.False(SipUri.TryParse("sip:a@[fe80::1%25eth0]"u8, out _));

    [Theory]
    [InlineData("sip:user@example.com?Route=%3Csip:example.com%3E", SipError.BadRequestUri)]
    [InlineData("sips:user@example.com?subject=x", SipError.BadRequestUri)]
    [InlineData("sip:user@example.com;method=INVITE", SipError.None)]
    public void URI_04_HeadersInTheRequestUri_AreRefused(string uri, SipError error) => Assert.Equal(error, ParsedMessage.ErrorOf(new RequestText { Uri = uri }));

    [Fact]
    public void URI_05_TelephoneSubscriber_ComparesAsText()
    {
        Assert.False(AreEqual("sip:+1-212-555@h;user=phone", "sip:+1212555@h;user=phone"));
        Assert.True(AreEqual("sip:+1-212;isub=1@h;user=phone", "sip:+1-212;isub=1@H;user=PHONE"));
    }

    private static bool AreEqual(string a, string b) => SipUriComparison.AreEqual(Encoding.UTF8.GetBytes(a), Encoding.UTF8.GetBytes(b));
}
