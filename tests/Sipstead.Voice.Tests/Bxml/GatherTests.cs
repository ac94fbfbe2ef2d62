namespace Sipstead.Voice.Tests.Bxml;

public sealed class GatherTests
{
    [Fact]
    public void NothingPressed_WebhookSaysSo_AndItsDocumentReplacesTheRest()
    {
        using var run = new VerbRun().Answering("<SpeakSentence>Bye</SpeakSentence>")
            .Start("""<Gather gatherUrl="/g"><SpeakSentence>Press</SpeakSentence></Gather><SpeakSentence>Never</SpeakSentence>""").After(8);
        Assert.Equal(["answer", "play Press", """gather {"digits":"","terminatingDigit":""}""", "play Bye"], run.Steps);
        Assert.Equal("hangup", run.Outcome.Cause);
        var callback = Assert.Single(run.Call.Callbacks);
        Assert.Equal("https://app.example/g", callback.Primary.Url.AbsoluteUri);
        Assert.False(callback.Primary.IsGet);
        Assert.Null(callback.Primary.Credentials);
        Assert.Null(callback.Fallback);
    }

    [Fact]
    public void KeysRightBehindTheAnswer_AreGathered()
    {
        using var run = new VerbRun();
        run.Call.PressedOnAnswer = "42";
        run.Start("""<Gather gatherUrl="/g" maxDigits="2"/>""");
        Assert.Equal(["answer", """gather {"digits":"42","terminatingDigit":""}"""], run.Steps);
    }

    [Fact]
    public void AnyDigit_StopsThePromptsAtOnce()
    {
        using var run = new VerbRun()
            .Start("""<Gather gatherUrl="/g"><SpeakSentence>One</SpeakSentence><SpeakSentence>Two</SpeakSentence></Gather>""").After(0.5).Press("7");
        Assert.Equal(["answer", "play One", "cut One"], run.Steps);
        run.After(4.9);
        Assert.False(run.IsOver);
        run.After(0.1);
        Assert.Equal("""gather {"digits":"7","terminatingDigit":""}""", run.Steps[^1]);
        Assert.Equal(0, run.Call.Listeners);
    }

    [Fact]
    public void TerminatingDigit_Ends_AndIsReportedApart()
    {
        using var run = new VerbRun().Start("""<Gather gatherUrl="/g" terminatingDigits="#*"/>""").Press("12*");
        Assert.Equal("""gather {"digits":"12","terminatingDigit":"*"}""", run.Steps[^1]);
    }

    [Fact]
    public void TerminatingDigit_Alone_EndsWithoutDigits()
    {
        using var run = new VerbRun().Start("""<Gather gatherUrl="/g" terminatingDigits="a"/>""").Press("A");
        Assert.Equal("""gather {"digits":"","terminatingDigit":"A"}""", run.Steps[^1]);
    }

    [Fact]
    public void MaxDigits_Ends()
    {
        using var run = new VerbRun().Start("""<Gather gatherUrl="/g" maxDigits="3"/>""").Press("12");
        Assert.False(run.IsOver);
        run.Press("34");
        Assert.Equal("""gather {"digits":"123","terminatingDigit":""}""", run.Steps[^1]);
    }

    [Fact]
    public void InterDigitTimeout_StartsAnewWithEachDigit()
    {
        using var run = new VerbRun().Start("""<Gather gatherUrl="/g" interDigitTimeout="2,5"/>""").Press("1").After(2.4).Press("2").After(2.4);
        Assert.False(run.IsOver);
        run.After(0.1);
        Assert.Equal("""gather {"digits":"12","terminatingDigit":""}""", run.Steps[^1]);
    }

    [Fact]
    public void Rounds_PlayAgain_EachWithItsWait_AndFetchOnce()
    {
        using var run = new VerbRun().Start("""
            <Gather gatherUrl="/g" repeatCount="3" firstDigitTimeout="2"><SpeakSentence>Hi</SpeakSentence><PlayAudio>/a.wav</PlayAudio></Gather>
            """).After(11.9);
        Assert.Equal(
            [
                "answer", "play Hi", "fetch https://app.example/a.wav", "play https://app.example/a.wav",
                "play Hi", "play https://app.example/a.wav", "play Hi", "play https://app.example/a.wav",
            ],
            run.Steps);
        Assert.False(run.IsOver);
        run.After(0.1);
        Assert.StartsWith("gather", run.Steps[^1], StringComparison.Ordinal);
        Assert.Single(run.Call.Spoken);
    }

    [Fact]
    public void DigitInALaterRound_EndsTheRounds()
    {
        using var run = new VerbRun()
            .Start("""<Gather gatherUrl="/g" repeatCount="9" maxDigits="1"><SpeakSentence>Hi</SpeakSentence></Gather>""").After(6.5).Press("5");
        Assert.Equal(["answer", "play Hi", "play Hi", "cut Hi", """gather {"digits":"5","terminatingDigit":""}"""], run.Steps);
    }

    [Fact]
    public void DigitDuringTheFirstWait_Counts()
    {
        using var run = new VerbRun()
            .Start("""<Gather gatherUrl="/g" repeatCount="2" maxDigits="1"><SpeakSentence>Hi</SpeakSentence></Gather>""").After(3).Press("5");
        Assert.Equal(["answer", "play Hi", """gather {"digits":"5","terminatingDigit":""}"""], run.Steps);
    }

    [Fact]
    public void FirstDigitTimeoutZero_EndsWithThePrompts()
    {
        using var run = new VerbRun().Start("""<Gather gatherUrl="/g" firstDigitTimeout="0"><SpeakSentence>Hi</SpeakSentence></Gather>""").After(1);
        Assert.Equal("""gather {"digits":"","terminatingDigit":""}""", run.Steps[^1]);
    }

    [Fact]
    public void WithoutUrl_DigitsAreDropped_AndTheNextVerbRuns()
    {
        using var run = new VerbRun().Start("""<Gather maxDigits="1" gatherFallbackUrl="/f"/><SpeakSentence>Next</SpeakSentence>""").Press("1").After(1);
        Assert.Equal(["answer", "play Next"], run.Steps);
        Assert.Equal("hangup", run.Outcome.Cause);
    }

    [Fact]
    public void TargetsAndCredentials_AreEachOtherNotMixed()
    {
        using var run = new VerbRun().Start("""
            <Gather maxDigits="1" gatherUrl="g?a=1&amp;b=2" gatherMethod="GET" username="u" password="p" tag="t"
              gatherFallbackUrl="//other.example/f" gatherFallbackMethod="POST" fallbackUsername="fu" fallbackPassword="fp"/>
            """).Press("1");
        var callback = Assert.Single(run.Call.Callbacks);
        Assert.Equal(("https://app.example/voice/g?a=1&b=2", true), (callback.Primary.Url.AbsoluteUri, callback.Primary.IsGet));
        Assert.Equal(("u", "p"), (callback.Primary.Credentials!.UserName, callback.Primary.Credentials.Password));
        Assert.Equal(("https://other.example/f", false), (callback.Fallback!.Url.AbsoluteUri, callback.Fallback.IsGet));
        Assert.Equal(("fu", "fp"), (callback.Fallback.Credentials!.UserName, callback.Fallback.Credentials.Password));
        Assert.Equal("t", run.Call.Tag);
    }

    [Fact]
    public void Fallback_DoesNotGetTheCredentialsOfThePrimary()
    {
        using var run = new VerbRun()
            .Start("""<Gather maxDigits="1" gatherUrl="/g" gatherFallbackUrl="http://other.example/" username="u" password="p"/>""").Press("1");
        Assert.Null(run.Call.Callbacks[0].Fallback!.Credentials);
    }

    [Theory]
    [InlineData("speech")]
    [InlineData("dtmf_speech")]
    [InlineData("DTMF_Speech")]
    public void Speech_IsValid_AndEndsWithApplicationError(string input)
    {
        using var run = new VerbRun().Start($"""<Gather input="{input}" gatherUrl="/g" speechTimeout="3" hints="a,b"/>""");
        Assert.Equal("application-error", run.Outcome.Cause);
        Assert.Contains("speech input needs an engine", run.Outcome.Message, StringComparison.Ordinal);
        Assert.Empty(run.Steps);
    }

    [Fact]
    public void PromptThatCannotBePlayed_IsAnApplicationError_WithoutWebhook()
    {
        using var run = new VerbRun();
        run.Call.AudioError = "404 from https://app.example/a.wav";
        run.Start("""<Gather gatherUrl="/g"><PlayAudio>a.wav</PlayAudio></Gather>""");
        Assert.Equal(("application-error", "404 from https://app.example/a.wav"), (run.Outcome.Cause, run.Outcome.Message));
        Assert.Empty(run.Call.Callbacks);
        Assert.Equal(0, run.Call.Listeners);
    }

    [Theory]
    [InlineData(0.5, "")]
    [InlineData(3, "")]
    [InlineData(3, "1")]
    public void Interrupted_EndsWithoutWebhook_AndNobodyListens(double seconds, string pressed)
    {
        using var run = new VerbRun().Start("""<Gather gatherUrl="/g"><SpeakSentence>Hi</SpeakSentence></Gather>""").After(seconds).Press(pressed).Interrupt();
        Assert.True(run.IsCanceled);
        Assert.Empty(run.Call.Callbacks);
        Assert.Equal(0, run.Call.Listeners);
    }

    [Fact]
    public void DigitsBeforeAndAfter_AreNotHeard()
    {
        using var run = new VerbRun()
            .Start("""<SpeakSentence>Hi</SpeakSentence><Gather gatherUrl="/g" firstDigitTimeout="1"/>""").Press("9").After(1).After(1).Press("9");
        Assert.Equal("""gather {"digits":"","terminatingDigit":""}""", run.Steps[^1]);
    }
}
