using System.Text;
using Sipstead.Sip.Messages;
using Sipstead.Sip.Parsing;
using Sipstead.Testing.Sip;
using Xunit;

namespace Sipstead.Sip.Tests.Messages;

public sealed class SipUriTests
{
    [Theory]
    [InlineData("sip:example.com", UriScheme.Sip, "", "", "example.com", -1, "", "")]
    [InlineData("SIPS:alice@example.com:5061", UriScheme.Sips, "alice", "", "example.com", 5061, "", "")]
    [InlineData("sip:alice:secret@h;transport=tcp;lr?subject=x&to=y", UriScheme.Sip, "alice", "secret", "h", -1, ";transport=tcp;lr", "?subject=x&to=y")]
    [InlineData("sip:+1-212;phone-context=x/?@h", UriScheme.Sip, "+1-212;phone-context=x/?", "", "h", -1, "", "")]
    [InlineData("sip:%00@[2001:db8::1]:5070;x=%41", UriScheme.Sip, "%00", "", "[2001:db8::1]", 5070, ";x=%41", "")]
    [InlineData("sip:192.0.2.1?a=", UriScheme.Sip, "", "", "192.0.2.1", -1, "", "?a=")]
    public void TryParse_SipUri_GivesItsParts(
        string text, UriScheme scheme, string user, string password, string host, int port, string parameters, string headers)
    {
        Assert.True(SipUri.TryParse(Encoding.Latin1.GetBytes(text), out var uri));
        Assert.Equal(text, ParsedMessage.Text(uri.Text));
        Assert.Equal(scheme, uri.Scheme);
        Assert.True(uri.IsSip);
        Assert.Equal(user, ParsedMessage.Text(uri.User));
        Assert.Equal(password, ParsedMessage.Text(uri.Password));
        Assert.Equal(host, ParsedMessage.Text(uri.Host));
        Assert.Equal(port, uri.Port);
        Assert.Equal(parameters, ParsedMessage.Text(uri.Parameters));
        Assert.Equal(headers, ParsedMessage.Text(uri.Headers));
    }

    [Theory]
    [InlineData("tel:+15551234")]
    [InlineData("urn:uuid:00000000-0000-0000-0000-000000000000")]
    [InlineData("soap.beep://192.0.2.103:3002")]
    public void TryParse_OtherScheme_IsKeptWhole(string text)
    {
        Assert.True(SipUri.TryParse(Encoding.Latin1.GetBytes(text), out var uri));
        Assert.Equal(UriScheme.Other, uri.Scheme);
        Assert.False(uri.IsSip);
        Assert.Equal(text, ParsedMessage.Text(uri.Text));
    }

    [Theory]
    [InlineData("")]
    [InlineData("sip")]
    [InlineData("sip:")]
    [InlineData(":a@h")]
    [InlineData("sip:@h")]
    [InlineData("sip:a@")]
    [InlineData("sip:a@@h")]
    [InlineData("sip:a b@h")]
    [InlineData("sip:a\0@h")]
    [InlineData("sip:\xe9@h")]
    [InlineData("sip:a%4@h")]
    [InlineData("sip:a%zz@h")]
    [InlineData("sip:a:p%@h")]
    [InlineData("sip:a@h:")]
    [InlineData("sip:a@h:65536")]
    [InlineData("sip:a@h:+80")]
    [InlineData("sip:a@h:5060x")]
    [InlineData("sip:a@-h")]
    [InlineData("sip:a@.h")]
    [InlineData("sip:a@h..x")]
    [InlineData("sip:a@h_x")]
    [InlineData("sip:a@2001:db8::1")]
    [InlineData("sip:a@[]")]
    [InlineData("sip:a@[1234]")]
    [InlineData("sip:a@[::1")]
    [InlineData("sip:a@[fe80::1%eth0]")]
    [InlineData("sip:a@[::1]x")]
    [InlineData("sip:a@h;")]
    [InlineData("sip:a@h;;x")]
    [InlineData("sip:a@h;x=")]
    [InlineData("sip:a@h;=y")]
    [InlineData("sip:a@h;x=%")]
    [InlineData("sip:a@h;x=\"y\"")]
    [InlineData("sip:a@h?")]
    [InlineData("sip:a@h?x")]
    [InlineData("sip:a@h?=x")]
    [InlineData("sip:a@h?x=1&")]
    [InlineData("sip:a@h?x=a@b")]
    [InlineData("1x:y")]
    [InlineData("tel:")]
    [InlineData("tel:a b")]
    [InlineData("http://h/<x>")]
    public void TryParse_Malformed_IsRefused(string text) => Assert.False(SipUri.TryParse(Encoding.Latin1.GetBytes(text), out _));

    [Theory]
    [InlineData(SipLimits.Parameters, true)]
    [InlineData(SipLimits.Parameters + 1, false)]
    public void TryParse_NumberOfParametersAndHeaders_IsLimited(int count, bool accepted)
    {
        var parameters = string.Concat(Enumerable.Range(0, count).Select(i => $";p{i}"));
        var headers = string.Join('&', Enumerable.Range(0, count).Select(i => $"h{i}=v"));
        Assert.Equal(accepted, SipUri.TryParse(Encoding.ASCII.GetBytes("sip:a@h" + parameters), out _));
        Assert.Equal(accepted, SipUri.TryParse(Encoding.ASCII.GetBytes("sip:a@h?" + headers), out _));
    }

    [Theory]
    [InlineData(255, true)]
    [InlineData(256, false)]
    public void TryParse_LengthOfHost_IsLimited(int length, bool accepted) =>
        Assert.Equal(accepted, SipUri.TryParse(Encoding.ASCII.GetBytes("sip:" + new string('h', length)), out _));

    [Theory]
    [InlineData("transport", true, "tcp")]
    [InlineData("TRANSPORT", true, "tcp")]
    [InlineData("lr", true, "")]
    [InlineData("maddr", true, "x")]
    [InlineData("tr", false, "")]
    public void TryGetParameter_IgnoresCaseAndEscapesOfTheName(string name, bool found, string expected)
    {
        Assert.True(SipUri.TryParse("sip:a@h;Transport=tcp;lr;m%61ddr=x"u8, out var uri));
        Assert.Equal(found, uri.TryGetParameter(Encoding.ASCII.GetBytes(name), out var value));
        Assert.Equal(expected, ParsedMessage.Text(value));
    }

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("%61%6C%6c", "all")]
    [InlineData("value%25%34%31", "value%41")]
    [InlineData("null-%00-null", "null-\0-null")]
    [InlineData("%C3%A9", "\xc3\xa9")]
    [InlineData("", "")]
    public void TryUnescape_Once(string text, string expected)
    {
        Span<byte> destination = stackalloc byte[20];
        Assert.True(SipUri.TryUnescape(Encoding.Latin1.GetBytes(text), destination, out var written));
        Assert.Equal(expected, ParsedMessage.Text(destination[..written]));
    }

    [Theory]
    [InlineData("%")]
    [InlineData("a%4")]
    [InlineData("%4g")]
    [InlineData("%g4")]
    [InlineData("123456789012345678901")]
    public void TryUnescape_BrokenOrTooLong_IsRefused(string text)
    {
        var destination = new byte[20];
        Assert.False(SipUri.TryUnescape(Encoding.Latin1.GetBytes(text), destination, out _));
    }
}
