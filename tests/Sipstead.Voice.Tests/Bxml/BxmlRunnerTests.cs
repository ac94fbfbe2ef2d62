using Microsoft.Extensions.Logging;
using Sipstead.Voice.Bxml;

namespace Sipstead.Voice.Tests.Bxml;

public sealed class BxmlRunnerTests
{
    [Fact]
    public void NoVerbs_IsAHangup()
    {
        using var run = new VerbRun().Start("");
        Assert.Equal(("hangup", null), (run.Outcome.Cause, run.Outcome.Message));
        Assert.Empty(run.Steps);
    }

    [Fact]
    public void Verbs_RunInOrder()
    {
        using var run = new VerbRun().Start("<PlayAudio>/a.wav</PlayAudio><SpeakSentence>b</SpeakSentence><Echo duration='1'/>").After(3);
        Assert.Equal(["answer", "fetch https://app.example/a.wav", "play https://app.example/a.wav", "play b", "echo 1"], run.Steps);
    }

    [Fact]
    public void FailedWebhook_EndsWithItsCause()
    {
        using var run = new VerbRun();
        run.Call.Answers.Enqueue(VerbOutcome.End("invalid-bxml", "Line 1"));
        run.Start("""<Redirect redirectUrl="/r"/>""");
        Assert.Equal(("invalid-bxml", "Line 1"), (run.Outcome.Cause, run.Outcome.Message));
    }

    [Fact]
    public void UnexpectedException_EndsWithError_AndItsTextGoesToTheLogOnly()
    {
        var log = new Entries();
        using var run = new VerbRun { Logger = log };
        run.Call.Failure = new InvalidOperationException("secret");
        run.Start("<SpeakSentence>Hi</SpeakSentence>");
        Assert.Equal("error", run.Outcome.Cause);
        Assert.DoesNotContain("secret", run.Outcome.Message, StringComparison.Ordinal);
        Assert.Equal([(8000, "Call c-1 ends: its verb SpeakSentence failed unexpectedly", run.Call.Failure)], log.All);
    }

    [Fact]
    public void CancellationThatNobodyAskedFor_IsAnError()
    {
        using var run = new VerbRun();
        run.Call.Failure = new OperationCanceledException();
        run.Start("<SpeakSentence>Hi</SpeakSentence>");
        Assert.Equal("error", run.Outcome.Cause);
    }

    [Theory]
    [InlineData("<Pause/>")]
    [InlineData("<Ring/>")]
    [InlineData("""<Ring answerCall="false"/>""")]
    [InlineData("<SpeakSentence>Hi</SpeakSentence>")]
    [InlineData("<SendDtmf>1</SendDtmf>")]
    [InlineData("<Echo/>")]
    public void Interrupted_PassesTheCancellationOn_AndTheRestNeverRuns(string verb)
    {
        using var run = new VerbRun().Start(verb + "<Tag>never</Tag>").Interrupt();
        Assert.True(run.IsCanceled);
        Assert.Null(run.Call.Tag);
    }

    [Theory]
    [InlineData(BxmlRunner.MaximumHastyDocuments - 1, "hangup")]
    [InlineData(BxmlRunner.MaximumHastyDocuments, "application-error")]
    public void S_47_WebhooksThatRedirectInACircle_EndTheCall(int redirects, string cause)
    {
        using var run = new VerbRun();
        var redirect = VerbRun.Document("""<Redirect redirectUrl="/r"/>""");
        for (var i = 1; i < redirects; i++) run.Call.Answers.Enqueue(VerbOutcome.Replace(redirect));
        run.Answering("<Hangup/>").Start(redirect);
        Assert.Equal(cause, run.Outcome.Cause);
        Assert.Equal(redirects, run.Call.Callbacks.Count);
    }

    [Fact]
    public void DocumentsThatTakeTheirTime_MayBeAnyNumber()
    {
        using var run = new VerbRun();
        var slow = VerbRun.Document("""<Pause duration="1"/><Redirect redirectUrl="/r"/>""");
        for (var i = 0; i < 2 * BxmlRunner.MaximumHastyDocuments; i++) run.Call.Answers.Enqueue(VerbOutcome.Replace(slow));
        run.Answering("<Hangup/>").Start(slow).After(2 * BxmlRunner.MaximumHastyDocuments + 1);
        Assert.Equal("hangup", run.Outcome.Cause);
    }

    private sealed class Entries : ILogger<BxmlRunner>
    {
        public List<(int Id, string Text, Exception? Exception)> All { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            All.Add((eventId.Id, formatter(state, exception), exception));
    }
}
