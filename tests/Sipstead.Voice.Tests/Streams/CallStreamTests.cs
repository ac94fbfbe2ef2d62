using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text.Json;
using Sipstead.Media.Audio;
using Sipstead.Media.Codecs;
using Sipstead.Testing;
using Sipstead.Testing.Webhooks;
using Sipstead.Voice.Calls;
using Sipstead.Voice.Tests.Harness;

namespace Sipstead.Voice.Tests.Streams;

/// <summary>Streams of a call to a WebSocket, with media on loopback (bxml.md 8, webhooks.md 6 and 7).</summary>
public sealed class CallStreamTests : VoiceTest
{
    private const string Events = "streamEventUrl=\"/events\"";

    private readonly UdpClient _rtp = new(new IPEndPoint(IPAddress.Loopback, 0));
    private SocketApplication _application = null!;
    private ScriptedPhone _alice = null!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _application = await SocketApplication.StartAsync();
        Voice.Media.Start();
        _alice = Voice.AddPhone();
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await _application.DisposeAsync();
        _rtp.Dispose();
    }

    [Fact]
    public async Task Stream_SaysWhatItIs_ThenEachFrame_ThenThatItStops()
    {
        var (call, _) = await EstablishAsync($"""
            <StartStream destination="{_application.Url}a?b=1" name="s" tracks="outbound" {Events} destinationUsername="u" destinationPassword="p">
              <StreamParam name="x" value="1 &amp; 2"/><StreamParam name="y" value=""/>
            </StartStream>
            """);
        var started = await Voice.ExpectAsync("mediaStreamStarted");
        await _application.UntilAsync("ten frames", application => application.Kinds.Count(kind => kind == "media") >= 10);
        await call.CompleteAsync();
        await _application.UntilAsync("the end", application => application.IsOver);

        var messages = _application.Messages;
        var id = started.Json.GetProperty("mediaStream").GetProperty("id").GetString();
        var metadata = $$$"""{"accountId":"{{{VoiceHarness.Account}}}","callId":"{{{call.Id}}}","streamId":"{{{id}}}","streamName":"s","tracks":[{"name":"outbound","mediaFormat":{"encoding":"PCMU","sampleRate":8000}}]}""";
        Assert.Equal($$$"""{"metadata":{{{metadata}}},"streamParams":{"x":"1 & 2","y":""},"eventType":"start"}""", messages[0].GetRawText());
        Assert.Equal($$$"""{"metadata":{{{metadata}}},"eventType":"stop"}""", messages[^1].GetRawText());
        var media = messages.ToArray()[1..^1];
        Assert.Equal(Enumerable.Range(1, media.Length).Select(number => $"{number}"), media.Select(message => message.GetProperty("sequenceNumber").GetString()));
        Assert.All(media, message => Assert.Equal(("media", "outbound", 160), (Text(message, "eventType"), Text(message, "track"), message.GetProperty("payload").GetBytesFromBase64().Length)));
        Assert.Equal(WebSocketCloseStatus.NormalClosure, _application.Closing);
        Assert.Equal("Basic " + Convert.ToBase64String("u:p"u8), _application.Authorization);

        var stopped = await Voice.ExpectAsync("mediaStreamStopped");
        Assert.Equal("closed", stopped["cause"]);
        var stream = stopped.Json.GetProperty("mediaStream");
        Assert.Equal(("s", $"{_application.Url}a?b=1", "WebSocket", "[\"outbound\"]"), (Text(stream, "name"), Text(stream, "destination"), Text(stream, "type"), stream.GetProperty("tracks").GetRawText()));
        Assert.Equal("2026-01-02T03:04:05.000Z", Text(stream, "startTime"));
        Assert.StartsWith("PT", Text(stream, "duration"), StringComparison.Ordinal);
        Assert.False(started.Json.GetProperty("mediaStream").TryGetProperty("duration", out _));
        Assert.Equal(0, Voice.Meters["sipstead.voice.streams.active"]);
    }

    [Fact]
    public async Task BothTracks_CarryWhatThePartySays_AndWhatItHears()
    {
        Voice.Speech.Speak = (_, _) => new(new AudioResult(new AudioClip(Enumerable.Repeat((short)-8031, 8000 * 60).ToArray()), null));
        var (_, invite) = await EstablishAsync($"""<StartStream destination="{_application.Url}" tracks="both"/><SpeakSentence>Hello</SpeakSentence>""");
        var octet = G711.EncodeMuLaw(4000);
        for (ushort i = 0; i < 30; i++)
        {
            await SayAsync(invite.Body, i, octet);
            await Task.Delay(10, Cancel);
        }

        await _application.UntilAsync("the party's voice", application => application.Messages.Any(message => Has(message, "inbound", octet)));
        await _application.UntilAsync("what it hears", application => application.Messages.Any(message => Has(message, "outbound", G711.EncodeMuLaw(-8031))));
        Assert.DoesNotContain("streamParams", _application.Messages[0].GetRawText());
        Assert.DoesNotContain(Voice.Catcher.Requests, request => request.EventType!.StartsWith("mediaStream", StringComparison.Ordinal));
    }

    [Fact]
    public async Task PlayAudio_IsHeardInOrder_AndClearDropsWhatWaits()
    {
        await EstablishAsync($"""<StartStream destination="{_application.Url}" mode="bidirectional" {Events}/>""");
        await Voice.ExpectAsync("mediaStreamStarted");
        await _application.SayAsync("nonsense");
        await _application.SayAsync("""{"eventType":"mark"}""");
        await _application.SayAsync("x", WebSocketMessageType.Binary);
        await _application.PlayAsync("audio/pcmu", Enumerable.Repeat(G711.EncodeMuLaw(8000), 800).ToArray());
        await _application.PlayAsync("audio/pcm;rate=8000;channels=1;bit-depth=16;endian=little;encoding=signed", Pcm(-8000, 8000 * 20));
        await HearsAsync(G711.EncodeMuLaw(8000));
        await HearsAsync(G711.EncodeMuLaw(-8000));
        await _application.SayAsync("""{"eventType":"clear"}""");
        await HearsAsync(0xFF);
        await _application.PlayAsync("audio/pcm;rate=24000", Pcm(4000, 24000));
        await HearsAsync(G711.EncodeMuLaw(4000));
        Assert.Equal(3, Voice.Meters["sipstead.voice.streams.messages.ignored"]);
    }

    [Fact]
    public async Task PlayAudio_BeyondTwoMinutes_IsDroppedAndCounted()
    {
        await EstablishAsync($"""<StartStream destination="{_application.Url}" mode="bidirectional" {Events}/>""");
        await Voice.ExpectAsync("mediaStreamStarted");
        for (var minute = 0; minute < 3; minute++) await _application.PlayAsync("audio/pcmu", new byte[8000 * 60]);
        await Poll.UntilAsync("the drop", () => Task.FromResult(Voice.Meters["sipstead.voice.streams.audio.dropped"] == 60_000), Cancel);
        await _application.SayAsync(new string(' ', (1 << 20) + 8192));
        await Poll.UntilAsync("the message that is too long", () => Task.FromResult(Voice.Meters["sipstead.voice.streams.messages.ignored"] == 1), Cancel);
    }

    [Fact]
    public async Task Unidirectional_HearsNothingOfTheApplication()
    {
        await EstablishAsync($"""<StartStream destination="{_application.Url}" tracks="outbound" {Events}/>""");
        await Voice.ExpectAsync("mediaStreamStarted");
        await _application.PlayAsync("audio/pcmu", Enumerable.Repeat(G711.EncodeMuLaw(8000), 80_000).ToArray());
        await _application.UntilAsync("frames", application => application.Kinds.Count(kind => kind == "media") >= 30);
        Assert.DoesNotContain(_application.Messages, message => Has(message, "outbound", G711.EncodeMuLaw(8000)));
    }

    [Fact]
    public async Task SameName_AndAFifthTrack_AreRejected()
    {
        await EstablishAsync($"""
            <StartStream destination="{_application.Url}" name="a" tracks="both" {Events}/>
            <StartStream destination="{_application.Url}" name="a" {Events}/>
            <StartStream destination="{_application.Url}" name="b" {Events}/>
            <StartStream destination="{_application.Url}" name="c" tracks="both" {Events}/>
            """);
        var (first, second) = (await Voice.ExpectAsync("mediaStreamRejected"), await Voice.ExpectAsync("mediaStreamRejected"));
        var (duplicate, limit) = first["cause"] == "duplicate" ? (first, second) : (second, first);
        Assert.Equal("A stream with the name a already exists", duplicate["errorMessage"]);
        Assert.NotEqual(Id(duplicate, "mediaStream"), Id(duplicate, "originalMediaStream"));
        Assert.Equal(("track-limit", "The streams of a call may have 4 tracks together"), (limit["cause"], limit["errorMessage"]));
        await Voice.ExpectAsync("mediaStreamStarted");
        await Voice.ExpectAsync("mediaStreamStarted");
    }

    [Fact]
    public async Task StopStream_Waits_AndItsNameIsFreeAgain()
    {
        await EstablishAsync($"""
            <StartStream destination="{_application.Url}" name="a" {Events}/><Pause duration="5"/><StopStream name="nobody" wait="true"/><StopStream name="a" wait="true"/>
            <StartStream destination="{_application.Url}" name="a" {Events}/>
            """);
        await Voice.ExpectAsync("mediaStreamStarted");
        Voice.Advance(6);
        Assert.Equal("closed", (await Voice.ExpectAsync("mediaStreamStopped"))["cause"]);
        await Voice.ExpectAsync("mediaStreamStarted");
        await _application.UntilAsync("stop and the second start", application => application.Kinds.Where(kind => kind != "media").SequenceEqual(["start", "stop", "start"]));
    }

    [Fact]
    public async Task ApplicationThatCloses_EndsTheStream_NotTheCall()
    {
        var (call, _) = await EstablishAsync($"""<StartStream destination="{_application.Url}" {Events}/>""");
        await Voice.ExpectAsync("mediaStreamStarted");
        await _application.CloseAsync();
        Assert.Equal("closed", (await Voice.ExpectAsync("mediaStreamStopped"))["cause"]);
        Assert.Equal(CallPhase.Answered, call.State.Phase);
    }

    [Fact]
    public async Task ConnectionThatBreaks_IsTold()
    {
        await EstablishAsync($"""<StartStream destination="{_application.Url}" {Events}/>""");
        await Voice.ExpectAsync("mediaStreamStarted");
        await _application.AbortAsync();
        Assert.Equal("connection-error", (await Voice.ExpectAsync("mediaStreamStopped"))["cause"]);
    }

    [Theory]
    [InlineData(403, "answered 403, and opened no WebSocket.")]
    [InlineData(302, "answered 302, and opened no WebSocket.")]
    public async Task ServerThatRefuses_IsToldWhy_AndNoRedirectIsFollowed(int status, string words)
    {
        _application.Refusal = context =>
        {
            context.Response.StatusCode = status;
            context.Response.Headers.Location = Voice.Catcher.Url("/stolen").ToString();
        };
        await EstablishAsync($"""<StartStream destination="{_application.Url}" {Events}/>""");
        var rejected = await Voice.ExpectAsync("mediaStreamRejected");
        Assert.Equal("connection-error", rejected["cause"]);
        Assert.EndsWith(words, rejected["errorMessage"], StringComparison.Ordinal);
        Assert.DoesNotContain(Voice.Catcher.Requests, request => request.Path == "/stolen");
    }

    [Theory]
    [InlineData("ws://10.0.0.1/", "leads to an address that is not allowed")]
    [InlineData("wss://[::ffff:169.254.169.254]/", "leads to an address that is not allowed")]
    [InlineData("ws://127.0.0.1:6379/", "names a port that is not allowed")]
    [InlineData("ws://u:p@127.0.0.1:9999/", "holds a user name")]
    [InlineData("ws://127.0.0.1:1024/", "refused the connection")]
    public async Task Destination_ThatMayNotBeReached_IsRejected(string destination, string words)
    {
        await EstablishAsync($"""<StartStream destination="{destination}" {Events}/>""");
        var rejected = await Voice.ExpectAsync("mediaStreamRejected");
        Assert.Equal("connection-error", rejected["cause"]);
        Assert.Contains(words, rejected["errorMessage"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task PeerThatTakesNothing_HoldsNothingUp()
    {
        _application.IsDeaf = true;
        var (call, invite) = await EstablishAsync($"""<StartStream destination="{_application.Url}" name="deaf" tracks="both" {Events}/>""");
        await Voice.ExpectAsync("mediaStreamStarted");
        await call.CompleteAsync();
        Assert.Equal("hangup", (await Voice.ExpectAsync("disconnect"))["cause"]);
        Assert.Equal("closed", (await Voice.ExpectAsync("mediaStreamStopped"))["cause"]);
        await Voice.UntilNoMediaAsync();
    }

    private Task<(OutboundCall Call, Sipstead.Testing.Sip.MessageText Invite)> EstablishAsync(string verbs) => Voice.EstablishAsync(
        _alice, $"<Response>{verbs}<Pause duration=\"86400\"/></Response>", sdp: ScriptedPhone.Sdp(((IPEndPoint)_rtp.Client.LocalEndPoint!).Port));

    private async Task SayAsync(string offer, ushort sequence, byte octet)
    {
        var line = offer.Split("m=audio ")[1];
        var port = int.Parse(line[..line.IndexOf(' ', StringComparison.Ordinal)], System.Globalization.CultureInfo.InvariantCulture);
        var packet = Enumerable.Repeat(octet, 172).ToArray();
        new byte[] { 0x80, 0, (byte)(sequence >> 8), (byte)sequence }.CopyTo(packet, 0);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(4), sequence * 160u);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(8), 0xA11CE);
        await _rtp.SendAsync(packet, new IPEndPoint(IPAddress.Loopback, port), Cancel);
    }

    /// <summary>Waits for a packet that holds nothing but one octet.</summary>
    private async Task HearsAsync(byte octet)
    {
        var nearby = Enumerable.Range(octet - 1, 3); // a resampler may miss by one step
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        deadline.CancelAfter(Poll.DefaultDeadline);
        while (true)
        {
            var packet = (await _rtp.ReceiveAsync(deadline.Token)).Buffer;
            if (packet.Length == 172 && packet.Skip(12).All(sample => nearby.Contains(sample))) return;
        }
    }

    private static byte[] Pcm(short sample, int count) => Enumerable.Repeat(sample, count).SelectMany(BitConverter.GetBytes).ToArray();

    private static bool Has(JsonElement message, string track, byte octet) =>
        Text(message, "eventType") == "media" && Text(message, "track") == track && message.GetProperty("payload").GetBytesFromBase64().All(sample => sample == octet);

    private static string? Id(CaughtRequest request, string stream) => Text(request.Json.GetProperty(stream), "id");

    private static string? Text(JsonElement json, string property) => json.GetProperty(property).GetString();
}
