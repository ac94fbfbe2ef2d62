using System.Net;
using Microsoft.Extensions.Time.Testing;
using Sipstead.Media.Rtp;

namespace Sipstead.Media.Tests.Rtp;

/// <summary>Whose packets are taken, and where ours go: against bleed and injection (MED-04).</summary>
public sealed class SourceLatchTests
{
    private const string Described = "198.51.100.1:4000";
    private const string Attacker = "203.0.113.66:6666";
    private const string PrivateDescribed = "192.168.1.20:4000";
    private const string Nat = "198.51.100.9:31000";

    private readonly FakeTimeProvider _time = new();
    private readonly SourceLatch _latch;
    private ushort _sequence;

    public SourceLatchTests() => _latch = new SourceLatch(_time, Packets.Address("198.51.100.7:20000"));

    [Fact]
    public void MED_04_DescribedSource_IsTakenAtOnce_AndLocked()
    {
        _latch.Open(Packets.Address(Described));
        Assert.True(Take(Described));
        Assert.False(Take(Attacker, 10));
        Assert.Equal(Described, $"{_latch.Destination}");
    }

    [Fact]
    public void MED_04_ForeignHost_IsNeverTaken_WhereTheDescribedAddressIsPublic()
    {
        _latch.Open(Packets.Address(Described));
        Assert.False(Take(Attacker, 50));
        Assert.Equal(Described, $"{_latch.Destination}");
        Assert.True(Take(Described));
    }

    [Fact]
    public void MED_04_OtherPortOfTheHost_IsLearnedAfterThreePacketsInARow()
    {
        _latch.Open(Packets.Address(Described));
        Assert.False(Take("198.51.100.1:5555", 2));
        Assert.Equal(Described, $"{_latch.Destination}");
        Assert.True(Take("198.51.100.1:5555"));
        Assert.Equal("198.51.100.1:5555", $"{_latch.Destination}");
    }

    [Fact]
    public void MED_04_PacketsThatAreNotInLine_ProveNothing()
    {
        _latch.Open(Packets.Address(PrivateDescribed));
        for (var i = 0; i < 20; i++)
        {
            _sequence += 5;
            Assert.False(Take(Nat));
        }

        for (var ssrc = 0u; ssrc < 20; ssrc++) Assert.False(Take(Nat, ssrc: ssrc));
    }

    [Fact]
    public void MED_04_PrivateAddress_IsLearnedBySource_AndNothingIsSentBefore()
    {
        _latch.Open(Packets.Address(PrivateDescribed));
        Assert.True(_latch.Destination.IsNone);
        Assert.True(Take(Nat, 3));
        Assert.Equal(Nat, $"{_latch.Destination}");
        Assert.False(Take(Attacker, 50));
        Assert.Equal(Nat, $"{_latch.Destination}");
    }

    [Fact]
    public void MED_04_WhereSignallingIsKnown_OnlyItsHostIsLearned()
    {
        _latch.Signalling = new MediaAddress(IPAddress.Parse("198.51.100.9"), 1);
        _latch.Open(Packets.Address(PrivateDescribed));
        Assert.False(Take(Attacker, 50));
        Assert.True(Take(Nat, 3));
    }

    /// <summary>A softphone that registers at 127.0.0.1 with its address in the LAN: what it sends to 127.0.0.1 leaves from there, whatever its description says.</summary>
    [Fact]
    public void MED_04_PhoneOnThisMachine_IsLearnedAtLoopback_ThoughItNamesAnotherAddressOfTheMachine()
    {
        var latch = new SourceLatch(_time, Packets.Address("127.0.0.1:20000")) { Signalling = Packets.Address(Described) };
        latch.Open(Packets.Address(Described));
        Assert.False(Take(latch, "127.0.0.1:4000", 2));
        Assert.True(Take(latch, "127.0.0.1:4000"));
        Assert.Equal("127.0.0.1:4000", $"{latch.Destination}");
        Assert.False(Take(latch, "127.0.0.1:6666", 50));
    }

    [Fact]
    public void MED_04_PhoneThatSignalsFromLoopback_IsNoOtherHostOfIt()
    {
        var latch = new SourceLatch(_time, Packets.Address("127.0.0.1:20000")) { Signalling = Packets.Address("127.0.0.2:5060") };
        latch.Open(Packets.Address("127.0.0.2:4000"));
        Assert.False(Take(latch, "127.0.0.3:4000", 50));
    }

    [Fact]
    public void MED_04_AfterTheWindow_OnlyTheDescribedSourceIsTaken()
    {
        _latch.Open(Packets.Address(PrivateDescribed));
        _time.Advance(SourceLatch.Window);
        Assert.False(Take(Nat, 50));
        Assert.True(Take(PrivateDescribed));
    }

    [Fact]
    public void MED_04_DescribedSource_TakesOverWithinTheWindow_NotAfter()
    {
        _latch.Open(Packets.Address(PrivateDescribed));
        Assert.True(Take(Attacker, 3));
        Assert.True(Take(PrivateDescribed));
        Assert.False(Take(Attacker, 50));

        _latch.Open(Packets.Address("192.168.1.21:4000"));
        Assert.True(Take(Nat, 3));
        _time.Advance(SourceLatch.Window);
        Assert.False(Take("192.168.1.21:4000", 5));
    }

    [Fact]
    public void MED_04_NewOffer_KeepsASourceThatGoesOn_AndLetsOneThatIsGoneBeReplaced()
    {
        _latch.Open(Packets.Address(PrivateDescribed));
        Assert.True(Take(Nat, 3));
        _latch.Open(Packets.Address(PrivateDescribed));
        Assert.True(Take(Nat));
        Assert.False(Take(Attacker, 10));

        _time.Advance(SourceLatch.Window);
        Assert.False(Take(Attacker, 10));
        _latch.Open(Packets.Address(PrivateDescribed));
        Assert.True(Take("198.51.100.9:31002", 3));
    }

    [Fact]
    public void MED_04_NewDescribedAddress_ForgetsTheOldSource()
    {
        _latch.Open(Packets.Address(Described));
        Assert.True(Take(Described));
        _latch.Open(Packets.Address("198.51.100.2:4000"));
        Assert.Equal("198.51.100.2:4000", $"{_latch.Destination}");
        Assert.False(Take(Described, 5));
        Assert.True(Take("198.51.100.2:4000"));
    }

    [Theory]
    [InlineData("198.51.100.7", "127.0.0.1:5060", false)] // nothing is reflected into ourselves
    [InlineData("198.51.100.7", "10.0.0.1:5060", false)]
    [InlineData("198.51.100.7", "169.254.169.254:80", false)]
    [InlineData("198.51.100.7", "100.64.0.1:5060", false)]
    [InlineData("192.168.1.2", "127.0.0.1:5060", false)]
    [InlineData("192.168.1.2", "10.0.0.1:5060", true)]
    [InlineData("127.0.0.1", "127.0.0.1:5060", true)]
    [InlineData("127.0.0.1", "192.168.1.2:5060", true)]
    [InlineData("0.0.0.0", "192.168.1.2:5060", true)]
    [InlineData("198.51.100.7", "203.0.113.1:5060", true)]
    [InlineData("2001:db8::7", "[::1]:5060", false)]
    [InlineData("2001:db8::7", "[fe80::1]:5060", false)]
    [InlineData("2001:db8::7", "[fd00::1]:5060", false)]
    [InlineData("2001:db8::7", "[2001:db8::9]:5060", true)]
    public void MED_04_AddressesOfNetworksThatWeAreNotIn_AreNotSentTo(string local, string described, bool isSent)
    {
        var latch = new SourceLatch(_time, new MediaAddress(IPAddress.Parse(local), 20_000));
        latch.Open(Packets.Address(described));
        Assert.Equal(isSent, !latch.Destination.IsNone);
    }

    /// <summary>Takes packets in line; the answer to the last.</summary>
    private bool Take(string source, int count = 1, uint ssrc = 7) => Take(_latch, source, count, ssrc);

    private bool Take(SourceLatch latch, string source, int count = 1, uint ssrc = 7)
    {
        var isTaken = false;
        for (var i = 0; i < count; i++)
        {
            Assert.True(RtpPacket.TryRead(Packets.Rtp(_sequence++, 0, [], ssrc: ssrc), out var packet));
            isTaken = latch.Accepts(packet, Packets.Address(source));
        }

        return isTaken;
    }
}
