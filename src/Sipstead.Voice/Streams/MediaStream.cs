using System.Net.WebSockets;
using System.Text.Json;
using Sipstead.Media;
using Sipstead.Media.Audio;
using Sipstead.Voice.Feeds;

namespace Sipstead.Voice.Streams;

/// <summary>A stream of audio to a WebSocket, and back where that is wanted. What the sender cannot keep up with is dropped.</summary>
internal sealed class MediaStream(string id, StreamRequest request, DateTimeOffset startTime, FeedCall call, StreamMetrics metrics)
    : Feed(id, request, startTime)
{
    private readonly TrackFrames _frames = new(metrics.FrameDropped);
    private readonly StreamPlayout _playout = new(metrics);

    public override async Task<string> RunAsync(WebSocket? socket, MediaSession media)
    {
        using var open = new FeedSocket(socket!);
        var taps = request.Tracks.Select(track => media.Tap(track, _frames.SinkOf(track))).ToList();
        if (request.IsBidirectional) taps.Add(media.Overlay(_playout.Queue));
        metrics.Opened();
        try
        {
            return await open.RunAsync(SendAllAsync, request.IsBidirectional ? Take : null, Stopped);
        }
        finally
        {
            foreach (var tap in taps) tap.Dispose();
            metrics.Closed();
        }
    }

    protected override void WriteKind(Utf8JsonWriter json) => json.WriteString("type"u8, "WebSocket"u8);

    private async Task SendAllAsync(FeedSocket socket, CancellationToken over)
    {
        using var messages = new StreamMessages(call, this);
        await socket.SendAsync(messages.Start());
        var payload = new byte[AudioFormat.FrameSamples];
        while (await _frames.ComeAsync(over))
        {
            while (_frames.TryTake(payload, out var track, out var number)) await socket.SendAsync(messages.Media(track, payload, number));
        }

        if (socket.IsOpen) await socket.SendAsync(messages.Stop());
    }

    private void Take(SocketReading message)
    {
        if (message.IsText && StreamCommand.TryRead(message.Message, out var command)) _playout.Take(command);
        else metrics.MessageIgnored();
    }
}
