using System.Text;
using Sipstead.Sip.Messages;
using Xunit;

namespace Sipstead.Sip.Tests.Messages;

/// <summary>Cases beyond the pairs of the conformance table.</summary>
public sealed class SipUriComparisonTests
{
    [Theory]
    [InlineData("sip:a@h;%6cr=1", "sip:a@h;lr=1")]
    [InlineData("sip:a@h;tr%61nsport=tcp", "sip:a@h;transport=TCP")]
    [InlineData("sip:a@h?sub%6aect=x", "sip:a@h?Subject=x")]
    [InlineData("sip:a@h;x=%5b", "sip:a@h;x=[")]
    [InlineData("tel:+1", "tel:+1")]
    [InlineData("not a uri", "not a uri")]
    [InlineData("sip:a@[::ffff:192.0.2.1]", "sip:a@[::FFFF:c000:201]")]
    public void AreEqual_Equal(string a, string b) => AssertBothWays(true, a, b);

    [Theory]
    [InlineData("sip:a@h;tr%61nsport=tcp", "sip:a@h")]
    [InlineData("sip:a@h;x=1", "sip:a@h;%78=2")]
    [InlineData("sip:a@h?subject=x", "sip:a@h?sub%6aect=y")]
    [InlineData("sip:a@h?subject=x", "sip:a@h?subject=X")]
    [InlineData("sip:a:@h", "sip:a@h")]
    [InlineData("sip:a:p@h", "sip:a:P@h")]
    [InlineData("sip:h", "sip:a@h")]
    [InlineData("sip:a@[::1]", "sip:a@::1")]
    [InlineData("tel:+1", "TEL:+1")]
    [InlineData("tel:+1", "sip:+1@h")]
    [InlineData("not a uri", "not  a uri")]
    [InlineData("sip:a@h.", "sip:a@h")]
    public void AreEqual_NotEqual(string a, string b) => AssertBothWays(false, a, b);

    [Theory]
    [InlineData("%", "%", true)]
    [InlineData("%4", "%4", true)]
    [InlineData("%zz", "%yy", false)]
    [InlineData("a", "ab", false)]
    [InlineData("%41", "a", false)]
    [InlineData("{", "[", false)]
    public void EqualUnescaped_WhatNoUriHolds_NeverThrows(string a, string b, bool equal) =>
        Assert.Equal(equal, SipUriComparison.EqualUnescaped(Encoding.Latin1.GetBytes(a), Encoding.Latin1.GetBytes(b), ignoreCase: false));

    private static void AssertBothWays(bool expected, string a, string b)
    {
        Assert.Equal(expected, SipUriComparison.AreEqual(Encoding.Latin1.GetBytes(a), Encoding.Latin1.GetBytes(b)));
        Assert.Equal(expected, SipUriComparison.AreEqual(Encoding.Latin1.GetBytes(b), Encoding.Latin1.GetBytes(a)));
    }
}
