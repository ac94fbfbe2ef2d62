using System.Net;
using System.Net.Sockets;
using System.Text;
using CsCheck;
using Sipstead.Sip.Transport;
using Xunit;

namespace Sipstead.Sip.Tests.Transport;

public sealed class TransportAddressTests
{
    private const string Seed = "0N0XIzNsQ0O2";

    private static readonly Gen<IPEndPoint> EndPoints = Gen.Select(
        Gen.OneOf(
            Gen.Byte.Array[4],
            Gen.Byte.Array[16],
            Gen.Int[0, 3].Select(i => (byte)(i == 2 ? 1 : i == 3 ? 0xFF : 0)).Array[16],
            Gen.Int[0, 4].Select(i => (byte)(i == 4 ? 0x20 : 0)).Array[16]),
        Gen.Int[0, 65535]).Select((octets, port) => new IPEndPoint(new IPAddress(octets), port));

    [Fact]
    public void FormatAddress_ReadByTheFramework_IsTheSameAddress() => EndPoints.Sample(
        endPoint =>
        {
            var address = new TransportAddress(endPoint);
            Span<byte> text = stackalloc byte[TransportAddress.MaxTextLength];
            var length = address.FormatAddress(text);
            Assert.Equal(endPoint.Address.MapToIPv6(), IPAddress.Parse(Encoding.ASCII.GetString(text[..length])).MapToIPv6());
            Assert.True(TransportAddress.TryParseHost(text[..length], endPoint.Port, out var again));
            Assert.Equal(address, again);
            if (!address.IsIpv4)
            {
                Assert.True(TransportAddress.TryParseHost([(byte)'[', .. text[..length], (byte)']'], endPoint.Port, out again));
                Assert.Equal(address, again);
            }
        },
        seed: Seed,
        iter: 20_000);

    [Fact]
    public void TryParseHost_OfAnyTextOfAnAddress_AgreesWithTheFramework() => Gen.Char["0123:::fF.9"].Array[2, 20].Select(c => new string(c)).Sample(
        text =>
        {
            if (!text.Contains(':', StringComparison.Ordinal)) return;
            var standard = text.Contains('.', StringComparison.Ordinal) ? text.Replace(":::", "::", StringComparison.Ordinal) : text; // RFC 5118 4.10
            var known = IPAddress.TryParse(standard, out var expected);
            var accepted = TransportAddress.TryParseHost(Encoding.ASCII.GetBytes(text), 5060, out var address);
            Assert.True(!accepted || known, $"{text} is accepted here alone");
            if (accepted) Assert.Equal(expected!.MapToIPv6(), address.ToIPAddress().MapToIPv6());
            else Assert.True(!known || text.Contains('.', StringComparison.Ordinal), $"{text} is refused here alone"); // leading zeros of IPv4 parts
        },
        seed: Seed,
        iter: 200_000);

    [Fact]
    public void Sockaddr_ThereAndBack_IsTheSame() => EndPoints.Sample(
        endPoint =>
        {
            var address = new TransportAddress(endPoint);
            Span<byte> sockaddr = stackalloc byte[28];
            Assert.Equal(address.IsIpv4 ? 16 : 28, address.WriteSockaddr(sockaddr));
            Assert.Equal(address, TransportAddress.FromSockaddr(sockaddr));
            Assert.Equal(endPoint.Address.MapToIPv6(), address.ToIPAddress().MapToIPv6());
        },
        seed: Seed,
        iter: 5_000);

    [Theory]
    [InlineData("::", "::")]
    [InlineData("::1", "::1")]
    [InlineData("1::", "1::")]
    [InlineData("2001:DB8:0:0:0:0:0:1", "2001:db8::1")]
    [InlineData("2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1")]
    [InlineData("2001:0:0:1:0:0:0:1", "2001:0:0:1::1")]
    [InlineData("2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1")]
    [InlineData("::ffff:192.0.2.1", "192.0.2.1")]
    [InlineData("255.255.255.255", "255.255.255.255")]
    public void FormatAddress_IsTheFormOfRfc5952(string text, string expected)
    {
        Span<byte> formatted = stackalloc byte[TransportAddress.MaxTextLength];
        var length = new TransportAddress(new IPEndPoint(IPAddress.Parse(text), 0)).FormatAddress(formatted);
        Assert.Equal(expected, Encoding.ASCII.GetString(formatted[..length]));
    }

    [Theory]
    [InlineData("")]
    [InlineData("example.com")]
    [InlineData("127.1")]
    [InlineData("0x7f.0.0.1")]
    [InlineData("2130706433")]
    [InlineData("127.0.0.01")]
    [InlineData("010.0.0.1")]
    [InlineData("127.0.0.256")]
    [InlineData("127.0.0.1.")]
    [InlineData("127.0.0.1.2")]
    [InlineData("127..0.1")]
    [InlineData("127.0.0.1 ")]
    [InlineData("[")]
    [InlineData("[]")]
    [InlineData("[:")]
    [InlineData("[::1")]
    [InlineData("[127.0.0.1]")]
    [InlineData("::1]")]
    [InlineData("1:2")]
    public void TryParseHost_WhatIsNoAddress_IsRefused(string host) => Assert.False(TransportAddress.TryParseHost(Encoding.ASCII.GetBytes(host), 5060, out _));

    [Theory]
    [InlineData("127.0.0.1", true, false, false)]
    [InlineData("127.255.255.255", true, false, false)]
    [InlineData("::1", true, false, false)]
    [InlineData("::ffff:127.0.0.1", true, false, false)]
    [InlineData("0.0.0.0", false, true, false)]
    [InlineData("::", false, true, false)]
    [InlineData("223.255.255.255", false, false, false)]
    [InlineData("224.0.0.1", false, false, true)]
    [InlineData("239.255.255.255", false, false, true)]
    [InlineData("240.0.0.1", false, false, false)]
    [InlineData("255.255.255.255", false, false, true)]
    [InlineData("255.255.255.254", false, false, false)]
    [InlineData("ff02::1", false, false, true)]
    [InlineData("fe80::1", false, false, false)]
    [InlineData("192.0.2.1", false, false, false)]
    public void Classes_AreThoseOfTheAddress(string text, bool loopback, bool any, bool multicast)
    {
        var address = new TransportAddress(new IPEndPoint(IPAddress.Parse(text), 5060));
        Assert.Equal(loopback, address.IsLoopback);
        Assert.Equal(any, address.IsAny);
        Assert.Equal(multicast, address.IsMulticastOrBroadcast);
        Assert.Equal(!any && !multicast, DestinationPolicy.MayReceive(address));
        Assert.False(DestinationPolicy.MayReceive(address.WithPort(0)));
    }

    [Fact]
    public void Constructor_LinkLocal_KeepsItsScope()
    {
        var address = new TransportAddress(new IPEndPoint(IPAddress.Parse("fe80::1%3"), 5060));
        Assert.Equal(3u, address.ScopeId);
        Assert.Equal(3, address.ToIPAddress().ScopeId);
        Assert.Equal(AddressFamily.InterNetworkV6, address.ToIPEndPoint().AddressFamily);
    }
}
