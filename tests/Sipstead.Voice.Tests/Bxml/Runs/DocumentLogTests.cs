using System.Text;
using Sipstead.Voice.Bxml;
using Sipstead.Voice.Bxml.Runs;

namespace Sipstead.Voice.Tests.Bxml.Runs;

/// <summary>The documents of calls are kept within bounds.</summary>
public sealed class DocumentLogTests : IDisposable
{
    private readonly TestMeters _meters = new();
    private readonly VoiceMetrics _metrics;

    public DocumentLogTests() => _metrics = new VoiceMetrics(_meters);

    public void Dispose() => _meters.Dispose();

    [Fact]
    public void Find_HasTheDocumentsOfTheCallInOrder()
    {
        var log = new DocumentLog(_metrics);
        Add(log, "c-1", "<Bxml/>");
        Add(log, "c-2", "<Response/>");
        Add(log, "c-1", "<Bxml><Hangup/></Bxml>");

        Assert.Equal(["<Bxml/>", "<Bxml><Hangup/></Bxml>"], Texts(log, "c-1"));
        Assert.Equal(["<Response/>"], Texts(log, "c-2"));
        Assert.Empty(log.Find("c-3"));
    }

    [Fact]
    public void Add_BeyondTheNumberOfACall_TheOldestGo()
    {
        var log = new DocumentLog(_metrics);
        Add(log, "c-2", "<Bxml/>");
        for (var i = 0; i < DocumentLog.MaxPerCall + 3; i++) Add(log, "c-1", $"<Bxml><Tag>{i}</Tag></Bxml>");

        var kept = Texts(log, "c-1");
        Assert.Equal((DocumentLog.MaxPerCall, "<Bxml><Tag>3</Tag></Bxml>"), (kept.Count, kept[0]));
        Assert.Single(log.Find("c-2"));
        Assert.Equal(3, _meters.Total("sipstead.voice.documents.dropped"));
    }

    [Fact]
    public void Add_BeyondTheTextOfACall_TheOldestGo()
    {
        var log = new DocumentLog(_metrics);
        var filler = new string('x', 60 * 1024);
        for (var i = 0; i < 5; i++) Add(log, "c-1", $"<Bxml><!--{i}{filler}--></Bxml>");

        var kept = Texts(log, "c-1");
        Assert.Equal(4, kept.Count);
        Assert.StartsWith("<Bxml><!--1x", kept[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Add_BeyondTheWhole_CallsSilentForLongestGo()
    {
        var log = new DocumentLog(_metrics, maxOctets: 10_000);
        var filler = $"<Bxml><!--{new string('x', 2_000)}--></Bxml>";
        for (var i = 0; i < 3; i++) Add(log, $"c-{i}", filler);
        Add(log, "c-0", "<Bxml/>"); // heard of last
        Add(log, "c-3", filler);

        Assert.Empty(log.Find("c-1"));
        Assert.Equal((2, 1, 1), (log.Find("c-0").Count, log.Find("c-2").Count, log.Find("c-3").Count));
        Assert.Equal(1, _meters.Total("sipstead.voice.documents.dropped"));
        Assert.InRange(_meters.Total("sipstead.voice.documents"), 6_000, 10_000);
    }

    [Fact]
    public void Add_OfWhatCanNotBeKept_LeavesNothingBehind()
    {
        var log = new DocumentLog(_metrics, maxOctets: 100);
        var read = Add(log, "c-1", "<Bxml><Hangup/></Bxml>");

        Assert.Empty(log.Find("c-1"));
        Assert.Equal(0, _meters.Total("sipstead.voice.documents"));
        read.Document!.Log!.Begin(read.Document.Verbs[0], DateTimeOffset.UnixEpoch); // what runs does not care
    }

    [Fact]
    public void Add_KeepsItsOwnCopy()
    {
        var log = new DocumentLog(_metrics);
        var octets = "<Bxml/>"u8.ToArray();
        log.Add("c-1", BxmlSource.Api, DateTimeOffset.UnixEpoch, octets, Reading.Of(octets));
        octets.AsSpan().Clear();
        Assert.Equal(["<Bxml/>"], Texts(log, "c-1"));
    }

    [Fact]
    public void Source_OfAWebhook_ShowsItsUrlWithoutUser()
    {
        var source = BxmlSource.Webhook("gather", new Uri("https://user:secret@app.example/voice?x=1#f"));
        Assert.Equal((BxmlOrigin.Webhook, "gather", "https://app.example/voice?x=1"), (source.Origin, source.EventType, source.Url));
    }

    private static BxmlResult Add(DocumentLog log, string callId, string text) =>
        log.Add(callId, BxmlSource.Api, DateTimeOffset.UnixEpoch, Encoding.UTF8.GetBytes(text), Reading.Of(text));

    private static List<string> Texts(DocumentLog log, string callId) => [.. log.Find(callId).Select(run => run.Text)];
}
