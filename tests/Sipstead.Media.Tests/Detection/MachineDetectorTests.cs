using Sipstead.Media.Audio;
using Sipstead.Media.Detection;
using Sipstead.Media.Speech;
using Sipstead.Testing;
using Sipstead.Testing.Sip;

namespace Sipstead.Media.Tests.Detection;

/// <summary>Machine detection by energy and timing, on greetings of syllables of noise, of tones, and of espeak-ng.</summary>
public sealed class MachineDetectorTests
{
    private static readonly MachineRules Quick = new(
        Speech: TimeSpan.FromSeconds(3), SpeechEnd: TimeSpan.FromSeconds(1), MachineSpeechEnd: TimeSpan.FromSeconds(2), WaitsForEnd: false);

    [Fact]
    public void ShortHello_ThenSilence_IsHuman() => Expect(MachineVerdict.Human, 2.3, Quick, Silence(0.5), Speech(0.8), Silence(5));

    [Fact]
    public void HelloHello_WithAPauseBetween_IsHuman() => Expect(MachineVerdict.Human, 3.3, Quick, Silence(0.5), Speech(0.6), Silence(0.6), Speech(0.6), Silence(5));

    [Fact]
    public void LongTalk_IsAMachine_AtOnce() => Expect(MachineVerdict.Machine, 3.5, Quick, Silence(0.5), Speech(10));

    [Fact]
    public void LongTalk_Delayed_IsAMachine_AtItsEnd() => Expect(MachineVerdict.Machine, 8.5, Quick with { WaitsForEnd = true }, Silence(0.5), Speech(6), Silence(5));

    [Fact]
    public void LongTalk_Delayed_EndsWithItsBeep() => Expect(MachineVerdict.Machine, 6.9, Quick with { WaitsForEnd = true }, Silence(0.5), Speech(6), Silence(0.2), Tone(1000, 0.5), Silence(5));

    [Fact]
    public void ShortTalk_AndABeep_IsAMachine() => Expect(MachineVerdict.Machine, 2.0, Quick, Silence(0.3), Speech(1.3), Silence(0.2), Tone(1400, 0.5), Silence(5));

    [Theory]
    [InlineData(2100)] // the answer tone of fax machines and modems (ITU-T V.25)
    [InlineData(1100)] // CNG (ITU-T T.30)
    [InlineData(440)]
    public void ToneBeforeAnyWord_IsATone(int frequency) => Expect(MachineVerdict.Tone, 0.8, Quick, Silence(0.6), Tone(frequency, 2));

    [Fact]
    public void Silence_IsNothing_AndNoSpeech()
    {
        var (verdict, _, detector) = Run(Quick, Silence(30));
        Assert.Equal((MachineVerdict.None, false, false), (verdict, detector.HasHeardSpeech, detector.IsMachine));
    }

    [Fact]
    public void NoisyLine_Clicks_AndHum_AreNoSpeech()
    {
        var click = new short[160];
        click[80] = 20_000;
        Assert.False(Run(Quick, Noise(10, 250), click, click, Silence(1), click, Noise(10, 100)).Detector.HasHeardSpeech);
    }

    [Fact]
    public void HelloOnANoisyLine_IsHuman() => Expect(MachineVerdict.Human, 4.3, Quick, Mix(Noise(10, 150), [.. Silence(2.5), .. Speech(0.8), .. Silence(6.7)]));

    [Fact]
    public void GreetingThatIsUnderWay_IsKnown_BeforeItsEnd()
    {
        var (verdict, _, detector) = Run(Quick with { WaitsForEnd = true }, Speech(5));
        Assert.Equal((MachineVerdict.None, true, true), (verdict, detector.HasHeardSpeech, detector.IsMachine));
    }

    [Theory]
    [InlineData("Hello?", MachineVerdict.Human)]
    [InlineData("Good morning, Miller speaking.", MachineVerdict.Human)]
    [InlineData("Hello, you have reached the office of Miller and sons. We cannot take your call right now. Please leave your name and number after the tone.", MachineVerdict.Machine)]
    public async Task SpokenGreetings_AreToldApart(string text, MachineVerdict expected)
    {
        using var meters = new CountingMeters();
        using var engine = new EspeakSpeechEngine(new SpeechOptions(), meters, TimeProvider.System);
        foreach (var voice in new[] { "dave", "susan" })
        {
            var speech = await engine.SpeakAsync(new SpeechRequest(text, null, null, voice), TestContext.Current.CancellationToken);
            Assert.SkipWhen(speech.Clip is null, $"Nothing was spoken: {speech.Error}");
            Assert.Equal(expected, Run(Quick, Silence(0.4), [.. speech.Clip.Samples.Span], Silence(4)).Verdict);
        }
    }

    [Fact]
    public void Listening_AllocatesNothing()
    {
        var detector = new MachineDetector(Quick with { Speech = TimeSpan.FromDays(1), SpeechEnd = TimeSpan.FromDays(1) }, _ => { });
        short[] samples = [.. Speech(3), .. Tone(1000, 0.1), .. Silence(1)];
        var at = 0;
        Assert.Equal(0, Allocations.Of(() =>
        {
            detector.Write(samples.AsSpan(at, AudioFormat.FrameSamples));
            at = (at + AudioFormat.FrameSamples) % (samples.Length - AudioFormat.FrameSamples);
        }));
        Assert.True(detector.HasHeardSpeech);
    }

    private static void Expect(MachineVerdict verdict, double seconds, MachineRules rules, params short[][] pieces)
    {
        var (found, at, _) = Run(rules, pieces);
        Assert.Equal(verdict, found);
        Assert.InRange(at.TotalSeconds, seconds - 0.3, seconds + 0.3);
    }

    private static (MachineVerdict Verdict, TimeSpan At, MachineDetector Detector) Run(MachineRules rules, params short[][] pieces)
    {
        var (verdict, at, frames) = (MachineVerdict.None, TimeSpan.Zero, 0);
        var detector = new MachineDetector(rules, found =>
        {
            Assert.Equal(MachineVerdict.None, verdict); // once
            (verdict, at) = (found, frames * AudioFormat.FrameDuration);
        });
        foreach (var frame in pieces.SelectMany(piece => piece).Chunk(AudioFormat.FrameSamples))
        {
            frames++;
            detector.Write(frame);
        }

        return (verdict, at, detector);
    }

    private static short[] Silence(double seconds) => new short[(int)(seconds * AudioFormat.SampleRate)];

    /// <summary>Syllables of 180 ms with 60 ms between.</summary>
    private static short[] Speech(double seconds)
    {
        var samples = Noise(seconds, 3000);
        for (var i = 0; i < samples.Length; i++)
            if (i % 1920 >= 1440) samples[i] = 0;
        return samples;
    }

    private static short[] Noise(double seconds, double level)
    {
        var random = new Random(7);
        var samples = Silence(seconds);
        for (var i = 0; i < samples.Length; i++) samples[i] = (short)(level * 2 * (random.NextDouble() + random.NextDouble() + random.NextDouble() - 1.5));
        return samples;
    }

    private static short[] Tone(int frequency, double seconds)
    {
        var samples = Silence(seconds);
        new ToneSource(Tones.Continuous([frequency], -12), TimeSpan.FromSeconds(seconds)).Read(samples);
        return samples;
    }

    private static short[] Mix(short[] one, short[] other) => [.. one.Zip(other, (a, b) => (short)(a + b))];
}
