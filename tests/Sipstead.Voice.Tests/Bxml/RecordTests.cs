using Sipstead.Media.Recording;
using Sipstead.Provisioning.Recordings;
using Sipstead.Voice.Bxml;
using Sipstead.Voice.Recordings;

namespace Sipstead.Voice.Tests.Bxml;

/// <summary>Record, StartRecording and their kin: attributes, ends, and what follows (bxml.md 6).</summary>
public sealed class RecordTests
{
    private const string Complete = "recordCompleteUrl=\"/complete\"";

    [Fact]
    public void Record_AnswersAndRecords_WithTheDefaultsOfTheApi()
    {
        using var run = new VerbRun().Start("<Record/>");
        var wish = Assert.Single(run.Call.Recordings.Wishes);
        Assert.Equal(["answer"], run.Steps);
        Assert.Equal(
            (RecordingLayout.Party, TimeSpan.FromSeconds(60), TimeSpan.Zero, RecordingFormat.Wav), (wish.Layout, wish.MaximumDuration, wish.SilenceTimeout, wish.Format));
        Assert.Equal((null, null), (wish.Available, wish.Transcription));
        run.Interrupt();
    }

    [Theory]
    [InlineData("", "#", true)]
    [InlineData("", "1", false)]
    [InlineData("terminatingDigits=\"\"", "#", false)]
    [InlineData("terminatingDigits=\"12a\"", "2", true)]
    [InlineData("terminatingDigits=\"12a\"", "A", true)]
    [InlineData("terminatingDigits=\"12\"", "3#", false)]
    public void Record_EndsAtItsKeys(string attributes, string keys, bool ends)
    {
        using var run = new VerbRun().Start($"<Record {attributes}/>").Press(keys);
        Assert.Equal(ends, run.IsOver);
        Assert.Equal(ends ? ["record", "end"] : ["record"], run.Call.Recordings.Steps);
        Assert.Equal(0, ends ? run.Call.Listeners : 0);
        if (!ends) run.Interrupt();
    }

    [Fact]
    public void Record_EndsAtItsKey_RightBehindTheAnswer()
    {
        using var run = new VerbRun();
        run.Call.PressedOnAnswer = "#";
        run.Start("<Record/>");
        Assert.True(run.IsOver);
        Assert.Equal(["record", "end"], run.Call.Recordings.Steps);
    }

    [Fact]
    public void Record_ThatEndsByItself_IsToldWithItsFields_AndWhatFollowsItIsDropped()
    {
        using var run = new VerbRun().Answering("<Hangup/>").Start($"<Record {Complete} fileFormat=\"MP3\" tag=\"t\"/><Pause/>").After(2.5);
        run.EndRecording();
        Assert.True(run.IsOver);
        Assert.Equal(
            "recordComplete {\"recordingId\":\"r-1\",\"mediaUrl\":\"https://voice.example/media\",\"endTime\":\"2000-01-01T00:00:02.500Z\",\"duration\":\"PT2.5S\","
            + "\"channels\":1,\"fileFormat\":\"mp3\"}", run.Steps[^1]);
        Assert.Equal(new DateTimeOffset(2000, 1, 1, 0, 0, 0, TimeSpan.Zero), run.Call.Callbacks[0].StartTime);
        Assert.Equal("t", run.Call.Tag);
        Assert.Equal("hangup", run.Outcome.Cause);
    }

    [Fact]
    public void Record_WithoutUrl_GoesOn()
    {
        using var run = new VerbRun().Start("<Record/><Ring duration=\"1\"/>").Press("#").After(1);
        Assert.Equal(["answer", "ring back 1"], run.Steps);
        Assert.Equal("hangup", run.Outcome.Cause);
    }

    [Fact]
    public void Record_Interrupted_EndsTheRecording_WithoutAWord()
    {
        using var run = new VerbRun().Start($"<Record {Complete}/>").Interrupt();
        Assert.True(run.IsCanceled);
        Assert.Equal(["record", "end"], run.Call.Recordings.Steps);
        Assert.Empty(run.Call.Callbacks);
    }

    [Fact]
    public void Attributes_AreTaken()
    {
        using var run = new VerbRun().Start(
            "<Record maxDuration=\"10800\" silenceTimeout=\"2.5\" fileFormat=\"mp3\" transcribe=\"True\" detectLanguage=\"true\" recordingAvailableUrl=\"/a\""
            + " recordingAvailableMethod=\"GET\" transcriptionAvailableUrl=\"/t\" username=\"u\" password=\"p\"/>");
        var wish = run.Call.Recordings.Wishes[0];
        Assert.Equal((TimeSpan.FromHours(3), TimeSpan.FromSeconds(2.5), RecordingFormat.Mp3), (wish.MaximumDuration, wish.SilenceTimeout, wish.Format));
        Assert.Equal(("https://app.example/a", true, "u"), (wish.Available!.Url.ToString(), wish.Available.IsGet, wish.Available.Credentials!.UserName));
        Assert.Equal(("https://app.example/t", true), (wish.Transcription!.Available!.Url.ToString(), wish.Transcription.DetectLanguage));
        run.Interrupt();
    }

    [Theory]
    [InlineData("<Record maxDuration=\"1\"/>", true)]
    [InlineData("<Record maxDuration=\"0\"/>", false)]
    [InlineData("<Record maxDuration=\"10801\"/>", false)]
    [InlineData("<Record maxDuration=\"1.5\"/>", false)]
    [InlineData("<Record silenceTimeout=\"0\"/>", true)]
    [InlineData("<Record silenceTimeout=\"-1\"/>", false)]
    [InlineData("<Record fileFormat=\"ogg\"/>", false)]
    [InlineData("<Record transcribe=\"maybe\"/>", false)]
    [InlineData("<Record terminatingDigits=\"x\"/>", false)]
    [InlineData("<Record recordCompleteUrl=\"ftp://a/\"/>", false)]
    [InlineData("<Record recordingAvailableUrl=\"ftp://a/\"/>", false)]
    [InlineData("<Record username=\"u\"/>", false)]
    [InlineData("<Record>text</Record>", false)]
    [InlineData("<Record transcribe=\"false\" detectLanguage=\"false\"/>", true)]
    [InlineData("<StartRecording multiChannel=\"False\" transcribe=\"false\"/>", true)]
    [InlineData("<StartRecording multiChannel=\"2\"/>", false)]
    [InlineData("<StartRecording fileFormat=\"flac\"/>", false)]
    [InlineData("<StopRecording/><PauseRecording/><ResumeRecording/>", true)]
    [InlineData("<StopRecording>text</StopRecording>", false)]
    [InlineData("<Gather><Record/></Gather>", false)]
    [InlineData("<Gather><StartRecording/></Gather>", false)]
    public void Attributes_HaveLimits(string verbs, bool isValid) => Assert.Equal(isValid, Reading.IsValid(verbs));

    [Theory]
    [InlineData(BxmlContext.TransferAnswer, "<Record/><StartRecording/><PauseRecording/><ResumeRecording/><StopRecording/>", true)]
    [InlineData(BxmlContext.Conference, "<StartRecording/><PauseRecording/><ResumeRecording/><StopRecording/>", true)]
    [InlineData(BxmlContext.Conference, "<Record/>", false)]
    internal void Verbs_StandWhereTheyMay(BxmlContext context, string verbs, bool isValid) => Assert.Equal(
        isValid, Reading.Of(System.Text.Encoding.UTF8.GetBytes($"<Bxml>{verbs}</Bxml>"), VerbRun.BaseUrl, context).Error is null);

    [Fact]
    public void StartRecording_GoesOnAtOnce_AndAnswersNothing()
    {
        using var run = new VerbRun().Start(
            "<StartRecording multiChannel=\"true\" tag=\"t\"/><StartRecording/><PauseRecording/><ResumeRecording/><StopRecording/>");
        Assert.Equal("hangup", run.Outcome.Cause);
        Assert.Equal(["start", "start", "pause", "resume", "stop"], run.Call.Recordings.Steps);
        Assert.Equal([RecordingLayout.Separate, RecordingLayout.Mixed], run.Call.Recordings.Wishes.Select(wish => wish.Layout));
        Assert.All(run.Call.Recordings.Wishes, wish => Assert.Equal(RecordingWish.LongestStarted, wish.MaximumDuration));
        Assert.Empty(run.Steps);
        Assert.Equal("t", run.Call.Tag);
    }
}
