using CsCheck;
using Sipstead.Media.Codecs;
using Sipstead.Media.Rtp;
using Sipstead.Testing;

namespace Sipstead.Media.Tests.Codecs;

/// <summary>Payloads that are anything: each decoder takes them without throwing, and writes as much as it says.</summary>
public sealed class PayloadFuzzTests
{
    public static TheoryData<string> Codecs => [.. AudioCodec.All.Select(codec => codec.Name)];

    [Theory]
    [MemberData(nameof(Codecs))]
    public void AnyOctets_AreDecodedOrRefused(string name)
    {
        var codec = Streams.Codec(name);
        using var decoder = codec.CreateDecoder();
        var samples = new short[2048];
        Gen.Byte.Array[0, 1500].Sample(
            payload =>
            {
                var expected = codec.SamplesIn(payload);
                Assert.InRange(expected, 0, samples.Length);
                Assert.Contains(decoder.Decode(payload, samples), (int[])[expected, 0]);
                Assert.InRange(decoder.Conceal(100, payload, samples), 0, 120);
            },
            iter: 5000, threads: 1);
    }

    /// <summary>Real packets with octets changed, which get further into a decoder than random ones.</summary>
    [Theory]
    [MemberData(nameof(Codecs))]
    public void DamagedPackets_AreDecodedOrRefused(string name)
    {
        var codec = Streams.Codec(name);
        var payloads = codec.Encode(Streams.Sines(16_000, (440, 9000), (1700, 4000)), "useinbandfec=1");
        using var buffer = new JitterBuffer();
        var (random, frame) = (new Random(7), new short[160]);
        for (var i = 0; i < 20_000; i++)
        {
            var payload = payloads[i % payloads.Count].ToArray();
            for (var changes = random.Next(4); changes > 0; changes--) payload[random.Next(payload.Length)] = (byte)random.Next(256);
            var cut = payload.AsSpan(0, random.Next(10) == 0 ? random.Next(payload.Length) : payload.Length);
            if (random.Next(10) > 0) buffer.Write((ushort)i, (uint)(i * 160 * codec.ClockStep), cut, codec, random.Next(50) == 0);
            if (random.Next(30) == 0) buffer.WriteNoise((uint)(i * 160), cut);
            buffer.Read(frame);
        }
    }

    [Theory]
    [MemberData(nameof(Codecs))]
    public void Frames_WithLossAndDisorder_AllocateNothing(string name)
    {
        var codec = Streams.Codec(name);
        var payloads = codec.Encode(Streams.Sines(16_000, (440, 9000)), "useinbandfec=1");
        using var buffer = new JitterBuffer();
        var frame = new short[160];
        var i = 0;
        Assert.Equal(0, Allocations.Of(() =>
        {
            var sent = i % 7 == 0 ? i + 1 : i % 7 == 1 ? i - 1 : i; // two change places
            if (i % 11 != 0) buffer.Write((ushort)sent, (uint)(sent * 160 * codec.ClockStep), payloads[sent % payloads.Count], codec, isTalkStart: false);
            buffer.Read(frame);
            i++;
        }));
        Assert.True(buffer.Concealed > 0);
    }
}
