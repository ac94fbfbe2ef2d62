using System.Runtime.InteropServices;
using Sipstead.Media.Audio;
using Sipstead.Media.Codecs;
using Sipstead.Testing;

namespace Sipstead.Media.Tests.Codecs;

/// <summary>G.722 against ffmpeg's, which was written by others from the same recommendation, and against what goes in.</summary>
public sealed class G722Tests : IDisposable
{
    private const int WideRate = 16_000;
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task MED_03_G722_IsDecodedBitExactly_AsByFfmpeg()
    {
        var codes = Speech(4).SelectMany(BitConverter.GetBytes).Where((_, i) => i % 2 == 0).Concat(RandomOctets(20_000)).ToArray();
        var expected = await FfmpegAsync("-f g722 -i in -f s16le out", codes);
        var samples = new short[2 * codes.Length];
        using var decoder = new G722Decoder();
        decoder.DecodeWide(codes, samples);
        Assert.Equal(samples.Length, expected.Length / 2);
        Assert.Equal(MemoryMarshal.Cast<byte, short>(expected).ToArray(), samples);
    }

    [Fact]
    public async Task MED_03_G722_IsEncodedBitExactly_AsByFfmpeg()
    {
        var samples = Speech(2);
        var expected = await FfmpegAsync("-f s16le -ar 16000 -ac 1 -i in -f g722 out", MemoryMarshal.AsBytes<short>(samples).ToArray());
        var codes = new byte[samples.Length / 2];
        using var encoder = new G722Encoder();
        encoder.EncodeWide(samples, codes);
        Assert.Equal(expected.AsSpan(0, codes.Length).ToArray(), codes);
    }

    [Fact]
    public void MED_03_G722_CarriesVoice()
    {
        var sent = Streams.Sines(16_000, (311, 3000), (1103, 4000), (2909, 2000));
        var (ratio, delay) = Streams.Compare(sent, AudioCodec.G722.Decode(AudioCodec.G722.Encode(sent)));
        Assert.True(ratio > 30, $"{ratio} dB, {delay} samples later");
        Assert.InRange(delay, 30, 50); // two half-band filters and the mirror filter: 5.4 ms
    }

    [Theory]
    [InlineData(300, 0.5)]
    [InlineData(3400, 1)]
    public void MED_03_G722_KeepsTheLevelOfVoice(double frequency, double decibels)
    {
        var heard = AudioCodec.G722.Decode(AudioCodec.G722.Encode(Streams.Sines(16_000, (frequency, 8000))));
        Assert.InRange(Loudness.Decibels(Loudness.Amplitude(heard.AsSpan(4000..12_000), frequency), 8000), -decibels, decibels);
    }

    [Theory]
    [InlineData(5000)]
    [InlineData(6000)]
    [InlineData(7000)]
    public void MED_03_WhatTheyHearAbove4kHz_DoesNotFoldIntoVoice(double frequency)
    {
        var wide = new short[WideRate];
        for (var i = 0; i < wide.Length; i++) wide[i] = (short)(10_000 * Math.Sin(2 * Math.PI * frequency * i / WideRate));
        var codes = new byte[wide.Length / 2];
        using var encoder = new G722Encoder();
        encoder.EncodeWide(wide, codes);
        var heard = AudioCodec.G722.Decode(codes.Chunk(160));
        Assert.InRange(Loudness.Decibels(Loudness.Amplitude(heard.AsSpan(2000..), AudioFormat.SampleRate - frequency), 10_000), double.MinValue, -45);
    }

    [Fact]
    public void MED_03_SilenceAndOverload_DoNotRunAway()
    {
        Assert.All(AudioCodec.G722.Decode(AudioCodec.G722.Encode(new short[8000])), sample => Assert.InRange(sample, -4, 4));
        var square = Enumerable.Range(0, 16_000).Select(i => i / 10 % 2 == 0 ? short.MaxValue : short.MinValue).ToArray();
        var heard = AudioCodec.G722.Decode(AudioCodec.G722.Encode([.. square, .. new short[8000]]));
        Assert.All(heard[^4000..], sample => Assert.InRange(sample, -8, 8));
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>Something that rises, falls and changes its pitch, at 16 kHz.</summary>
    private static short[] Speech(int seconds)
    {
        var samples = new short[seconds * WideRate];
        for (var i = 0; i < samples.Length; i++)
        {
            var t = (double)i / WideRate;
            var loudness = 12_000 * Math.Pow(Math.Sin(Math.PI * 3 * t), 2);
            samples[i] = (short)(loudness * ((0.6 * Sine(200 + (40 * t), t)) + (0.3 * Sine(2300, t)) + (0.1 * Sine(5100, t))));
        }

        return samples;
    }

    private static double Sine(double frequency, double seconds) => Math.Sin(2 * Math.PI * frequency * seconds);

    private static byte[] RandomOctets(int count)
    {
        var octets = new byte[count];
        new Random(1).NextBytes(octets);
        return octets;
    }

    private async Task<byte[]> FfmpegAsync(string arguments, byte[] input)
    {
        Assert.SkipUnless(ProgramRun.IsInstalled("ffmpeg"), "ffmpeg is not installed.");
        await File.WriteAllBytesAsync(_folder["in"], input, Token);
        string[] named = [.. arguments.Split(' ').Select(word => word is "in" or "out" ? _folder[word] : word)];
        var run = await ProgramRun.RunAsync("ffmpeg", ["-loglevel", "error", "-y", .. named], Token);
        Assert.SkipUnless(run.ExitCode == 0, $"This ffmpeg has no G.722: {run.Errors}");
        return await File.ReadAllBytesAsync(_folder["out"], Token);
    }
}
