using Sipstead.Media.Codecs;
using Sipstead.Media.Rtp;
using Sipstead.Media.Tests.Codecs;
using Sipstead.Testing;

namespace Sipstead.Media.Tests.Rtp;

/// <summary>Lost packets, as they are heard.</summary>
public sealed class ConcealmentTests
{
    private const int Frame = 160;
    private const int Delay = 3; // frames
    private const double Loss = 0.05;

    /// <summary>Of a sine with lost packets, the share of power that is where it belongs; without concealment about 1 - 2 * loss.</summary>
    [Theory]
    [InlineData("PCMU", 440)]
    [InlineData("PCMA", 1013)]
    [InlineData("PCMU", 2777)]
    [InlineData("G722", 440)]
    [InlineData("G722", 1013)]
    public void LostPackets_AreBarelyHeard(string name, double frequency)
    {
        var codec = Streams.Codec(name);
        var (concealed, silent, lossless) =
            (Heard(codec, frequency, conceals: true), Heard(codec, frequency, conceals: false), Heard(codec, frequency, conceals: true, loss: 0));
        var (clean, gaps) = (Distortion(concealed, frequency), Distortion(silent, frequency));
        Assert.True(clean < gaps / 4, $"{clean} concealed, {gaps} with silence in its place, {Distortion(lossless, frequency)} without loss");
        Assert.InRange(Loudness.Decibels(Loudness.Amplitude(concealed, frequency), Loudness.Amplitude(lossless, frequency)), -0.4, 0.4);
    }

    /// <summary>Opus makes up what is missing from a second copy in the packet behind it, where the sender put one in.</summary>
    [Fact]
    public void LostOpusPackets_AreMadeUpFromThoseBehindThem()
    {
        var codec = Streams.Codec("opus");
        var (withCopies, without) = (Error("useinbandfec=1"), Error("useinbandfec=0"));
        Assert.True(withCopies < 0.7 * without, $"{withCopies} with copies, {without} without");

        double Error(string parameters)
        {
            var payloads = codec.Encode(Streams.Syllables(48_000), parameters);
            var (whole, lossy) = (Heard(codec, payloads, conceals: true, loss: 0), Heard(codec, payloads, conceals: true, Loss));
            return whole.Zip(lossy).Sum(pair => Math.Pow(pair.First - pair.Second, 2));
        }
    }

    [Fact]
    public void Voice_GoesOnInItsPitch_WithoutAJump()
    {
        foreach (var period in (ReadOnlySpan<int>)[40, 57, 80, 101, 120])
        {
            var concealment = new Concealment();
            var voice = Enumerable.Range(0, 1600).Select(i => (short)(12_000 * Math.Exp(-(i % period) / 10.0) * Math.Sin(i % period / 2.0))).ToArray();
            concealment.Hear(voice.AsSpan(0, 800));
            var made = new short[80];
            concealment.Fill(made);
            for (var i = 0; i < made.Length; i++) Assert.InRange(made[i] - voice[800 + i], -600, 600);
        }
    }

    [Fact]
    public void Gap_IsFullFor10Ms_AndSilentAfter60()
    {
        var concealment = new Concealment();
        concealment.Hear(Streams.Sines(800, (500, 10_000)));
        var made = new short[640];
        concealment.Fill(made);
        var loudness = made.Chunk(80).Select(part => Loudness.Rms(part)).ToArray();
        Assert.InRange(loudness[0], 6900, 7300);
        for (var i = 1; i < 6; i++) Assert.InRange(loudness[i] / 7071, 0.85 - (0.2 * (i - 1)), 0.95 - (0.2 * (i - 1)));
        Assert.All(made[480..], sample => Assert.Equal(0, sample));
    }

    [Fact]
    public void WhatComesAgain_IsFadedIn()
    {
        var concealment = new Concealment();
        concealment.Hear(Streams.Sines(800, (500, 10_000)));
        concealment.Fill(new short[160]);
        var other = Streams.Sines(160, (500, -10_000)); // against the phase of what was made up
        var heard = other.ToArray();
        concealment.Hear(heard);
        Assert.InRange(Math.Abs(heard[0]), 0, 1000);
        Assert.NotEqual(other[20], heard[20]);
        Assert.Equal(other[80..], heard[80..]);
        for (var i = 1; i < heard.Length; i++) Assert.InRange(heard[i] - heard[i - 1], -4200, 4200);
    }

    [Fact]
    public void AnySamples_AreTaken_AndNothingIsAllocated()
    {
        var concealment = new Concealment();
        var (random, samples) = (new Random(1), new short[160]);
        Assert.Equal(0, Testing.Allocations.Of(() =>
        {
            for (var i = 0; i < samples.Length; i++) samples[i] = (short)random.Next(short.MinValue, short.MaxValue + 1);
            var part = samples.AsSpan(0, random.Next(1, 161));
            if (random.Next(3) == 0) concealment.Fill(part);
            else concealment.Hear(part);
        }));
    }

    /// <summary>Power beside the sine, as a share of all.</summary>
    private static double Distortion(short[] samples, double frequency) => 1 - Spectrum.ShareOf(frequency, samples);

    private static short[] Heard(AudioCodec codec, double frequency, bool conceals, double loss = Loss) =>
        Heard(codec, codec.Encode(Streams.Sines(400 * Frame, (frequency, 8000))), conceals, loss);

    private static short[] Heard(AudioCodec codec, List<byte[]> payloads, bool conceals, double loss)
    {
        using var buffer = new JitterBuffer();
        var (random, frame, heard) = (new Random(3), new short[Frame], new List<short>());
        var lost = payloads.Select((_, i) => i > 20 && random.NextDouble() < loss).ToArray();
        for (var i = 0; i < payloads.Count; i++)
        {
            if (!lost[i]) buffer.Write((ushort)i, (uint)(i * Frame * codec.ClockStep), payloads[i], codec, isTalkStart: i == 0);
            buffer.Read(frame);
            if (!conceals && i >= Delay && lost[i - Delay]) Array.Clear(frame);
            heard.AddRange(frame);
        }

        Assert.Equal(lost.SkipLast(Delay).Count(isLost => isLost) * Frame, buffer.Concealed);
        return [.. heard[(20 * Frame)..]];
    }
}
