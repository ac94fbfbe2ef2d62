namespace Sipstead.Voice.Tests.Bxml;

public sealed class VerbTests
{
    [Fact]
    public void SpeakSentence_Answers_ThenPlaysToTheEnd()
    {
        using var run = new VerbRun().Start("""<SpeakSentence voice="kate" gender="Male" locale="en_UK">Hello</SpeakSentence>""").After(0.9);
        Assert.Equal(["answer", "play Hello"], run.Steps);
        Assert.False(run.IsOver);
        run.After(0.1);
        Assert.Equal(("hangup", null), (run.Outcome.Cause, run.Outcome.Message));
        var request = Assert.Single(run.Call.Spoken);
        Assert.Equal(("kate", "male", "en_UK"), (request.Voice, request.Gender, request.Locale));
    }

    [Fact]
    public void SpeakSentence_WithoutAttributes_LeavesTheChoiceToTheEngine()
    {
        using var run = new VerbRun().Start("<SpeakSentence>Hello</SpeakSentence>");
        var request = Assert.Single(run.Call.Spoken);
        Assert.Equal((null, null, null), (request.Voice, request.Gender, request.Locale));
    }

    [Fact]
    public void PlayAudio_FetchesWithItsCredentials()
    {
        using var run = new VerbRun()
            .Start("""<PlayAudio username="u" password="p">  ../a.wav </PlayAudio><PlayAudio>http://b.example/b.mp3</PlayAudio>""").After(2);
        Assert.Equal(
            [
                "answer", "fetch https://app.example/a.wav", "play https://app.example/a.wav",
                "fetch http://b.example/b.mp3", "play http://b.example/b.mp3",
            ],
            run.Steps);
        Assert.Equal("p", run.Call.FetchedWith[0]!.Password);
        Assert.Null(run.Call.FetchedWith[1]);
    }

    [Theory]
    [InlineData("<SpeakSentence>Hello</SpeakSentence>")]
    [InlineData("<PlayAudio>a.wav</PlayAudio>")]
    public void AudioThatFails_EndsTheCall(string verb)
    {
        using var run = new VerbRun();
        run.Call.AudioError = "No voice.";
        run.Start(verb + "<Tag>later</Tag>");
        Assert.Equal(("application-error", "No voice."), (run.Outcome.Cause, run.Outcome.Message));
        Assert.Null(run.Call.Tag);
    }

    [Theory]
    [InlineData("<Pause/>", 1)]
    [InlineData("""<Pause duration="1"/>""", 1)]
    [InlineData("""<Pause duration="0,5"/>""", 0.5)]
    [InlineData("""<Pause duration=" 2.5 "/>""", 2.5)]
    public void Pause_AnswersAndWaits(string verb, double seconds)
    {
        using var run = new VerbRun().Start(verb).After(seconds - 0.05);
        Assert.Equal(["answer"], run.Steps);
        Assert.False(run.IsOver);
        Assert.Equal("hangup", run.After(0.05).Outcome.Cause);
    }

    [Theory]
    [InlineData("<Ring/>", 5)]
    [InlineData("""<Ring duration="2.5" answerCall="True"/>""", 2.5)]
    public void Ring_Answers_AndPlaysTheTone(string verb, double seconds)
    {
        using var run = new VerbRun().Start(verb).After(seconds - 0.05);
        Assert.Equal(["answer", FormattableString.Invariant($"ring back {seconds}")], run.Steps);
        Assert.False(run.IsOver);
        Assert.True(run.After(0.05).IsOver);
    }

    [Fact]
    public void Ring_WithoutAnswering_TellsTheCallerAndWaits()
    {
        using var run = new VerbRun().Start("""<Ring duration="3" answerCall="False"/>""").After(2.9);
        Assert.Equal(["ring"], run.Steps);
        Assert.False(run.IsOver);
        Assert.True(run.After(0.1).IsOver);
        Assert.False(run.Call.IsAnswered);
    }

    [Fact]
    public void Ring_WithoutAnswering_OnAnAnsweredCall_PlaysTheTone()
    {
        using var run = new VerbRun();
        run.Call.IsAnswered = true;
        run.Start("""<Ring answerCall="false"/>""");
        Assert.Equal(["ring back 5"], run.Steps);
    }

    [Fact]
    public void SendDtmf_PausesReplaceTheInterval()
    {
        using var run = new VerbRun().Start("""<SendDtmf toneDuration="100" toneInterval="300"> 1a,#Ww* </SendDtmf>""").After(5);
        Assert.Equal(["answer"], run.Steps);
        Assert.Equal(
            [('1', 100, 300), ('A', 100, 0), (null, 500, 0), ('#', 100, 0), (null, 1000, 0), (null, 500, 0), ('*', 100, 300)],
            run.Call.Sent.Select(tone => (tone.Digit, tone.Duration.TotalMilliseconds, tone.Interval.TotalMilliseconds)));
    }

    [Fact]
    public void SendDtmf_HasDefaults()
    {
        using var run = new VerbRun().Start("<SendDtmf>5</SendDtmf>");
        Assert.Equal((200, 400), (run.Call.Sent[0].Duration.TotalMilliseconds, run.Call.Sent[0].Interval.TotalMilliseconds));
    }

    [Theory]
    [InlineData("<Echo/>", 30)]
    [InlineData("""<Echo duration="1.5"/>""", 1.5)]
    public void Echo_AnswersAndRuns(string verb, double seconds)
    {
        using var run = new VerbRun().Start(verb).After(seconds);
        Assert.Equal(["answer", FormattableString.Invariant($"echo {seconds}")], run.Steps);
        Assert.True(run.IsOver);
    }

    [Fact]
    public void Hangup_EndsWithoutAnswering_AndWithoutTheRest()
    {
        using var run = new VerbRun().Start("<Hangup/><SpeakSentence>Never</SpeakSentence>");
        Assert.Equal(("hangup", null), (run.Outcome.Cause, run.Outcome.Message));
        Assert.Empty(run.Steps);
    }

    [Fact]
    public void Redirect_DoesNotAnswer_AndItsDocumentReplacesTheRest()
    {
        using var run = new VerbRun().Answering("<Hangup/>").Start("""
            <Redirect redirectUrl="http://a.example/next" redirectMethod="get" redirectFallbackUrl="/f" redirectFallbackMethod="GET"
              username="u" password="p" fallbackUsername="fu" fallbackPassword="fp" tag="t"/>
            <SpeakSentence>Never</SpeakSentence>
            """);
        Assert.Equal(["redirect"], run.Steps);
        Assert.Equal("hangup", run.Outcome.Cause);
        var callback = run.Call.Callbacks[0];
        Assert.Equal(("http://a.example/next", true, "u"), (callback.Primary.Url.AbsoluteUri, callback.Primary.IsGet, callback.Primary.Credentials!.UserName));
        Assert.Equal(("https://app.example/f", true, "fu"), (callback.Fallback!.Url.AbsoluteUri, callback.Fallback.IsGet, callback.Fallback.Credentials!.UserName));
        Assert.Equal("t", run.Call.Tag);
    }

    [Theory]
    [InlineData("<Tag> new </Tag>", "new")]
    [InlineData("<Tag></Tag>", null)]
    [InlineData("<Tag/>", null)]
    [InlineData("<Tag>  </Tag>", null)]
    [InlineData("""<Redirect redirectUrl="/r"/>""", "old")]
    [InlineData("""<Redirect redirectUrl="/r" tag=""/>""", null)]
    [InlineData("""<Redirect redirectUrl="/r" tag="new"/>""", "new")]
    [InlineData("""<Gather firstDigitTimeout="0"/>""", "old")]
    [InlineData("""<Gather firstDigitTimeout="0" tag=""/>""", null)]
    [InlineData("""<Gather firstDigitTimeout="0" tag="new"/>""", "new")]
    public void Tag_IsSetClearedOrLeft(string verb, string? tag)
    {
        using var run = new VerbRun();
        run.Call.Tag = "old";
        Assert.True(run.Start(verb).After(0.1).IsOver);
        Assert.Equal(tag, run.Call.Tag);
    }
}
