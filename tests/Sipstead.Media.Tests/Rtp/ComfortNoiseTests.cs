using Sipstead.Media.Codecs;
using Sipstead.Media.Rtp;
using Sipstead.Media.Tests.Codecs;
using Sipstead.Testing;

namespace Sipstead.Media.Tests.Rtp;

/// <summary>Parties that send nothing in pauses: noise, and nothing counted as lost.</summary>
public sealed class ComfortNoiseTests : IDisposable
{
    private readonly JitterBuffer _buffer = new();
    private readonly short[] _frame = new short[160];
    private ushort _sequence;

    [Theory]
    [InlineData(40)]
    [InlineData(60)]
    [InlineData(70)]
    public void Noise_IsAsLoudAsThePartySays_UntilItsVoice(byte level)
    {
        Speak(0, 5);
        _buffer.WriteNoise(5 * 160, [level, 1, 2, 3]);
        var noise = Read(60)[(12 * 160)..];
        Assert.InRange(Loudness.Decibels(Loudness.Rms(noise), 32_124), -level - 1, -level + 1);
        Assert.InRange(noise.Zip(noise.Skip(1)).Average(pair => pair.First * (double)pair.Second) / Math.Pow(Loudness.Rms(noise), 2), -0.05, 0.05);
        Speak(70, 5);
        Read(7);
        Assert.InRange(Loudness.Rms(_frame), 3000, 8000);
        Assert.Equal(0, _buffer.Concealed);
        Assert.Equal(0, _buffer.Late);
    }

    [Fact]
    public void Noise_BeginsInItsTime()
    {
        Speak(0, 2);
        _buffer.WriteNoise(320, [50]);
        var heard = Read(10);
        Assert.InRange(Loudness.Rms(heard.AsSpan(480..800)), 3000, 8000);
        Assert.InRange(Loudness.Rms(heard.AsSpan(900..)), 50, 150);
    }

    [Fact]
    public void LoudNoise_IsBounded_AndEmptyOrEarlyNoiseIsNothing()
    {
        _buffer.WriteNoise(0, [0]);
        Assert.False(_buffer.Read(_frame));
        Speak(0, 1);
        _buffer.WriteNoise(160, []);
        _buffer.WriteNoise(160, [0]);
        Assert.InRange(Loudness.Rms(Read(20).AsSpan(1600..)), 500, 1100);
    }

    [Fact]
    public void PauseWithoutNoise_IsNotConcealed_WhereNoPacketIsMissing()
    {
        Speak(0, 5);
        Read(30);
        Speak(40, 5);
        Read(10);
        Assert.Equal(0, _buffer.Concealed);
        _sequence++; // one is lost
        Speak(46, 5);
        Read(10);
        Assert.InRange(_buffer.Concealed, 160, 10 * 160);
    }

    [Fact]
    public void PacketsOfKeys_AreNoLostAudio()
    {
        var latch = new SourceLatch(TimeProvider.System, Packets.Address("192.0.2.7:20000"));
        latch.Open(Packets.Address("192.0.2.1:4000"));
        using var receiver = new RtpReceiver(latch) { Media = Packets.Media() };
        for (ushort i = 0; i < 60; i++)
        {
            var isKey = i is >= 10 and < 20;
            var packet = isKey ? Packets.Event(i, 1600, 5, (ushort)(160 * (i - 9))) : Packets.Rtp(i, (uint)(160 * i), Packets.Level(1000));
            Assert.Equal(PacketFate.Taken, receiver.Take(packet, Packets.Address("192.0.2.1:4000"), default));
            receiver.Read(_frame);
        }

        Assert.Equal((0L, 0L), (receiver.Concealed, receiver.Statistics.Lost));
    }

    public void Dispose() => _buffer.Dispose();

    private void Speak(int from, int packets)
    {
        foreach (var (payload, i) in AudioCodec.Pcmu.Encode(Streams.Sines(packets * 160, (400, 8000))).Select((payload, i) => (payload, i)))
            _buffer.Write(_sequence++, (uint)((from + i) * 160), payload, AudioCodec.Pcmu, isTalkStart: i == 0);
    }

    private short[] Read(int frames)
    {
        var heard = new List<short>();
        for (var i = 0; i < frames; i++)
        {
            Assert.True(_buffer.Read(_frame));
            heard.AddRange(_frame);
        }

        return [.. heard];
    }
}
