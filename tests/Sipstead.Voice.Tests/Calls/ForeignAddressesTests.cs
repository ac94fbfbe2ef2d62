using System.Net;
using Sipstead.Sip.Transport;
using Sipstead.Voice.Calls;
using Sipstead.Voice.Tests.Harness;

namespace Sipstead.Voice.Tests.Calls;

/// <summary>Which addresses calls to foreign hosts may lead to (S-14).</summary>
public sealed class ForeignAddressesTests
{
    [Theory]
    [InlineData("8.8.8.8:5060", true)]
    [InlineData("[2a00:1450::5]:5061", true)]
    [InlineData("8.8.8.8:53", false)]
    [InlineData("8.8.8.8:0", false)]
    [InlineData("127.0.0.1:5060", false)]
    [InlineData("[::1]:5060", false)]
    [InlineData("[::ffff:127.0.0.1]:5060", false)]
    [InlineData("0.0.0.0:5060", false)]
    [InlineData("10.0.0.1:5060", false)]
    [InlineData("169.254.169.254:5060", false)]
    [InlineData("[fe80::1]:5060", false)]
    [InlineData("[fd00:ec2::254]:5060", false)]
    [InlineData("224.0.0.1:5060", false)]
    [InlineData("255.255.255.255:5060", false)]
    [InlineData("[64:ff9b::7f00:1]:5060", false)]
    [InlineData("198.51.100.7:5060", false)] // documentation
    public void S_14_Addresses_AreJudged(string address, bool isAllowed) => Assert.Equal(isAllowed, Allows(new VoiceOptions(), address));

    [Theory]
    [InlineData("10.0.0.0/8", "10.1.2.3:5060", true)]
    [InlineData("10.0.0.0/8", "192.168.1.1:5060", false)]
    [InlineData("0.0.0.0/0", "224.0.0.1:5060", false)]
    [InlineData("0.0.0.0/0", "0.0.0.0:5060", false)]
    [InlineData("0.0.0.0/0", "10.1.2.3:22", false)]
    public void S_14_AllowedNetworks_OpenWhatCanBeSentTo(string network, string address, bool isAllowed) =>
        Assert.Equal(isAllowed, Allows(new VoiceOptions { AllowedNetworks = [network] }, address));

    [Fact]
    public void AddressThatTheOperatorNamedAsAHost_IsAllowed()
    {
        var options = new VoiceOptions { SipHosts = ["10.0.0.7", "[fd00::7]", "pbx.lan"] };
        Assert.Equal((true, true, false), (Allows(options, "10.0.0.7:5060"), Allows(options, "[fd00::7]:5060"), Allows(options, "10.0.0.8:5060")));
    }

    [Fact]
    public void Loopback_IsAllowedWhileTheApiIsOnLoopbackOnly()
    {
        var options = new VoiceOptions { AllowLoopback = true };
        Assert.Equal((true, true, false), (Allows(options, "127.0.0.1:5070"), Allows(options, "[::1]:5070"), Allows(options, "10.0.0.1:5070")));
    }

    [Fact]
    public void S_14_OwnListeners_AreRefused_WhateverIsAllowed() =>
        Assert.False(new ForeignAddresses(new VoiceOptions { AllowLoopback = true }, new OwnEverything()).Allows(new(IPEndPoint.Parse("127.0.0.1:5070"))));

    [Fact]
    public void AllowedNetworks_AreChecked() =>
        Assert.Equal(
            "Sipstead:Voice:AllowedNetworks holds \"lan\": give networks separated by commas, like 192.168.1.0/24,fd00::/8.",
            Assert.Single(new VoiceOptions { AllowedNetworks = ["10.0.0.0/8", "lan"] }.Validate()));

    private static bool Allows(VoiceOptions options, string address) => new ForeignAddresses(options, new PhoneFlows()).Allows(new(IPEndPoint.Parse(address)));

    private sealed class OwnEverything : ISipFlows
    {
        public bool TrySend(in SipFlow flow, ReadOnlySpan<byte> message) => false;

        public bool IsReachable(in SipFlow flow) => false;

        public void Keep(in SipFlow flow, TimeSpan lifetime)
        {
        }

        public void EndAfterSilence(in SipFlow flow, TimeSpan silence)
        {
        }

        public bool IsOwnListener(TransportAddress address) => true;
    }
}
