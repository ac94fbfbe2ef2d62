using Sipstead.Media;
using Sipstead.Voice.Tests.Bxml;

namespace Sipstead.Voice.Tests.Transcribing;

/// <summary>StartTranscription and StopTranscription as documents have them.</summary>
public sealed class TranscriptionVerbTests
{
    [Fact]
    public void StartTranscription_AnswersAndGoesOn_WithDefaults()
    {
        using var run = new VerbRun().Start("""<StartTranscription/><StopTranscription name="t"/><StopTranscription name=""/><StopTranscription/>""");
        Assert.Equal(["answer", "transcribe  to", "stop transcription t", "stop transcription of any name", "stop transcription of any name"], run.Steps.Select(step => step.TrimEnd()));
        var request = Assert.Single(run.Call.Transcribed);
        Assert.Equal([AudioTrack.Inbound], request.Tracks);
        Assert.True(request.IsStabilized);
        Assert.Equal((null, null, null, null), (request.Destination, request.Events, request.Name, request.Credentials));
        Assert.Empty(request.Parameters);
    }

    [Fact]
    public void StartTranscription_TakesAllThatTheApiHas()
    {
        using var run = new VerbRun().Start("""
            <StartTranscription destination="ws://h:8081/p?q" name="n" tracks="both" transcriptionEventUrl="e" transcriptionEventMethod="GET" username="a" password="b"
                stabilized="False"><CustomParam name="k" value="v"/><CustomParam name="k" value="w"/></StartTranscription>
            """);
        var request = Assert.Single(run.Call.Transcribed);
        Assert.Equal([AudioTrack.Inbound, AudioTrack.Outbound], request.Tracks);
        Assert.Equal(("n", "ws://h:8081/p?q", false), (request.Name, request.Destination!.OriginalString, request.IsStabilized));
        Assert.Equal(("https://app.example/voice/e", true, "a"), (request.Events!.Url.ToString(), request.Events.IsGet, request.Events.Credentials!.UserName));
        Assert.Null(request.Credentials); // those are for the events
        Assert.Equal([new("k", "w")], request.Parameters);
    }

    [Fact]
    public void Stabilized_WithoutDestination_IsNoFault() => Assert.True(Reading.IsValid("<StartTranscription stabilized=\"true\"/>"));

    [Fact]
    public void BothVerbs_MayStandInADocumentOfATransfer() => Assert.Null(Reading.Of(
        "<Response><StartTranscription/><StopTranscription/></Response>"u8.ToArray(), context: Voice.Bxml.BxmlContext.TransferAnswer).Error);

    [Theory]
    [InlineData("<StartTranscription destination=\"/s\"/>", "StartTranscription's destination is \"/s\"; give a ws or wss URL.")]
    [InlineData("<StartTranscription destination=\"https://h/\"/>", "StartTranscription's destination is \"https://h/\"; give a ws or wss URL.")]
    [InlineData("<StartTranscription tracks=\"all\"/>", "StartTranscription's tracks is \"all\"; give inbound or outbound or both.")]
    [InlineData("<StartTranscription stabilized=\"1\"/>", "StartTranscription's stabilized is \"1\"; give true or false.")]
    [InlineData("<StartTranscription transcriptionEventUrl=\"ftp://h/\"/>", "StartTranscription's transcriptionEventUrl is \"ftp://h/\"; give an http or https URL.")]
    [InlineData("<StartTranscription username=\"u\"/>", "StartTranscription has username without password; give both or none.")]
    [InlineData("<StartTranscription><CustomParam value=\"\"/></StartTranscription>", "CustomParam has no name; it is required.")]
    [InlineData("<StartTranscription><CustomParam name=\"a\"/></StartTranscription>", "CustomParam has no value; it is required.")]
    [InlineData("<StartTranscription><StreamParam/></StartTranscription>", "<StreamParam> cannot stand inside <StartTranscription>; give CustomParam only.")]
    [InlineData("<Gather><StartTranscription/></Gather>", "<StartTranscription> cannot stand inside <Gather>; give SpeakSentence and PlayAudio only.")]
    [InlineData("<Gather><StopTranscription/></Gather>", "<StopTranscription> cannot stand inside <Gather>; give SpeakSentence and PlayAudio only.")]
    public void Document_ThatIsWrong_IsRefused(string verb, string error) =>
        Assert.EndsWith(error, Reading.Error($"<Response>{verb}</Response>", VerbRun.BaseUrl).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(12, 256, 2048, true)]
    [InlineData(13, 1, 1, false)]
    [InlineData(1, 257, 1, false)]
    [InlineData(1, 1, 2049, false)]
    public void Parameters_HaveLimits(int count, int name, int value, bool isValid)
    {
        var parameters = string.Concat(Enumerable.Range(0, count).Select(i => $"<CustomParam name=\"{i.ToString("D" + Math.Min(name, 2)).PadLeft(name, 'n')}\" value=\"{new string('v', value)}\"/>"));
        Assert.Equal(isValid, Reading.IsValid($"<StartTranscription>{parameters}</StartTranscription>"));
    }
}
