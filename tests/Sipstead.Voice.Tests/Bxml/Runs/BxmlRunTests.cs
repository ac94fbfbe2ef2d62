using System.Text;
using Sipstead.Voice.Bxml;
using Sipstead.Voice.Bxml.Runs;

namespace Sipstead.Voice.Tests.Bxml.Runs;

/// <summary>What runs of a document is noted with its place, its times and how it went.</summary>
public sealed class BxmlRunTests : IDisposable
{
    private readonly TestMeters _meters = new();
    private readonly DocumentLog _log;
    private readonly VerbRun _run = new();

    public BxmlRunTests() => _log = new DocumentLog(new VoiceMetrics(_meters));

    private BxmlRun Look => Assert.Single(_log.Find("c-1"));

    public void Dispose()
    {
        _run.Dispose();
        _meters.Dispose();
    }

    [Fact]
    public void Verbs_HaveTheirPlaces()
    {
        Start("<Response>\n  <Tag>a</Tag>\n  <!-- -->  <Pause duration='1'/><Gather>\n<SpeakSentence>b</SpeakSentence></Gather></Response>").After(60);
        Assert.Equal([("Tag", 2, 4), ("Pause", 3, 14), ("Gather", 3, 35)], Look.Verbs.Select(verb => (verb.Name, verb.Line, verb.Column)));
    }

    [Fact]
    public void Verb_ThatRuns_HasNoEnd()
    {
        Start("<Response><Tag>a</Tag><Pause duration='5'/><Tag>never</Tag></Response>").After(1);

        Assert.Equal([VerbEnd.Done, VerbEnd.None], Look.Verbs.Select(verb => verb.End));
        Assert.Null(Look.Verbs[1].EndTime);
    }

    [Fact]
    public void Verb_ThatIsDone_HasItsTimes()
    {
        Start("<Response><Pause duration='5'/></Response>").After(10);

        var verb = Assert.Single(Look.Verbs);
        Assert.Equal((VerbEnd.Done, TimeSpan.FromSeconds(5)), (verb.End, verb.EndTime - verb.StartTime));
    }

    [Fact]
    public void Verb_ThatIsInterrupted_SaysSo()
    {
        Start("<Response><Pause duration='5'/><Tag>never</Tag></Response>").After(1).Interrupt();

        var verb = Assert.Single(Look.Verbs);
        Assert.Equal((VerbEnd.Interrupted, TimeSpan.FromSeconds(1)), (verb.End, verb.EndTime - verb.StartTime));
    }

    [Fact]
    public void Verb_WhoseWebhookBringsADocument_IsReplaced()
    {
        _run.Answering("<Hangup/>");
        Start("<Response><Redirect redirectUrl='https://app.example/r'/><Tag>never</Tag></Response>");
        Assert.Equal(("Redirect", VerbEnd.Replaced), (Assert.Single(Look.Verbs).Name, Look.Verbs[0].End));
    }

    [Fact]
    public void Verb_ThatEndsTheCall_SaysWhy()
    {
        _run.Call.AudioError = "no voice";
        Start("<Response><SpeakSentence>a</SpeakSentence><Tag>never</Tag></Response>");

        var verb = Assert.Single(Look.Verbs);
        Assert.Equal((VerbEnd.EndedCall, "application-error"), (verb.End, verb.Cause));
        Assert.Contains("no voice", verb.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Verb_ThatFailsInside_IsTheOneThatEndedTheCall()
    {
        _run.Call.Failure = new InvalidOperationException("secret");
        Start("<Response><SpeakSentence>a</SpeakSentence></Response>");
        Assert.Equal((VerbEnd.EndedCall, "error", "SpeakSentence failed inside the server."), (Look.Verbs[0].End, Look.Verbs[0].Cause, Look.Verbs[0].Message));
    }

    [Fact]
    public void VeryManyVerbs_TheLastAreKept()
    {
        var tags = string.Concat(Enumerable.Range(1, LoggedDocument.MaxVerbs + 10).Select(_ => "<Tag>a</Tag>\n"));
        Start($"<Response>\n{tags}</Response>");
        Assert.Equal(Enumerable.Range(12, LoggedDocument.MaxVerbs), Look.Verbs.Select(verb => verb.Line));
    }

    [Fact]
    public void InvalidDocument_HasItsErrorWithItsPlace()
    {
        const string text = "<Response>\n<Tag>a</Tag>\n  <Gather maxDigits='many'/></Response>";
        Assert.Null(Add(text).Document);

        Assert.Equal((3, 11, "Gather", "maxDigits"), (Look.Error!.Line, Look.Error.Column, Look.Error.Verb, Look.Error.Attribute));
        Assert.Equal(text, Look.Text);
        Assert.Empty(Look.Verbs);
    }

    private VerbRun Start(string text) => _run.Start(Add(text).Document!);

    private BxmlResult Add(string text) => _log.Add("c-1", BxmlSource.Api, DateTimeOffset.UnixEpoch, Encoding.UTF8.GetBytes(text), Reading.Of(text));
}
