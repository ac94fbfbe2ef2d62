using System.Text;
using Sipstead.Media;
using Sipstead.Media.Audio;
using Sipstead.Media.Codecs;
using Sipstead.Testing;
using Sipstead.Testing.Fuzzing;
using Sipstead.Voice.Feeds;
using Sipstead.Voice.Streams;

namespace Sipstead.Voice.Tests.Streams;

/// <summary>Frames on their way out, and messages on their way in.</summary>
public sealed class StreamPartsTests
{
    private static readonly byte[][] Corpus =
    [
        .. new[]
        {
            """{"eventType":"playAudio","media":{"contentType":"audio/pcmu","payload":"AAECAw=="}}""",
            """{"media":{"payload":"AAAA","x":[1,{"y":null}],"contentType":"audio/pcm;rate=16000;channels=1;bit-depth=16;endian=little;encoding=signed"},"eventType":"playAudio"}""",
            """{"eventType":"clear","z":{"a":[[[]]]}}""",
            "{\"eventType\":\"cle\\u0061r\",\"media\":\"\\ud800\"}",
        }.Select(Encoding.UTF8.GetBytes),
    ];

    [Fact]
    public void FramesThatFindNoRoom_ReplaceTheOldest_AndTheNumbersShowIt()
    {
        var dropped = 0;
        var frames = new TrackFrames(() => dropped++);
        var (inbound, outbound) = (frames.SinkOf(AudioTrack.Inbound), frames.SinkOf(AudioTrack.Outbound));
        var frame = new short[160];
        for (var i = 0; i < TrackFrames.Capacity; i++)
        {
            inbound.Write(frame);
            outbound.Write(frame);
        }

        Assert.Equal(TrackFrames.Capacity, dropped);
        var payload = new byte[160];
        for (var i = 0; i < TrackFrames.Capacity; i++)
        {
            Assert.True(frames.TryTake(payload, out var track, out var number));
            Assert.Equal((TrackFrames.Capacity + i + 1, i % 2 == 0 ? AudioTrack.Inbound : AudioTrack.Outbound), (number, track));
        }

        Assert.False(frames.TryTake(payload, out _, out _));
        Assert.All(payload, octet => Assert.Equal(G711.EncodeMuLaw(0), octet));
    }

    [Fact]
    public async Task Waiting_EndsWithAFrame_OrWhenItIsOver()
    {
        var frames = new TrackFrames(() => { });
        using var over = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var waiting = frames.ComeAsync(over.Token);
        Assert.False(waiting.IsCompleted);
        frames.SinkOf(AudioTrack.Inbound).Write(new short[160]);
        Assert.True(await waiting);
        var last = frames.ComeAsync(over.Token);
        await over.CancelAsync();
        Assert.False(await last);
    }

    [Fact]
    public void WritingFrames_AllocatesNothing()
    {
        var frames = new TrackFrames(() => { });
        var sink = frames.SinkOf(AudioTrack.Inbound);
        var frame = new short[160];
        Assert.Equal(0, Allocations.Of(() => sink.Write(frame)));
    }

    [Fact]
    public void PlayedAudio_AllocatesNothingWhereItIsRead()
    {
        var queue = new AudioQueue(TimeSpan.FromHours(24));
        for (var i = 0; i < 100_000; i++) Assert.True(queue.TryAdd(new short[i % 200]));
        var frame = new short[160];
        Assert.Equal(0, Allocations.Of(() => queue.Read(frame)));
    }

    [Fact]
    public void Queue_KeepsOrder_AndItsCap()
    {
        var queue = new AudioQueue(TimeSpan.FromMilliseconds(100));
        Assert.True(queue.TryAdd(new short[] { 1, 2, 3 }));
        Assert.True(queue.TryAdd(Array.Empty<short>()));
        Assert.True(queue.TryAdd(Enumerable.Repeat((short)4, 797).ToArray()));
        Assert.False(queue.TryAdd(new short[1]));
        Assert.Equal(TimeSpan.FromMilliseconds(100), queue.Waiting);
        var frame = new short[5];
        Assert.Equal(5, queue.Read(frame));
        Assert.Equal([1, 2, 3, 4, 4], frame);
        queue.Clear();
        Assert.Equal(5, queue.Read(frame));
        Assert.Equal([0, 0, 0, 0, 0], frame);
        Assert.Equal(TimeSpan.Zero, queue.Waiting);
    }

    [Theory]
    [InlineData("audio/pcmu", 0)]
    [InlineData("Audio/PCMU;rate=8000", 0)]
    [InlineData("audio/pcm;rate=8000", 8000)]
    [InlineData("audio/pcm; endian=little; rate=16000;channels=1", 16000)]
    [InlineData("audio/pcm;rate=24000;channels=1;bit-depth=16;endian=little;encoding=signed", 24000)]
    public void PlayAudio_IsReadWithItsType(string type, int rate)
    {
        Assert.True(Read($$$"""{"eventType":"playAudio","media":{"contentType":"{{{type}}}","payload":"AAEC/w=="}}""", out var command));
        Assert.Equal((StreamAction.PlayAudio, rate), (command.Action, command.Rate));
        Assert.Equal([0, 1, 2, 255], command.Payload);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("\"clear\"")]
    [InlineData("{}")]
    [InlineData("""{"eventType":"stop"}""")]
    [InlineData("""{"eventType":["clear"]}""")]
    [InlineData("""{"eventType":"clear"} {}""")]
    [InlineData("""{"eventType":"clear",}""")]
    [InlineData("""{"eventType":"playAudio"}""")]
    [InlineData("""{"eventType":"playAudio","media":"AAAA"}""")]
    [InlineData("""{"eventType":"playAudio","media":{"contentType":"audio/pcmu","payload":"A"}}""")]
    [InlineData("""{"eventType":"playAudio","media":{"contentType":"audio/pcmu","payload":null}}""")]
    [InlineData("""{"eventType":"playAudio","media":{"contentType":"audio/pcm","payload":"AAAA"}}""")]
    [InlineData("""{"eventType":"playAudio","media":{"contentType":"audio/pcm;rate=44100","payload":"AAAA"}}""")]
    [InlineData("""{"eventType":"playAudio","media":{"contentType":"audio/pcm;rate=8000;endian=big","payload":"AAAA"}}""")]
    [InlineData("""{"eventType":"playAudio","media":{"contentType":"audio/pcm;rate=8000","payload":"AAEC"}}""")]
    [InlineData("""{"eventType":"playAudio","media":{"contentType":"audio/mpeg","payload":"AAAA"}}""")]
    public void OtherMessages_AreNone(string message) => Assert.False(Read(message, out _));

    [Fact]
    public void FUZZ_03_StreamMessages_Mutations_AreACommandOrNone() => FuzzRun.Over("stream messages", Corpus, 50_000, octets =>
    {
        if (!StreamCommand.TryRead(octets, out var command)) return;
        Assert.True(command.Rate is 0 or 8_000 or 16_000 or 24_000);
        Assert.InRange(command.Payload.Length, 0, octets.Length);
        if (command.Rate > 0) Assert.Equal(0, command.Payload.Length % 2);
    });

    private static bool Read(string message, out StreamCommand command) => StreamCommand.TryRead(Encoding.UTF8.GetBytes(message), out command);
}
