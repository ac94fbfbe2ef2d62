using Sipstead.Media.Audio;
using Sipstead.Media.Codecs;
using Sipstead.Media.Detection;
using Sipstead.Media.Speech;
using Sipstead.Testing;
using Sipstead.Testing.Sip;

namespace Sipstead.Media.Tests.Detection;

/// <summary>In-band key presses: what ITU-T Q.24 wants heard, and what it wants not heard. Each at many places within the frames.</summary>
public sealed class DtmfDetectorTests
{
    private const string AllKeys = "123A456B789C*0#D";

    /// <summary>A text whose vowels are long and high, which comes closest to keys.</summary>
    private const string Talk =
        "She sells sea shells. The quick brown fox jumps over the lazy dog. Please leave a message after the tone, we are not available. Oh no, yes, hmm, "
        + "mama, you, me, we see three bees. Hello? Hello! How are you today; I am calling about the moon, the noon, and the blue zoo. One two three four.";

    public static TheoryData<double, double> HeardLevels => new()
    {
        { -8, -8 }, { -25, -25 }, { 0, 0 }, { -14, -10 }, { -10, -18 }, { -21, -16 },
    };

    [Theory]
    [MemberData(nameof(HeardLevels))]
    public void AllKeys_AreHeardAtEveryLevelAndTwist(double low, double high) => Hears(AllKeys, new KeySequence(AllKeys) { Low = low, High = high });

    [Theory]
    [InlineData(0.0165)]
    [InlineData(-0.0165)]
    public void Deviation_OfSenders_IsTaken(double deviation) => Hears(AllKeys, new KeySequence(AllKeys) { Deviation = deviation });

    [Theory]
    [InlineData(0.035)]
    [InlineData(-0.035)]
    [InlineData(0.05)]
    public void Deviation_BeyondThreePercent_IsRefused(double deviation) => Hears("", new KeySequence(AllKeys) { Deviation = deviation, Milliseconds = 100 });

    [Theory]
    [InlineData(-19, -10)]
    [InlineData(-10, -24)]
    [InlineData(-40, -40)]
    [InlineData(-10, -99)]
    [InlineData(-99, -10)]
    public void Twist_Faintness_AndSingleTones_AreNoKeys(double low, double high) => Hears("", new KeySequence(AllKeys) { Low = low, High = high, Milliseconds = 100 });

    [Theory]
    [InlineData(10)]
    [InlineData(20)]
    [InlineData(23)]
    public void ShortBursts_AreNoKeys(int milliseconds) => Hears("", new KeySequence(AllKeys) { Milliseconds = milliseconds, PauseMilliseconds = 60 });

    [Theory]
    [InlineData(15)]
    [InlineData(12)]
    public void Noise_BelowTheTones_HidesNoKey(int signalToNoise) => Hears(AllKeys, new KeySequence(AllKeys) { Noise = -10 - signalToNoise });

    [Fact]
    public void TheSameKey_PressedAgain_IsHeardAgain() => Hears("55555", new KeySequence("55555") { Noise = -30 });

    [Fact]
    public void LongPress_IsOne() => Hears("5", new KeySequence("5") { Milliseconds = 3000, Noise = -30 });

    [Fact]
    public void Interruption_OfTenMilliseconds_PartsNoPress() => Hears("5", new KeySequence("5") { Milliseconds = 100 }, (samples, lead) => samples.AsSpan(lead + 400, 80).Clear());

    [Fact]
    public void BothLaws_CarryKeys()
    {
        Hears(AllKeys, new KeySequence(AllKeys) { Low = -20, High = -22 }, (samples, _) =>
        {
            var codes = new byte[samples.Length];
            G711.EncodeMuLaw(samples, codes);
            G711.DecodeMuLaw(codes, samples);
        });
        Hears(AllKeys, new KeySequence(AllKeys) { Low = -20, High = -22 }, (samples, _) =>
        {
            var codes = new byte[samples.Length];
            G711.EncodeALaw(samples, codes);
            G711.DecodeALaw(codes, samples);
        });
    }

    [Fact]
    public void WhiteNoise_OfTwentyMinutes_IsNoKey()
    {
        var random = new Random(1);
        var detector = new DtmfDetector();
        var frame = new short[AudioFormat.FrameSamples];
        for (var i = 0; i < 20 * 60 * 50; i++)
        {
            foreach (ref var sample in frame.AsSpan()) sample = (short)(3000 * (random.NextDouble() + random.NextDouble() + random.NextDouble() - 1.5));
            Assert.Null(detector.Take(frame));
        }
    }

    /// <summary>
    /// Vowels as a row of harmonics that glide through all pitches under three formants (Peterson and Barney, 1952), for 100 s: more like keys than any
    /// speech. Where two harmonics stay for a moment on a key's tones, they are the key.
    /// </summary>
    [Theory]
    [InlineData(730, 1090, 2440)]
    [InlineData(270, 2290, 3010)]
    [InlineData(300, 870, 2240)]
    [InlineData(530, 1840, 2480)]
    public void GlidingVowels_AreSeldomKeys(int first, int second, int third)
    {
        var heard = "";
        for (var pitch = 80; pitch <= 330; pitch += 5)
        {
            var samples = new short[2 * AudioFormat.SampleRate];
            double phase = 0;
            for (var i = 0; i < samples.Length; i++)
            {
                phase += 2 * Math.PI * pitch * (1 + (0.15 * Math.Sin(2 * Math.PI * 1.3 * i / AudioFormat.SampleRate))) / AudioFormat.SampleRate;
                double sum = 0;
                for (var harmonic = 1; harmonic * pitch < 3400; harmonic++)
                    sum += Math.Sin(harmonic * phase) * (Formant(harmonic * pitch, first) + (0.6 * Formant(harmonic * pitch, second)) + (0.3 * Formant(harmonic * pitch, third)));
                samples[i] = (short)(3000 * sum);
            }

            heard += Heard(samples);
        }

        Assert.InRange(heard.Length, 0, 20);
    }

    [Theory]
    [InlineData("dave")]
    [InlineData("susan")]
    [InlineData("stefan")]
    [InlineData("jolie")]
    [InlineData("anatoli")]
    public async Task Speech_IsNoKey(string voice)
    {
        using var meters = new CountingMeters();
        using var engine = new EspeakSpeechEngine(new SpeechOptions(), meters, TimeProvider.System);
        var speech = await engine.SpeakAsync(new SpeechRequest(Talk, null, null, voice), TestContext.Current.CancellationToken);
        Assert.SkipWhen(speech.Clip is null, $"Nothing was spoken: {speech.Error}");
        Assert.Equal("", Heard([.. speech.Clip.Samples.Span]));
    }

    [Fact]
    public void Listening_AllocatesNothing()
    {
        var samples = new KeySequence(AllKeys).Samples();
        var detector = new DtmfDetector();
        var (at, keys) = (0, 0);
        Assert.Equal(0, Allocations.Of(() =>
        {
            if (detector.Take(samples.AsSpan(at, AudioFormat.FrameSamples)) is not null) keys++;
            at = at + (2 * AudioFormat.FrameSamples) > samples.Length ? 0 : at + AudioFormat.FrameSamples;
        }));
        Assert.True(keys > 1000);
    }

    /// <summary>Hears a sequence at many places within a frame, each with other phases and noise.</summary>
    private static void Hears(string expected, KeySequence sequence, Action<short[], int>? damage = null)
    {
        for (var lead = 0; lead < AudioFormat.FrameSamples; lead += 7)
        {
            var samples = (sequence with { Lead = lead, Seed = lead }).Samples();
            damage?.Invoke(samples, lead);
            Assert.Equal((lead, expected), (lead, Heard(samples)));
        }
    }

    private static string Heard(short[] samples)
    {
        var detector = new DtmfDetector();
        return string.Concat(samples.Chunk(AudioFormat.FrameSamples).Where(frame => frame.Length == AudioFormat.FrameSamples).Select(frame => detector.Take(frame)));
    }

    private static double Formant(double frequency, double center) => 1 / (1 + Math.Pow((frequency - center) / 80, 2));
}
