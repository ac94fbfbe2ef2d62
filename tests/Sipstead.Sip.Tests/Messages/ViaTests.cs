using System.Text;
using Sipstead.Sip.Messages;
using Sipstead.Testing.Sip;
using Xunit;

namespace Sipstead.Sip.Tests.Messages;

public sealed class ViaTests
{
    [Theory]
    [InlineData("SIP/2.0/UDP h", "UDP", "h", -1, "")]
    [InlineData("SIP/2.0/TCP 192.0.2.1:5070;branch=z9hG4bKx", "TCP", "192.0.2.1", 5070, "z9hG4bKx")]
    [InlineData("SIP / 2.0\t/ UNKNOWN  h.example : 5060 ; branch = b", "UNKNOWN", "h.example", 5060, "b")]
    [InlineData("sip/7.0/udp [2001:db8::1]:5060;received=2001:db8::9:255;BRANCH=b", "udp", "[2001:db8::1]", 5060, "b")]
    [InlineData("SIP/2.0/UDP h;branch=first;branch=second", "UDP", "h", -1, "first")]
    public void TryParse_WellFormed_GivesItsParts(string text, string transport, string host, int port, string branch)
    {
        Assert.True(Via.TryParse(Encoding.Latin1.GetBytes(text), out var via));
        Assert.Equal(transport, ParsedMessage.Text(via.Transport));
        Assert.Equal(host, ParsedMessage.Text(via.Host));
        Assert.Equal(port, via.Port);
        Assert.Equal(branch, ParsedMessage.Text(via.Branch));
    }

    [Theory]
    [InlineData("SIP/2.0/UDP h;rport;keep", true, true)]
    [InlineData("SIP/2.0/UDP h;RPORT;Keep", true, true)]
    [InlineData("SIP/2.0/UDP h;rport=5;keep=30", false, false)]
    [InlineData("SIP/2.0/UDP h", false, false)]
    public void TryParse_RportAndKeep_AskOnlyWithoutValue(string text, bool rport, bool keep)
    {
        Assert.True(Via.TryParse(Encoding.Latin1.GetBytes(text), out var via));
        Assert.Equal(rport, via.WantsRport);
        Assert.Equal(keep, via.OffersKeep);
    }

    [Theory]
    [InlineData("")]
    [InlineData("SIP/2.0/UDP")]
    [InlineData("SIP/2.0/UDP ")]
    [InlineData("SIP/2.0 UDP h")]
    [InlineData("HTTP/2.0/UDP h")]
    [InlineData("/2.0/UDP h")]
    [InlineData("SIP//UDP h")]
    [InlineData("SIP/2.0/ h")]
    [InlineData("SIP/2.0/UDP ;branch=b")]
    [InlineData("SIP/2.0/UDP h:0")]
    [InlineData("SIP/2.0/UDP h:65536")]
    [InlineData("SIP/2.0/UDP h:-1")]
    [InlineData("SIP/2.0/UDP h :")]
    [InlineData("SIP/2.0/UDP h x")]
    [InlineData("SIP/2.0/UDP a@h")]
    [InlineData("SIP/2.0/UDP 2001:db8::1")]
    [InlineData("SIP/2.0/UDP -192.0.2.10:40000")]
    [InlineData("SIP/2.0/UDP a..b:5060")]
    [InlineData("SIP/2.0/UDP .a : 5060")]
    [InlineData("SIP/2.0/UDP h;;branch=b")]
    [InlineData("SIP/2.0/UDP h;branch=")]
    [InlineData("SIP/2.0/UDP h\0")]
    public void TryParse_Malformed_IsRefused(string text) => Assert.False(Via.TryParse(Encoding.Latin1.GetBytes(text), out _));
}
