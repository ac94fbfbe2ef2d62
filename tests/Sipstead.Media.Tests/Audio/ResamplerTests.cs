using Sipstead.Media.Audio;
using Sipstead.Testing;

namespace Sipstead.Media.Tests.Audio;

/// <summary>What a telephone passes on is kept, what would fold into it is taken away.</summary>
public class ResamplerTests
{
    private const double Amplitude = 16_000;

    public static TheoryData<int> Rates => [4_001, 11_025, 16_000, 22_050, 32_000, 44_100, 48_000, 96_000, 191_999, 192_000];

    [Theory]
    [MemberData(nameof(Rates))]
    public void A_tone_keeps_its_frequency_and_level(int rate)
    {
        foreach (var frequency in new[] { 300.0, 1_000, 1_700, 3_400 }.Where(f => f < rate * 0.425))
        {
            var heard = Middle(WavFile.Sine(frequency, rate, 1, Amplitude), rate);
            var level = Loudness.Decibels(Loudness.Amplitude(heard, frequency), Amplitude);
            Assert.True(Math.Abs(level) < 0.1, $"{frequency} Hz came out with {level} dB");
            Assert.True(Loudness.Decibels(Residue(heard, frequency), Amplitude) < -65, $"{frequency} Hz is distorted");
        }
    }

    [Theory]
    [InlineData(16_000, 4_050)]
    [InlineData(16_000, 7_000)]
    [InlineData(44_100, 4_050)]
    [InlineData(44_100, 7_000)]
    [InlineData(48_000, 9_000)]
    [InlineData(192_000, 40_000)]
    [InlineData(191_999, 5_000)]
    public void A_tone_above_4_kHz_is_gone(int rate, double frequency) =>
        Assert.True(Loudness.Decibels(Loudness.Rms(Middle(WavFile.Sine(frequency, rate, 1, Amplitude), rate)) * Math.Sqrt(2), Amplitude) < -70);

    [Fact]
    public void It_does_not_matter_how_the_input_is_cut()
    {
        var input = WavFile.Sine(700, 44_100, 0.5).Select(s => (float)s).ToArray();
        var whole = new short[4_000];
        var one = new Resampler(44_100);
        one.Finish(whole.AsSpan(one.Resample(input, whole)));

        var pieces = new short[4_000];
        var other = new Resampler(44_100);
        var written = 0;
        foreach (var piece in input.Chunk(37)) written += other.Resample(piece, pieces.AsSpan(written));
        other.Finish(pieces.AsSpan(written));
        Assert.Equal(whole, pieces);
    }

    [Fact]
    public void Nothing_is_moved_in_time()
    {
        var input = new short[48_000];
        input[24_000] = 32_000;
        var output = Resample(input, 48_000);
        Assert.Equal(4_000, Array.IndexOf(output, output.Max()));
    }

    [Fact]
    public void Too_loud_is_cut_and_not_wrapped() =>
        Assert.InRange(Resample([.. WavFile.Sine(500, 16_000, 0.5, 1).Select(s => s > 0 ? short.MaxValue : short.MinValue)], 16_000).Max(), 32_000, 32_767);

    /// <summary>What is left when a tone is taken out of a signal.</summary>
    private static double Residue(ReadOnlySpan<short> heard, double frequency)
    {
        var tone = Math.Pow(Loudness.Amplitude(heard, frequency), 2) / 2;
        return Math.Sqrt(Math.Max(0, Math.Pow(Loudness.Rms(heard), 2) - tone));
    }

    /// <summary>Half a second, far from the ends.</summary>
    private static ReadOnlySpan<short> Middle(short[] input, int rate) => Resample(input, rate).AsSpan(2_000, 4_000);

    private static short[] Resample(short[] input, int rate) =>
        WavReader.Read(WavFile.Of(input, rate), TestContext.Current.CancellationToken).Clip!.Samples.ToArray();
}
