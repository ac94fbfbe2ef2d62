using CsCheck;
using Sipstead.Media.Codecs;
using Sipstead.Media.Rtp;

namespace Sipstead.Media.Tests.Rtp;

/// <summary>The jitter buffer: each sample at its time, once; bounded whatever comes.</summary>
public sealed class JitterBufferTests : IDisposable
{
    private const uint Start = uint.MaxValue - 400; // so that timestamps begin anew in each test
    private readonly JitterBuffer _buffer = new();
    private readonly short[] _frame = new short[160];

    [Fact]
    public void MED_01_PacketsInOrder_AreHeard60MsLater()
    {
        Assert.False(_buffer.Read(_frame));
        var heard = new List<short>();
        for (var i = 0; i < 10; i++)
        {
            Write(i);
            heard.Add(Read());
        }

        Assert.Equal([0, 0, 0, 1, 2, 3, 4, 5, 6, 7], heard.Select(Number));
    }

    [Fact]
    public void MED_01_PacketsOutOfOrderAndTwice_AreHeardInOrderOnce()
    {
        foreach (var i in (int[])[0, 2, 1, 1, 4, 0, 3]) Write(i);
        Assert.Equal([0, 0, 0, 1, 2, 3, 4, 5], Enumerable.Range(0, 8).Select(_ => Number(Read())));
        Assert.Equal(0, _buffer.Late);
    }

    [Fact]
    public void MED_01_AnyOrderWithinTheDelay_GivesTheSame() => Gen.Int[0, 2].Array[40].Sample(jitter =>
    {
        using var buffer = new JitterBuffer();
        var frame = new short[160];
        var arrivals = jitter.Select((late, i) => (i, at: i == 0 ? 0 : i + late)).ToLookup(packet => packet.at, packet => packet.i);
        for (var now = 0; now < 40; now++)
        {
            foreach (var i in arrivals[now]) buffer.Write((ushort)i, Start + (uint)(160 * i), Packets.Level(Level(i)), AudioCodec.Pcmu, isTalkStart: false);
            buffer.Read(frame);
            if (now >= 3) Assert.All(frame, sample => Assert.Equal(now - 2, Number(sample)));
        }
    });

    [Fact]
    public void MED_01_LatePacket_IsDroppedAndCounted()
    {
        for (var i = 0; i < 8; i++)
        {
            if (i != 2) Write(i);
            Read();
        }

        Write(2);
        Assert.Equal(1, _buffer.Late);
        Assert.Equal(6, Number(Read()));
    }

    [Fact]
    public void MED_01_Gap_FadesIntoSilence()
    {
        for (var i = 0; i < 4; i++) Write(i);
        for (var i = 0; i < 8; i++) Read(); // the delay, the packets, and the first frame of the gap
        var first = Power();
        Read();
        var second = Power();
        Read();
        Read();
        Assert.Equal(0, Power());
        Assert.True(first > second, $"{first} {second}");

        double Power()
        {
            return _frame.Sum(sample => Math.Abs((double)sample));
        }
    }

    [Fact]
    public void MED_01_ClockThatIsLateForGood_IsFollowedWithMoreDelay()
    {
        Write(0);
        for (var i = 0; i < 10; i++) Read(); // nothing came for long
        for (var i = 1; i < 8; i++)
        {
            Write(i);
            Read();
        }

        Assert.Equal(1, _buffer.Late);
        Assert.InRange(Number(_frame[0]), 1, 8);
    }

    [Fact]
    public void MED_01_Burst_IsCutBackToTheDelay()
    {
        for (var i = 0; i < 30; i++) Write(i);
        Assert.InRange(_buffer.Depth, 1, JitterBuffer.FirstDelay + 960);
        Assert.InRange(Number(Read()), 20, 30);
    }

    [Fact]
    public void MED_01_TimestampsThatJump_BeginAnew()
    {
        Write(0);
        Read();
        Write(100_000);
        Assert.Equal(JitterBuffer.FirstDelay + 160, _buffer.Depth);
        Write(-100_000);
        Assert.Equal(JitterBuffer.FirstDelay + 160, _buffer.Depth);
    }

    [Fact]
    public void MED_01_TalkStartAfterSilence_BeginsAnew()
    {
        Write(0);
        for (var i = 0; i < 10; i++) Read();
        _buffer.Write(1, Start + 160, Packets.Level(Level(1)), AudioCodec.Pcmu, isTalkStart: true);
        Assert.Equal(0, _buffer.Late);
        for (var i = 0; i < 4; i++) Read();
        Assert.Equal(2, Number(_frame[0]));
    }

    [Fact]
    public void MED_01_WhateverComes_DepthIsBounded() =>
        Gen.Select(Gen.UInt, Gen.Int[0, 2000], Gen.Bool, Gen.Int[0, 3]).Array[1, 60].Sample(packets =>
        {
            using var buffer = new JitterBuffer();
            var frame = new short[160];
            foreach (var (timestamp, length, marker, reads) in packets)
            {
                buffer.Write((ushort)(timestamp / 160), timestamp % 20_000, Packets.Level(1000, length), AudioCodec.Pcma, marker);
                Assert.InRange(buffer.Depth, int.MinValue, JitterBuffer.Capacity);
                for (var i = 0; i < reads; i++) buffer.Read(frame);
            }
        });

    public void Dispose() => _buffer.Dispose();

    private static short Level(int i) => G711.DecodeMuLaw((byte)(0xFE - i));

    /// <summary>Which packet a sample is of, counted from one; none is zero.</summary>
    private static int Number(short sample) => sample == 0 ? 0 : 0xFF - G711.EncodeMuLaw(sample);

    private void Write(int i) =>
        _buffer.Write((ushort)i, Start + (uint)(160 * i), Packets.Level(Level(Math.Abs(i) % 100)), AudioCodec.Pcmu, isTalkStart: false);

    private short Read()
    {
        Assert.True(_buffer.Read(_frame));
        return _frame[80];
    }
}
