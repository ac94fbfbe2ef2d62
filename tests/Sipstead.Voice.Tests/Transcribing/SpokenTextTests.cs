using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Sipstead.Media;
using Sipstead.Media.Transcription;
using Sipstead.Testing.Fuzzing;
using Sipstead.Testing.Sip;
using Sipstead.Voice.Feeds;
using Sipstead.Voice.Recordings;
using Sipstead.Voice.Tests.Harness;
using Sipstead.Voice.Transcribing;

namespace Sipstead.Voice.Tests.Transcribing;

/// <summary>Words and their times, and what they add up to.</summary>
public sealed class SpokenTextTests : IDisposable
{
    private readonly CountingMeters _meters = new();

    public void Dispose() => _meters.Dispose();

    [Fact]
    public void Words_ShareTheTime_ByTheirLetters_AndMarksTakeNone()
    {
        var items = Spoken("Oh, really... yes!").Items().ToArray();
        Assert.Equal(
            ["Oh 10-12", ", 12-12", "really 12-18", ". 18-18", ". 18-18", ". 18-18", "yes 18-21", "! 21-21"],
            items.Select(item => FormattableString.Invariant($"{item.Content} {item.Start.TotalSeconds}-{item.End.TotalSeconds}")));
        Assert.Equal(items.Select(item => !char.IsLetter(item.Content[0])), items.Select(item => item.IsMark));
        Assert.All(items, item => Assert.Equal(0.5, item.Confidence));
    }

    [Fact]
    public void PiecesOfTheEngine_KeepTheirTimes_WithinTheUtterance()
    {
        var spoken = Spoken("a b.", new TranscriptClip("a", Seconds(0.5), Seconds(1), 0.9), new TranscriptClip("b.", Seconds(2), Seconds(500), null));
        Assert.Equal(
            ["a 9.5-10", "b 11-21", ". 21-21"],
            spoken.Items().Select(item => FormattableString.Invariant($"{item.Content} {item.Start.TotalSeconds}-{item.End.TotalSeconds}")));
        Assert.Equal([0.9, 0.5, 0.5], spoken.Items().Select(item => item.Confidence));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \t\r\n ")]
    public void NoWords_AreNoItems(string text) => Assert.Empty(Spoken(text).Items());

    [Fact]
    public void MarksAlone_AreMarks() => Assert.Equal([("?", true), ("!", true)], Spoken("? !").Items().Select(item => (item.Content, item.IsMark)));

    [Fact]
    public void TextThatIsTooLong_IsCut_NotWithinACharacter()
    {
        var spoken = Spoken(new string('x', SpokenUtterance.MaximumText - 1) + "\U0001F600 and more");
        Assert.Equal(SpokenUtterance.MaximumText - 1, spoken.Text.Length);
        Assert.Single(spoken.Items());
        var clip = new TranscriptClip(new string('a', 4_000), Seconds(0), Seconds(1), null);
        Assert.Equal(2, Spoken("a", clip, clip, clip).Items().Count());
    }

    [Fact]
    public void Transcript_IsAllUtterances_WithTheirMeanConfidence_AndTheLastLanguage()
    {
        var builder = new TranscriptBuilder(AudioTrack.Inbound, new TranscriptionMetrics(_meters));
        Assert.Equal(new TrackTranscript(AudioTrack.Inbound, "", null, null), builder.Build());
        builder.Add(Of("Hello", 1, "de"));
        builder.Add(Of("there my friends.", null, "en"));
        builder.Add(Of("a b c d e f g h", 0.5, null));
        Assert.Equal(new TrackTranscript(AudioTrack.Inbound, "Hello there my friends. a b c d e f g h", 0.625, "en"), builder.Build());
    }

    [Fact]
    public void Transcript_HasALongest_AndWhatIsBeyondIsCounted()
    {
        var builder = new TranscriptBuilder(AudioTrack.Outbound, new TranscriptionMetrics(_meters));
        for (var i = 0; i < 30; i++) builder.Add(Of(new string('x', SpokenUtterance.MaximumText), null, null));
        Assert.InRange(builder.Build().Text.Length, TranscriptBuilder.MaximumText - SpokenUtterance.MaximumText - 1, TranscriptBuilder.MaximumText);
        Assert.Equal(4 * SpokenUtterance.MaximumText, _meters["sipstead.voice.transcripts.characters.dropped"]);
    }

    /// <summary>Whatever a program writes for text, each message is JSON whose items are its words and marks, in order and in time.</summary>
    [Fact]
    public void Messages_OfDamagedTexts_AreWholeAndInTime()
    {
        var metrics = new TranscriptionMetrics(_meters);
        var services = new TranscriptionServices(
            new FakeTranscriber(), new RecordingFiles("nowhere"), new TranscriptLog(metrics), new LiveTracks(1), metrics, TimeProvider.System, NullLogger.Instance);
        var call = new FeedCall("9900000", "c-1");
        using var messages = new TranscriptionMessages(call, new LiveTranscription("t-1", new TranscriptionRequest { Tracks = [AudioTrack.Inbound] }, default, call, services));
        byte[][] corpus = ["Hello, \"you\" there... \u00e9\U0001F600?"u8.ToArray(), ".,?!;: \t\n\u2028 a\u0000b \\"u8.ToArray()];
        FuzzRun.Over("transcribed text", corpus, 5_000, octets =>
        {
            var text = Encoding.UTF8.GetString(octets);
            if (text.Length > SpokenUtterance.MaximumText) return;
            using var message = JsonDocument.Parse(messages.Transcription(Spoken(text, new TranscriptClip(text, Seconds(1), Seconds(octets.Length), 1))));
            var items = message.RootElement.GetProperty("items").EnumerateArray().ToArray();
            Assert.Equal(string.Concat(text.Where(one => !char.IsWhiteSpace(one))), string.Concat(items.Select(item => item.GetProperty("content").GetString())));
            var times = items.SelectMany(item => new[] { item.GetProperty("startTime").GetDouble(), item.GetProperty("endTime").GetDouble() }).ToArray();
            Assert.Equal(times.Order(), times);
            Assert.All(times, time => Assert.InRange(time, 10, 21));
        });
    }

    private static SpokenUtterance Of(string text, double? confidence, string? language) =>
        new(AudioTrack.Inbound, default, new Transcript(text, confidence, []) { Language = language });

    private static SpokenUtterance Spoken(string text, params TranscriptClip[] clips) =>
        new(AudioTrack.Inbound, new Utterance(Seconds(9), Seconds(10), Seconds(21)), new Transcript(text, 0.5, clips));

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);
}
