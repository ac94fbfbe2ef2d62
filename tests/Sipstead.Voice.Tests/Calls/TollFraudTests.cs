using Microsoft.Extensions.Logging.Abstractions;
using Sipstead.Provisioning.View;
using Sipstead.Voice.Calls;
using Sipstead.Voice.Tests.Trunks;
using Sipstead.Voice.Trunks;

namespace Sipstead.Voice.Tests.Calls;

/// <summary>Which dialled strings leave this server (S-48): SIP URIs of the hosts that the operator named, and nothing else, however a number is written.</summary>
public sealed class TollFraudTests
{
    private const string Trunk = "trunk.example.net";
    private const string From = "+12025550100";
    private const long Account = 9_900_000;

    /// <summary>Without a registrar, which is asked for temporary GRUUs alone.</summary>
    private static readonly DestinationResolver Resolver = ResolverOf(new ProvisioningView(NullLogger<ProvisioningView>.Instance));

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
        Assert.Equal(CallCause.Rejected, Assert.IsType<Destination.Unreachable>(Resolver.Resolve(Account, to, From)).Cause);

    [Theory]
    [InlineData("sip:+12025550123@trunk.example.net", 5060)]
    [InlineData("SIP:0012025550123@TRUNK.example.net:5080", 5080)]
    public void S_48_WhatTheOperatorNamed_IsCalledThere(string to, int port)
    {
        var destination = Assert.IsType<Destination.Foreign>(Resolver.Resolve(Account, to, From));
        Assert.Equal((Trunk, port), (destination.Target.Host.ToLowerInvariant(), destination.Target.PortOrDefault));
    }

    /// <summary>A trunk at carrier.example:5070 that takes numbers of North America but for 900, and one caller.</summary>
    [Theory]
    [InlineData("+12025550123", From, "+12025550123")]
    [InlineData("sip:+12025550123@carrier.example", From, "+12025550123")]
    [InlineData("SIP:12025550123@CARRIER.example:5070;user=phone", From, "+12025550123")]
    [InlineData("sip:%2B12025550123@carrier.example", From, "+12025550123")]
    [InlineData("+12025550123", "+12025550199", null)] // another caller
    [InlineData("sip:+12025550123@carrier.example", "+12025550199", null)]
    [InlineData("sip:+12025550123@carrier.example", "sip:alice@office.example", null)]
    [InlineData("sip:+12025550123@carrier.example", "", null)]
    [InlineData("+19005550123", From, null)]
    [InlineData("+442079460000", From, null)]
    [InlineData("0012025550123", From, null)]
    [InlineData("sip:0012025550123@carrier.example", From, null)]
    [InlineData("sip:01112025550123@carrier.example", From, null)]
    [InlineData("sip:+19005550123@carrier.example", From, null)]
    [InlineData("sip:%2B1900%35550123@carrier.example", From, null)]
    [InlineData("sip:9005550123@carrier.example", From, null)]
    [InlineData("sip:alice@carrier.example", From, null)]
    [InlineData("sip:+12025550123@carrier.example:5080", From, null)] // another port
    [InlineData("sip:+12025550123@carrier.example:0", From, null)]
    [InlineData("sip:+12025550123@carrier.example;maddr=192.0.2.1", From, null)]
    [InlineData("sip:+12025550123@a.carrier.example", From, null)]
    [InlineData("sip:+12025550123@carrier.example.other.example", From, null)]
    [InlineData("tel:+12025550123", From, null)]
    public void S_48_TrunkTakesItsNumbersAndCallersAlone(string to, string from, string? user)
    {
        var view = new ProvisioningView(NullLogger<ProvisioningView>.Instance);
        view.SetTrunk(TrunkTest.Entry(
            7, Account, "carrier.example", 5070, outbound: ["+1202???????", "+1212???????"], callerIds: [From]));
        var destination = ResolverOf(view).Resolve(Account, to, from);
        if (user is null) Assert.Equal(CallCause.Rejected, Assert.IsType<Destination.Unreachable>(destination).Cause);
        else Assert.Equal((user, 7), (Assert.IsType<Destination.Trunk>(destination).User, ((Destination.Trunk)destination).Trunks.Single().Id));
        Assert.IsType<Destination.Unreachable>(ResolverOf(view).Resolve(Account + 1, to, from)); // S-10: the trunk of another account
    }

    private static DestinationResolver ResolverOf(ProvisioningView view) =>
        new(view, registrar: null!, new TrunkChoice(view, new TrunkTest.Health()), new VoiceOptions { SipHosts = [Trunk] });
}
