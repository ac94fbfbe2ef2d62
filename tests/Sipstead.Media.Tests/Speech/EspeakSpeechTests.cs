using Sipstead.Media.Speech;
using Sipstead.Testing;

namespace Sipstead.Media.Tests.Speech;

/// <summary>espeak-ng itself speaks.</summary>
public class EspeakSpeechTests
{
    [Fact]
    public async Task A_sentence_is_audible()
    {
        using var speaking = Speaking.Real();
        var clip = await speaking.SpeakAsync("The quick brown fox jumps over the lazy dog.");
        Assert.InRange(clip.Duration.TotalSeconds, 1, 10);
        Assert.InRange(Loudness.Rms(clip.Samples.Span), 500, 12_000);
        Assert.Equal(1, speaking.Meters["sipstead.media.speech.syntheses"]);
        Assert.Equal(0, speaking.Meters["sipstead.media.speech.failures"]);
    }

    [Fact]
    public async Task Voices_differ()
    {
        using var speaking = Speaking.Real();
        var susan = await speaking.SpeakAsync("Hello", "susan");
        var paul = await speaking.SpeakAsync("Hello", "paul");
        var katrin = await speaking.SpeakAsync("Hello", "katrin");
        Assert.False(susan.Samples.Span.SequenceEqual(paul.Samples.Span));
        Assert.False(susan.Samples.Span.SequenceEqual(katrin.Samples.Span));
    }

    [Fact]
    public async Task Every_voice_speaks()
    {
        using var speaking = Speaking.Real();
        foreach (var voice in SpeechVoices.All.DistinctBy(v => v.Espeak))
            Assert.True(Loudness.Rms((await speaking.SpeakAsync("Hola 123", voice.Name)).Samples.Span) > 300, voice.Name);
    }

    [Theory]
    [InlineData("pt_BR")]
    [InlineData("cy")]
    [InlineData("tlh")]
    public async Task Every_locale_speaks(string locale)
    {
        using var speaking = Speaking.Real();
        var result = await speaking.AskAsync(new SpeechRequest("1 2 3", locale, "male", null), Speaking.Token);
        Assert.True(Loudness.Rms(result.Clip!.Samples.Span) > 300);
    }

    [Fact]
    public async Task A_break_lengthens_by_its_time_and_ten_seconds_at_most()
    {
        using var speaking = Speaking.Real();
        var plain = await speaking.SpeakAsync("Hello world");
        var two = await speaking.SpeakAsync("Hello <break time=\"2s\"/> world");
        var many = await speaking.SpeakAsync("Hello <break time=\"2000s\"/> world");
        Assert.InRange((two.Duration - plain.Duration).TotalSeconds, 1.5, 2.8);
        Assert.InRange((many.Duration - plain.Duration).TotalSeconds, 9.5, 11);
    }

    [Fact]
    public async Task Markup_changes_how_it_is_said()
    {
        using var speaking = Speaking.Real();
        var plain = await speaking.SpeakAsync("Guten Morgen 5551234");
        string[] others =
        [
            "<prosody rate=\"50%\">Guten Morgen 5551234</prosody>", "<lang xml:lang=\"de-DE\">Guten Morgen 5551234</lang>",
            "Guten Morgen <say-as interpret-as=\"telephone\">5551234</say-as>", "<emphasis level=\"strong\">Guten</emphasis> Morgen 5551234",
        ];
        foreach (var other in others)
        {
            var clip = await speaking.SpeakAsync(other);
            Assert.False(plain.Samples.Span.SequenceEqual(clip.Samples.Span), other);
        }
    }

    [Fact]
    public async Task Markup_that_is_not_acted_on_is_as_if_it_were_not_there()
    {
        using var speaking = Speaking.Real();
        var plain = await speaking.SpeakAsync("Good morning");
        var marked = await speaking.SpeakAsync("<mark name=\"a\"/>Good <audio src=\"/etc/passwd\"><desc>noise</desc></audio><x:soft>morning</x:soft>");
        Assert.True(plain.Samples.Span.SequenceEqual(marked.Samples.Span));
    }

    [Fact]
    public async Task Text_without_a_word_is_no_failure()
    {
        using var speaking = Speaking.Real();
        Assert.True((await speaking.SpeakAsync("...")).Duration < TimeSpan.FromSeconds(2));
    }
}
