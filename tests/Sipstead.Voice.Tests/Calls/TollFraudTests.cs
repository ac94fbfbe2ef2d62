using Microsoft.Extensions.Logging.Abstractions;
using Sipstead.Provisioning.View;
using Sipstead.Voice.Calls;

namespace Sipstead.Voice.Tests.Calls;

/// <summary>Which dialled strings leave this server (S-48): SIP URIs of the hosts that the operator named, and nothing else, however a number is written.</summary>
public sealed class TollFraudTests
{
    private const string Trunk = "trunk.example.net";

    /// <summary>Without a registrar, which is asked for temporary GRUUs alone.</summary>
    private static readonly DestinationResolver Resolver =
        new(new ProvisioningView(NullLogger<ProvisioningView>.Instance), registrar: null!, new VoiceOptions { SipHosts = [Trunk] });

    [Theory]
    [InlineData("+12025550123")]
    [InlineData("0012025550123")]
    [InlineData("01112025550123")]
    [InlineData("0 0 1 202 555 0123")]
    [InlineData("*72 0012025550123#")]
    [InlineData("tel:+12025550123")]
    [InlineData("TEL:0012025550123;phone-context=trunk.example.net")]
    [InlineData("sips:+12025550123@trunk.example.net")]
    [InlineData("sip:+12025550123@other.example.net")]
    [InlineData("sip:+12025550123@other.example.net;user=phone")]
    [InlineData("sip:%2B12025550123@other.example.net")]
    [InlineData("sip:+12025550123%40trunk.example.net@other.example.net")]
    [InlineData("sip:trunk.example.net@other.example.net")]
    [InlineData("sip:+12025550123:trunk.example.net@other.example.net")]
    [InlineData("sip:+12025550123@trunk.example.net@other.example.net")]
    [InlineData("sip:+12025550123@trunk.example.net.other.example")]
    [InlineData("sip:+12025550123@a.trunk.example.net")]
    [InlineData("sip:+12025550123@other.example.net;maddr=trunk.example.net")]
    [InlineData("sip:+12025550123@other.example.net?Route=%3Csip:trunk.example.net%3E")]
    [InlineData("sip:+12025550123@192.0.2.1")]
    [InlineData("sip:")]
    [InlineData("")]
    public void S_48_WhatTheOperatorDidNotName_IsNotCalled(string to) =>
        Assert.Equal(CallCause.Rejected, Assert.IsType<Destination.Unreachable>(Resolver.Resolve(9_900_000, to)).Cause);

    [Theory]
    [InlineData("sip:+12025550123@trunk.example.net", 5060)]
    [InlineData("SIP:0012025550123@TRUNK.example.net:5080", 5080)]
    public void S_48_WhatTheOperatorNamed_IsCalledThere(string to, int port)
    {
        var destination = Assert.IsType<Destination.Foreign>(Resolver.Resolve(9_900_000, to));
        Assert.Equal((Trunk, port), (destination.Target.Host.ToLowerInvariant(), destination.Target.PortOrDefault));
    }
}
