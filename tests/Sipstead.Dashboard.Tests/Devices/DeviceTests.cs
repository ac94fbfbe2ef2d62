using Sipstead.Dashboard.Devices;
using Sipstead.Sip.Transport;

namespace Sipstead.Dashboard.Tests.Devices;

/// <summary>What a row of the list says of a registration.</summary>
public sealed class DeviceTests
{
    [Theory]
    [InlineData("sip:alice@192.0.2.7:5060", "192.0.2.7:5060", SipTransport.Udp, NatFinding.None)]
    [InlineData("sip:alice@192.0.2.7", "192.0.2.7:5060", SipTransport.Udp, NatFinding.None)]
    [InlineData("sip:alice@10.0.0.7:5060", "192.0.2.7:5060", SipTransport.Udp, NatFinding.Seen)]
    [InlineData("sip:alice@192.0.2.7:5060", "192.0.2.7:40000", SipTransport.Udp, NatFinding.Seen)]
    [InlineData("sip:alice@192.0.2.7:5060;transport=tcp", "192.0.2.7:40000", SipTransport.Tcp, NatFinding.None)]
    [InlineData("sip:alice@10.0.0.7:5060;transport=tcp", "192.0.2.7:40000", SipTransport.Tcp, NatFinding.Seen)]
    [InlineData("sip:alice@[2001:db8::7]:5060", "[2001:db8::7]:5060", SipTransport.Udp, NatFinding.None)]
    [InlineData("sip:alice@[2001:db8::8]:5060", "[2001:db8::7]:5060", SipTransport.Udp, NatFinding.Seen)]
    [InlineData("sip:alice@phone.example", "192.0.2.7:5060", SipTransport.Udp, NatFinding.Unknown)]
    [InlineData("tel:+12025550100", "192.0.2.7:5060", SipTransport.Udp, NatFinding.Unknown)]
    [InlineData("", "192.0.2.7:5060", SipTransport.Udp, NatFinding.Unknown)]
    internal void Nat_IsSeen_WhereTheSourceDiffersFromTheContact(string contact, string source, SipTransport transport, NatFinding finding) =>
        Assert.Equal(finding, NatFindings.Of(Bindings.Of(1, contact: contact, source: source, transport: transport)));

    [Theory]
    [InlineData(1, "0:01")]
    [InlineData(599, "9:59")]
    [InlineData(3_599, "59:59")]
    [InlineData(3_600, "1:00:00")]
    [InlineData(86_399, "23:59:59")]
    [InlineData(90_061, "25:01:01")]
    public void ExpiresIn_IsMinutesAndSeconds_WithHoursWhenThereAreSome(int seconds, string text) =>
        Assert.Equal(text, Bindings.Device(Bindings.Of(1, expiresIn: seconds)).ExpiresIn);

    [Theory]
    [InlineData("", true)]
    [InlineData("ALI", true)]
    [InlineData("192.0.2.7", true)]
    [InlineData("phone/1", true)]
    [InlineData("@192", true)]
    [InlineData("bob", false)]
    public void Matches_LooksAtUserContactAddressAndUserAgent(string text, bool matches) => Assert.Equal(matches, Bindings.Device(Bindings.Of(1)).Matches(text));

    [Fact]
    public void Reachability_IsInWords()
    {
        Assert.Equal("Calls go to 192.0.2.7:5060 over UDP.", Bindings.Device(Bindings.Of(1)).Reachability);
        Assert.StartsWith("The connection that it registered over is gone.", Bindings.Device(Bindings.Of(1, reachable: false)).Reachability, StringComparison.Ordinal);
    }
}
