using System.Text;
using Sipstead.Sip.Messages;
using Sipstead.Testing.Sip;
using Xunit;

namespace Sipstead.Sip.Tests.Messages;

public sealed class NameAddressTests
{
    [Theory]
    [InlineData("sip:a@h", "", "sip:a@h", "")]
    [InlineData("sip:a@h;tag=1", "", "sip:a@h", "1")]
    [InlineData("sip:a@h ; tag = 1", "", "sip:a@h", "1")]
    [InlineData("<sip:a@h;lr?x=y>;TAG=T", "", "sip:a@h;lr?x=y", "T")]
    [InlineData("caller<sip:a@h>", "caller", "sip:a@h", "")]
    [InlineData("A. G. Bell <sip:a@h> ;tag=1", "A. G. Bell", "sip:a@h", "1")]
    [InlineData("\"Bell, Alexander <x>\" <sip:a@h>;tag=1", "\"Bell, Alexander <x>\"", "sip:a@h", "1")]
    [InlineData("\"ends with \\\"\"<sip:a@h>", "\"ends with \\\"\"", "sip:a@h", "")]
    [InlineData("\"\" <sip:a@h>", "\"\"", "sip:a@h", "")]
    [InlineData("<tel:+15551234>;tag=1", "", "tel:+15551234", "1")]
    [InlineData("isbn:2983792873", "", "isbn:2983792873", "")]
    [InlineData("sip:a@h;+sip.instance=\"<urn:uuid:00000000-0000-1000-8000-000000000000>\";tag=1", "", "sip:a@h", "1")]
    public void TryParse_WellFormed_GivesItsParts(string text, string name, string uri, string tag)
    {
        Assert.True(NameAddress.TryParse(Encoding.Latin1.GetBytes(text), out var address));
        Assert.Equal(name, ParsedMessage.Text(address.DisplayName));
        Assert.Equal(uri, ParsedMessage.Text(address.Uri.Text));
        Assert.Equal(tag, ParsedMessage.Text(address.Tag));
    }

    [Theory]
    [InlineData("")]
    [InlineData("*")]
    [InlineData("<sip:a@h")]
    [InlineData("sip:a@h>")]
    [InlineData("<>")]
    [InlineData("< sip:a@h >")]
    [InlineData("\"open <sip:a@h>")]
    [InlineData("\"name\" sip:a@h")]
    [InlineData("Bell, Alexander <sip:a@h>")]
    [InlineData("a;b <sip:a@h>")]
    [InlineData("\"a\" b <sip:a@h>")]
    [InlineData("sip:a@h?Route=%3Csip:x%3E")]
    [InlineData("sip:a,b@h")]
    [InlineData("<sip:a@h>tag=1")]
    [InlineData("<sip:a@h>;;tag=1")]
    [InlineData("<sip:a@h>;tag=\"open")]
    public void TryParse_Malformed_IsRefused(string text) => Assert.False(NameAddress.TryParse(Encoding.Latin1.GetBytes(text), out _));
}
