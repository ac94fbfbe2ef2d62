using Sipstead.Media;
using Sipstead.Voice.Tests.Bxml;

namespace Sipstead.Voice.Tests.Streams;

/// <summary>StartStream and StopStream as documents have them.</summary>
public sealed class StreamVerbTests
{
    [Fact]
    public void StartStream_AnswersAndGoesOn_WithDefaults()
    {
        using var run = new VerbRun().Start("""<StartStream destination="wss://app.example/s"/><StopStream name="s" wait="TRUE"/><StopStream name="s"/>""");
        Assert.Equal(["answer", "stream  to wss://app.example/s", "stop stream s and wait", "stop stream s"], run.Steps);
        var request = Assert.Single(run.Call.Streamed);
        Assert.Equal([AudioTrack.Inbound], request.Tracks);
        Assert.False(request.IsBidirectional);
        Assert.Null(request.Events);
        Assert.Null(request.Credentials);
        Assert.Empty(request.Parameters);
    }

    [Fact]
    public void StartStream_TakesAllThatTheApiHas()
    {
        using var run = new VerbRun().Start("""
            <StartStream destination="ws://h:8081/p?q" name="n" mode="bidirectional" tracks="both" streamEventUrl="e" streamEventMethod="GET" username="a" password="b"
                destinationUsername="c" destinationPassword="d"><StreamParam name="k" value="v"/></StartStream>
            """);
        var request = Assert.Single(run.Call.Streamed);
        Assert.Equal([AudioTrack.Inbound, AudioTrack.Outbound], request.Tracks);
        Assert.True(request.IsBidirectional);
        Assert.Equal(("https://app.example/voice/e", true, "a"), (request.Events!.Url.ToString(), request.Events.IsGet, request.Events.Credentials!.UserName));
        Assert.Equal("c", request.Credentials!.UserName);
        Assert.Equal([new("k", "v")], request.Parameters);
    }

    [Theory]
    [InlineData("<StartStream/>", "StartStream has no destination; it is required.")]
    [InlineData("<StartStream destination=\"/s\"/>", "StartStream's destination is \"/s\"; give a ws or wss URL.")]
    [InlineData("<StartStream destination=\"https://h/\"/>", "StartStream's destination is \"https://h/\"; give a ws or wss URL.")]
    [InlineData("<StartStream destination=\"ws://h/\" tracks=\"all\"/>", "StartStream's tracks is \"all\"; give inbound or outbound or both.")]
    [InlineData("<StartStream destination=\"ws://h/\" mode=\"duplex\"/>", "StartStream's mode is \"duplex\"; give unidirectional or bidirectional.")]
    [InlineData("<StartStream destination=\"ws://h/\"><StreamParam value=\"\"/></StartStream>", "StreamParam has no name; it is required.")]
    [InlineData("<StartStream destination=\"ws://h/\"><StreamParam name=\"a\"/></StartStream>", "StreamParam has no value; it is required.")]
    [InlineData("<StartStream destination=\"ws://h/\"><Pause/></StartStream>", "<Pause> cannot stand inside <StartStream>; give StreamParam only.")]
    [InlineData("<StopStream/>", "StopStream has no name; it is required.")]
    [InlineData("<StopStream name=\"a\" wait=\"1\"/>", "StopStream's wait is \"1\"; give true or false.")]
    public void Document_ThatIsWrong_IsRefused(string verb, string error) =>
        Assert.EndsWith(error, Reading.Error($"<Response>{verb}</Response>", VerbRun.BaseUrl).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(12, 256, 2048, true)]
    [InlineData(13, 1, 1, false)]
    [InlineData(1, 257, 1, false)]
    [InlineData(1, 1, 2049, false)]
    public void Parameters_HaveLimits(int count, int name, int value, bool isValid)
    {
        var parameters = string.Concat(Enumerable.Range(0, count).Select(i => $"<StreamParam name=\"{i.ToString("D" + Math.Min(name, 2)).PadLeft(name, 'n')}\" value=\"{new string('v', value)}\"/>"));
        Assert.Equal(isValid, Reading.IsValid($"<StartStream destination=\"ws://h/\">{parameters}</StartStream>"));
    }
}
