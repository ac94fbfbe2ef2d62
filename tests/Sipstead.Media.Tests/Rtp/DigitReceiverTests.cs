using CsCheck;
using Sipstead.Media.Rtp;

namespace Sipstead.Media.Tests.Rtp;

/// <summary>Key presses that come in (RFC 4733 2.5): one each, whatever is lost.</summary>
public sealed class DigitReceiverTests
{
    private readonly DigitReceiver _receiver = new();
    private ushort _sequence;

    [Theory]
    [InlineData(0, 8)] // all
    [InlineData(1, 8)] // the start lost
    [InlineData(0, 5)] // the end lost
    [InlineData(5, 8)] // only ends
    [InlineData(7, 8)] // the last one only
    [InlineData(0, 1)] // the first one only
    public void MED_06_LostPackets_LoseAndDoubleNoKey(int from, int to)
    {
        var heard = "";
        foreach (var (number, timestamp) in (ReadOnlySpan<(byte, uint)>)[(5, 1000), (5, 3000), (11, 5000)])
            for (var i = 0; i < 8; i++)
                if (i >= from && i < to) heard += Take(timestamp, number, (ushort)(160 * Math.Min(i + 1, 6)), i >= 5, i == 0);
        Assert.Equal("55#", heard);
    }

    [Fact]
    public void MED_06_AnyLoss_GivesEachKeyThatHadAPacketOnce() =>
        Gen.Select(Gen.Byte[0, 15].Array[1, 8], Gen.Bool.Array[64]).Sample((numbers, isLost) =>
        {
            var receiver = new DigitReceiver();
            var (heard, expected) = ("", "");
            for (var press = 0; press < numbers.Length; press++)
            {
                var timestamp = uint.MaxValue - 4000 + (uint)(press * 2000);
                for (var i = 0; i < 8; i++)
                {
                    if (isLost[(press * 8) + i]) continue;
                    Assert.True(RtpPacket.TryRead(
                        Packets.Event((ushort)((press * 8) + i), timestamp, numbers[press], (ushort)(160 * Math.Min(i + 1, 6)), i >= 5, i == 0),
                        out var packet));
                    heard += receiver.Take(packet, 8000);
                }

                if (Enumerable.Range(press * 8, 8).Any(i => !isLost[i])) expected += TelephoneEvent.Keys[numbers[press]];
            }

            Assert.Equal(expected, heard);
        });

    [Fact]
    public void MED_06_PacketsOfAnOldPress_AreNoNewOne()
    {
        Assert.Equal("1", Take(1000, 1, 160));
        Assert.Equal("2", Take(3000, 2, 160));
        Assert.Equal("", Take(1000, 1, 800, isEnd: true));
        Assert.Equal("", Take(3000, 2, 800, isEnd: true));
    }

    [Fact]
    public void MED_06_LongPress_IsOne_OverItsSegments()
    {
        Assert.Equal("1", Take(1000, 1, 160, marker: true));
        Assert.Equal("", Take(1000, 1, 0xFFFF));
        Assert.Equal("", Take(1000 + 0xFFFF, 1, 160));
        Assert.Equal("", Take(1000 + 0xFFFF, 1, 320, isEnd: true));
        Assert.Equal("1", Take(1000 + 0xFFFF + 0xFFFF, 1, 160)); // the press before had ended
    }

    [Fact]
    public void MED_06_OtherEventsAndShortPayloads_AreNoKeys()
    {
        Assert.Equal("", Take(1000, 16, 160)); // flash
        Assert.True(RtpPacket.TryRead(Packets.Rtp(1, 2000, [1, 0, 0], Packets.EventPayload), out var packet));
        Assert.Null(_receiver.Take(packet, 8000));
        Assert.Equal("1", Take(1000, 1, 160));
    }

    [Fact]
    public void MED_06_TimestampsThatBeginAnew_AreNewPresses()
    {
        Assert.Equal("1", Take(900_000_000, 1, 160));
        Assert.Equal("1", Take(1000, 1, 160));
    }

    private string Take(uint timestamp, byte number, ushort duration, bool isEnd = false, bool marker = false)
    {
        Assert.True(RtpPacket.TryRead(Packets.Event(_sequence++, timestamp, number, duration, isEnd, marker), out var packet));
        return _receiver.Take(packet, 8000)?.ToString() ?? "";
    }
}
