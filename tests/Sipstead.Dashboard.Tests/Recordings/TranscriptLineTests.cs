using System.Text;
using Sipstead.Dashboard.Recordings;
using Sipstead.Testing.Fuzzing;

namespace Sipstead.Dashboard.Tests.Recordings;

/// <summary>What is read of a transcription, and that nothing in one can break a page.</summary>
public sealed class TranscriptLineTests
{
    [Fact]
    public void Clips_AreTheLines() => Assert.Equal(
        [new TranscriptLine(1, TimeSpan.FromSeconds(1.5), "Hello")],
        Read("""{"transcripts":[{"speaker":0,"text":"All"}],"clips":[{"speaker":1,"text":"Hello","startTimeSeconds":1.5,"endTimeSeconds":2}]}"""));

    [Fact]
    public void WithoutClips_TheTranscriptsAre() => Assert.Equal(
        [new TranscriptLine(0, null, "All of it")], Read("""{"transcripts":[{"speaker":0,"text":"All of it","confidence":0.9},{"speaker":1,"text":" "}],"clips":[]}"""));

    [Fact]
    public void Lines_AreBounded()
    {
        var clips = string.Join(',', Enumerable.Repeat("""{"speaker":0,"text":"a","startTimeSeconds":1}""", TranscriptLine.Maximum + 1));

        Assert.Equal(TranscriptLine.Maximum, Read($$"""{"clips":[{{clips}}]}""").Count);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("""{"clips":{}}""")]
    [InlineData("""{"clips":[null,1,"a",{},{"text":1}]}""")]
    public void WhatIsNoTranscription_HasNoLines(string json) => Assert.Empty(Read(json));

    [Theory]
    [InlineData("1e400")]
    [InlineData("-1")]
    [InlineData("1e12")]
    [InlineData("\"1\"")]
    public void TimeThatNoRecordingHas_IsNotShown(string time) => Assert.Equal(
        [new TranscriptLine(0, null, "a")], Read($$"""{"clips":[{"speaker":{{time}},"text":"a","startTimeSeconds":{{time}}}]}"""));

    [Fact]
    public void AnyChangedTranscription_IsRead()
    {
        var whole = Encoding.UTF8.GetBytes("""{"clips":[{"speaker":1,"text":"Hello","startTimeSeconds":1.5}]}""");
        FuzzRun.Over("transcription", [whole], 5_000, octets => Assert.InRange(TranscriptLine.Of(octets).Count, 0, TranscriptLine.Maximum));
    }

    private static IReadOnlyList<TranscriptLine> Read(string json) => TranscriptLine.Of(Encoding.UTF8.GetBytes(json));
}
