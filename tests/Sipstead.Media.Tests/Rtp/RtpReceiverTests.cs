using Microsoft.Extensions.Time.Testing;
using Sipstead.Media.Rtp;

namespace Sipstead.Media.Tests.Rtp;

/// <summary>What is taken of a party's packets, and what is counted.</summary>
public sealed class RtpReceiverTests : IDisposable
{
    private const string Party = "192.0.2.1:4000";

    private readonly RtpReceiver _receiver;
    private readonly short[] _frame = new short[160];

    public RtpReceiverTests()
    {
        var latch = new SourceLatch(new FakeTimeProvider(), Packets.Address("192.0.2.7:20000"));
        latch.Open(Packets.Address(Party));
        _receiver = new RtpReceiver(latch) { Media = Packets.Media() };
    }

    [Fact]
    public void MED_01_PacketsThatDoNotFit_AreDroppedByReason()
    {
        Assert.Equal(PacketFate.Malformed, _receiver.Take([0x80, 0], Packets.Address(Party), default));
        Assert.Equal(PacketFate.PayloadType, Take(Packets.Rtp(1, 0, [], payloadType: 13)));
        Assert.Equal(PacketFate.Source, Take(Packets.Rtp(1, 0, []), "203.0.113.66:4000"));
        Assert.False(_receiver.HasSource);
        Assert.Equal(PacketFate.Taken, Take(Packets.Rtp(1, 0, Packets.Level(1000))));
        Assert.Equal(PacketFate.Duplicate, Take(Packets.Rtp(1, 0, Packets.Level(1000))));
        _receiver.Media = Packets.Media(mayReceive: false);
        Assert.Equal(PacketFate.Unexpected, Take(Packets.Rtp(2, 160, [])));
        Assert.Equal((1L, 160L), (_receiver.Packets, _receiver.Octets));
    }

    [Fact]
    public void MED_01_NothingIsTakenBeforeAnythingWasAgreed()
    {
        _receiver.Media = null;
        Assert.Equal(PacketFate.Unexpected, Take(Packets.Rtp(1, 0, [])));
        Assert.False(_receiver.Read(_frame));
    }

    [Fact]
    public void MED_01_NewSsrc_IsTakenWithItsSecondPacketInLine()
    {
        Assert.Equal(PacketFate.Taken, Take(Packets.Rtp(100, 0, [], ssrc: 7)));
        Assert.Equal(PacketFate.Source, Take(Packets.Rtp(9000, 5, [], ssrc: 8)));
        Assert.Equal(PacketFate.Source, Take(Packets.Rtp(9002, 5, [], ssrc: 8)));
        Assert.Equal(PacketFate.Taken, Take(Packets.Rtp(101, 160, [], ssrc: 7)));
        Assert.Equal(PacketFate.Source, Take(Packets.Rtp(9003, 5, [], ssrc: 8)));
        Assert.Equal(PacketFate.Taken, Take(Packets.Rtp(9004, 165, [], ssrc: 8)));
        Assert.Equal(8u, _receiver.Ssrc);
        Assert.Equal(0, _receiver.Statistics.Lost);
    }

    [Fact]
    public void MED_01_Loss_IsCountedOverTheEndOfTheNumbers()
    {
        foreach (var sequence in (ReadOnlySpan<int>)[65530, 65531, 65533, 65532, 65535, 1, 4]) Take(Packets.Rtp((ushort)sequence, 0, []));
        Assert.Equal(4, _receiver.Statistics.Lost); // 65534, 0, 2, 3
        Assert.Equal(0x10004u, _receiver.Statistics.HighestSequence);
        Assert.Equal(4 * 256 / 11, _receiver.Statistics.TakeFractionLost());
        Take(Packets.Rtp(3, 0, []));
        Assert.Equal((3L, 0), (_receiver.Statistics.Lost, _receiver.Statistics.TakeFractionLost()));
    }

    [Fact]
    public void MED_01_NumbersThatJump_BeginAnewWithTheSecondInLine()
    {
        Take(Packets.Rtp(10, 0, []));
        Assert.Equal(PacketFate.Duplicate, Take(Packets.Rtp(20_000, 0, [])));
        Assert.Equal(PacketFate.Taken, Take(Packets.Rtp(11, 0, [])));
        Assert.Equal(PacketFate.Duplicate, Take(Packets.Rtp(20_000, 0, [])));
        Assert.Equal(PacketFate.Taken, Take(Packets.Rtp(20_001, 0, [])));
        Assert.Equal(0, _receiver.Statistics.Lost);
    }

    [Fact]
    public void MED_01_PacketBeforeTheFirst_IsCounted()
    {
        Take(Packets.Rtp(0, 0, []));
        Assert.Equal(PacketFate.Taken, Take(Packets.Rtp(65535, 0, [])));
        Assert.Equal(0, _receiver.Statistics.Lost);
    }

    [Fact]
    public void MED_02_Jitter_IsThatOfTheSpacing()
    {
        var arrival = TimeSpan.FromHours(1);
        for (ushort i = 0; i < 500; i++)
        {
            _receiver.Take(Packets.Rtp(i, (uint)(i * 160), Packets.Level(0)), Packets.Address(Party), arrival);
            arrival += TimeSpan.FromMilliseconds(i % 2 == 0 ? 15 : 25); // 5 ms off, each
        }

        Assert.InRange(_receiver.Statistics.Jitter, 39u, 40u);
    }

    [Fact]
    public void MED_06_Keys_AreBounded()
    {
        for (ushort i = 0; i < 40; i++) Take(Packets.Event(i, (uint)(i * 1000), 5, 160));
        var digits = new char[16];
        Assert.Equal(16, _receiver.TakeDigits(digits));
        Assert.Equal(new string('5', 16), new string(digits));
        Assert.Equal(0, _receiver.TakeDigits(digits));
    }

    public void Dispose() => _receiver.Dispose();

    private PacketFate Take(byte[] packet, string source = Party) => _receiver.Take(packet, Packets.Address(source), default);
}
