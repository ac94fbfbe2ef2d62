using System.Net;
using CsCheck;
using Sipstead.Sip.Locating;
using Sipstead.Sip.Transport;
using Xunit;

namespace Sipstead.Sip.Tests.Locating;

/// <summary>Cases of RFC 6724 10.2, with what a local address faces a destination.</summary>
public sealed class AddressOrderTests
{
    [Theory]
    [InlineData("2001:db8:1::1 198.51.100.121", "2001:db8:1::2 169.254.13.78", "2001:db8:1::1 198.51.100.121")] // matching scope
    [InlineData("2001:db8:1::1 198.51.100.121", "fe80::1 198.51.100.117", "198.51.100.121 2001:db8:1::1")] // matching scope
    [InlineData("2001:db8:1::1 10.1.2.3", "2001:db8:1::2 10.1.2.4", "2001:db8:1::1 10.1.2.3")] // higher precedence
    [InlineData("198.51.100.121 2001:db8:1::1", "198.51.100.117 2001:db8:1::2", "2001:db8:1::1 198.51.100.121")]
    [InlineData("2001:db8:1::1 198.51.100.121", "- 198.51.100.117", "198.51.100.121 2001:db8:1::1")] // usable
    [InlineData("2001:db8:1::1 198.51.100.121", "fd00::2 198.51.100.117", "198.51.100.121 2001:db8:1::1")] // matching label
    [InlineData("2002:c633:6401::1 2001:db8:1::1", "2002:c633:6401::2 2001:db8:1::2", "2001:db8:1::1 2002:c633:6401::1")] // higher precedence
    [InlineData("127.0.0.1 ::1", "127.0.0.1 ::1", "::1 127.0.0.1")]
    public void Destinations_AreOrderedByTheirSources(string destinations, string sources, string expected)
    {
        var facing = destinations.Split(' ').Zip(sources.Split(' ')).ToDictionary(pair => Parse(pair.First)!.Value, pair => Parse(pair.Second));
        var ordered = AddressOrder.Of(facing.Keys, address => facing[address]);
        Assert.Equal(expected.Split(' '), ordered.Select(address => address.ToIPAddress().ToString()));
    }

    [Fact]
    public void AnyAddresses_AreAllThere_AndEqualsKeepTheirOrder() =>
        Gen.Select(Gen.UInt, Gen.Bool, (number, isIpv6) => new TransportAddress(isIpv6 ? ((UInt128)0x2001_0DB8 << 96) | number : ((UInt128)0xFFFF << 32) | 0xC0000200 | (number & 0xFF), 5060))
            .List[0, 20].Sample(addresses =>
            {
                var ordered = AddressOrder.Of(addresses, address => Parse(address.IsIpv4 ? "192.0.2.1" : "2001:db8::1"));
                Assert.Equal(addresses.Where(address => !address.IsIpv4).Concat(addresses.Where(address => address.IsIpv4)), ordered);
            });

    private static TransportAddress? Parse(string text) => text == "-" ? null : new TransportAddress(new IPEndPoint(IPAddress.Parse(text), 0));
}
