using Sipstead.Media.Audio;
using Sipstead.Testing;

namespace Sipstead.Media.Tests.Audio;

/// <summary>Silence, tones and the echo, as the media clock reads them.</summary>
public class SourceTests
{
    [Fact]
    public void Silence_lasts_as_long_as_told()
    {
        var heard = ReadAll(new SilenceSource(TimeSpan.FromMilliseconds(125)));
        Assert.Equal(1_000, heard.Length);
        Assert.All(heard, sample => Assert.Equal(0, sample));
        Assert.Empty(ReadAll(new SilenceSource(TimeSpan.FromSeconds(-1))));
    }

    [Fact]
    public void Ring_back_sounds_two_seconds_of_six()
    {
        var heard = ReadAll(new ToneSource(Tones.RingBack, TimeSpan.FromSeconds(13)));
        Assert.Equal(13 * 8_000, heard.Length);
        for (var second = 0; second < 13; second++)
        {
            var samples = heard.AsSpan(second * 8_000, 8_000);
            Assert.Equal(second % 6 < 2, Loudness.Rms(samples) > 500);
            if (second % 6 >= 2) continue;
            Assert.Equal(-19, DBm0(samples, 440), 0.1);
            Assert.Equal(-19, DBm0(samples, 480), 0.1);
        }
    }

    [Theory]
    [InlineData('1', 697, 1_209)]
    [InlineData('5', 770, 1_336)]
    [InlineData('9', 852, 1_477)]
    [InlineData('*', 941, 1_209)]
    [InlineData('0', 941, 1_336)]
    [InlineData('#', 941, 1_477)]
    [InlineData('A', 697, 1_633)]
    [InlineData('d', 941, 1_633)]
    public void A_key_is_two_waves(char key, int low, int high)
    {
        Assert.Equal([low, high], Tones.Dtmf(key)!.Frequencies);
        var heard = ReadAll(new ToneSource(Tones.Dtmf(key)!, TimeSpan.FromSeconds(1)));
        Assert.Equal(-8, DBm0(heard, low), 0.1);
        Assert.Equal(-8, DBm0(heard, high), 0.1);
    }

    [Fact]
    public void Other_characters_are_no_keys() => Assert.All("w,E\u0131\u00DF \0", c => Assert.Null(Tones.Dtmf(c)));

    [Fact]
    public void A_tone_may_have_no_end()
    {
        var source = new ToneSource(Tones.RingBack, TimeSpan.MaxValue);
        Assert.Equal(160, source.Read(new short[160]));
    }

    [Fact]
    public void The_echo_gives_back_what_it_heard_and_ends()
    {
        var echo = new EchoSource(TimeSpan.FromMilliseconds(50));
        echo.Write([1, 2, 3]);
        var frame = new short[160];
        Assert.Equal(160, echo.Read(frame));
        Assert.Equal([1, 2, 3, 0], frame[..4]);
        echo.Write(frame);
        Assert.Equal(160, echo.Read(frame));
        Assert.Equal([1, 2, 3, 0], frame[..4]);
        Assert.Equal(80, echo.Read(frame));
        Assert.Equal(0, echo.Read(frame));
    }

    [Fact]
    public void Reading_and_writing_allocate_nothing()
    {
        var frame = new short[AudioFormat.FrameSamples];
        var silence = new SilenceSource(TimeSpan.MaxValue);
        var tone = new ToneSource(Tones.RingBack, TimeSpan.MaxValue);
        var echo = new EchoSource(TimeSpan.MaxValue);
        Assert.Equal(0, Allocations.Of(() =>
        {
            silence.Read(frame);
            tone.Read(frame);
            echo.Write(frame);
            echo.Read(frame);
        }));
    }

    private static double DBm0(ReadOnlySpan<short> samples, double frequency) =>
        Loudness.Decibels(Loudness.Amplitude(samples, frequency), short.MaxValue) + 3.14;

    private static short[] ReadAll(IAudioSource source)
    {
        var heard = new List<short>();
        var frame = new short[AudioFormat.FrameSamples];
        int count;
        do
        {
            count = source.Read(frame);
            heard.AddRange(frame.AsSpan(0, count));
        } while (count == frame.Length);

        return [.. heard];
    }
}
