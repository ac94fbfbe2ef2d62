using System.Net;
using CsCheck;
using Sipstead.Webhooks.Addresses;

namespace Sipstead.Webhooks.Tests.Addresses;

public sealed class AddressPolicyTests
{
    private static readonly AddressPolicy Default = new(new WebhookOptions());

    [Theory]
    [InlineData("8.8.8.8")]
    [InlineData("100.63.255.255")]
    [InlineData("100.128.0.0")]
    [InlineData("172.15.255.255")]
    [InlineData("172.32.0.0")]
    [InlineData("223.255.255.255")]
    [InlineData("::ffff:8.8.8.8")]
    [InlineData("64:ff9b::8.8.8.8")]
    [InlineData("2606:4700:4700::1111")]
    [InlineData("2001:4860:4860::8888")]
    public void Public_IsAllowed(string address) => Assert.True(Default.Allows(IPAddress.Parse(address)));

    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("0.1.2.3")]
    [InlineData("10.255.255.255")]
    [InlineData("100.64.0.0")]
    [InlineData("100.100.100.200")]
    [InlineData("100.127.255.255")]
    [InlineData("127.255.255.254")]
    [InlineData("168.63.129.16")]
    [InlineData("169.254.169.254")]
    [InlineData("172.31.255.255")]
    [InlineData("192.0.0.192")]
    [InlineData("192.0.2.1")]
    [InlineData("192.88.99.1")]
    [InlineData("192.168.255.255")]
    [InlineData("198.19.255.255")]
    [InlineData("198.51.100.1")]
    [InlineData("203.0.113.1")]
    [InlineData("239.255.255.255")]
    [InlineData("255.255.255.255")]
    [InlineData("::")]
    [InlineData("::1")]
    [InlineData("::127.0.0.1")]
    [InlineData("::ffff:10.0.0.1")]
    [InlineData("::ffff:0:127.0.0.1")]
    [InlineData("64:ff9b::169.254.169.254")]
    [InlineData("64:ff9b:1::8.8.8.8")]
    [InlineData("100::1")]
    [InlineData("2001::1")]
    [InlineData("2001:db8::1")]
    [InlineData("2002:7f00:1::")]
    [InlineData("3fff::1")]
    [InlineData("5f00::1")]
    [InlineData("fc00::1")]
    [InlineData("fd00:ec2::254")]
    [InlineData("fe80::1")]
    [InlineData("fe80::1%1")]
    [InlineData("fec0::1")]
    [InlineData("ff02::1")]
    public void NotPublic_IsRefused(string address) => Assert.False(Default.Allows(IPAddress.Parse(address)));

    [Theory]
    [InlineData("127.0.0.1", true)]
    [InlineData("127.9.9.9", true)]
    [InlineData("::1", true)]
    [InlineData("::ffff:127.0.0.1", true)]
    [InlineData("0.0.0.0", false)]
    [InlineData("::", false)]
    [InlineData("64:ff9b::7f00:1", false)]
    [InlineData("10.0.0.1", false)]
    [InlineData("fd00::1", false)]
    [InlineData("169.254.169.254", false)]
    [InlineData("8.8.8.8", true)]
    public void AllowLoopback_AllowsNothingElse(string address, bool isAllowed) =>
        Assert.Equal(isAllowed, new AddressPolicy(new WebhookOptions { AllowLoopback = true }).Allows(IPAddress.Parse(address)));

    [Theory]
    [InlineData("192.168.1.0", true)]
    [InlineData("192.168.1.255", true)]
    [InlineData("::ffff:192.168.1.7", true)]
    [InlineData("192.168.2.0", false)]
    [InlineData("10.0.0.7", true)]
    [InlineData("10.0.0.8", false)]
    [InlineData("fd00::7", true)]
    [InlineData("fc00::7", false)]
    [InlineData("127.0.0.1", false)]
    public void AllowedNetworks_AllowThemselves(string address, bool isAllowed) =>
        Assert.Equal(
            isAllowed,
            new AddressPolicy(new WebhookOptions { AllowedNetworks = ["192.168.1.0/24", "10.0.0.7", "fd00::/8"] }).Allows(IPAddress.Parse(address)));

    [Theory]
    [InlineData("https://example.com/a?b#c", null)]
    [InlineData("http://example.com:8080/", null)]
    [InlineData("http://8.8.8.8:22222/", null)]
    [InlineData("http://example.com:22/", "port")]
    [InlineData("http://example.com:11211/", "port")]
    [InlineData("http://example.com:0/", "port")]
    [InlineData("ws://example.com/", "scheme")]
    [InlineData("data:text/plain,a", "scheme")]
    [InlineData("/relative", "scheme")]
    [InlineData("http://user@example.com/", "credentials")]
    [InlineData("http://127.1/", "address")]
    [InlineData("http://[::ffff:7f00:1]/", "address")]
    public void RefusalOf_SaysWhy(string url, string? reason) => Assert.Equal(reason, Default.RefusalOf(new Uri(url, UriKind.RelativeOrAbsolute))?.Reason);

    [Fact]
    public void RefusalOf_AnyUrl_DoesNotThrow() =>
        Gen.OneOf(Gen.String[Gen.Char["a1.:@%/?#[]-xñ。①\0 "], 0, 12].Select(text => "http://" + text), Gen.String).Sample(
            text =>
            {
                if (Uri.TryCreate(text, UriKind.RelativeOrAbsolute, out var url)) Default.RefusalOf(url);
            },
            iter: 20_000);

    [Fact]
    public void NotedInIpv6_AnIpv4AddressIsJudgedAlike() =>
        Gen.UInt.Sample(bits =>
        {
            var address = new IPAddress([(byte)(bits >> 24), (byte)(bits >> 16), (byte)(bits >> 8), (byte)bits]);
            Assert.Equal(Default.Allows(address), Default.Allows(address.MapToIPv6()));
            Assert.Equal(Default.Allows(address), Default.Allows(IPAddress.Parse($"64:ff9b::{address}")));
        });
}
