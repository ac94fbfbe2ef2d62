using System.Net.WebSockets;
using Sipstead.Media;
using Sipstead.Media.Audio;
using Sipstead.Webhooks.Http;

namespace Sipstead.Voice.Streams;

/// <summary>
/// An open stream: two loops on the pool, one that sends what the taps hear and one that takes what the application says. Neither holds up the call: what
/// the sender cannot keep up with is dropped, and a peer that takes nothing any more is given up.
/// </summary>
#pragma warning disable CA1001 // a token source without a timer holds nothing to free
internal sealed class MediaStream(StreamDescription description, string accountId, string callId, StreamMetrics metrics)
#pragma warning restore CA1001
{
    /// <summary>How long the peer may take for one message, and in the end for its closing.</summary>
    private static readonly TimeSpan SendTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(2);

    /// <summary>Octets of a message of the application: 16 s of the finest audio. A longer one is read past.</summary>
    public const int MaximumMessage = 1 << 20;

    private readonly StreamFrames _frames = new(metrics.FrameDropped);
    private readonly StreamPlayout _playout = new(metrics);
    private readonly CancellationTokenSource _stopped = new();
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public StreamDescription Description { get; } = description;

    /// <summary>Cancelled when the stream is to end.</summary>
    public CancellationToken Stopped => _stopped.Token;

    /// <summary>Done when its WebSocket has closed, or could not be opened.</summary>
    public Task Closed => _closed.Task;

    /// <summary>Asks the stream to say that it stops, and to close.</summary>
    public void Stop() => _stopped.Cancel();

    public void SetClosed() => _closed.TrySetResult();

    /// <summary>Opens the WebSocket.</summary>
    public Task<SocketOpening> OpenAsync(OutboundHttp http, TimeSpan timeout) =>
        http.OpenSocketAsync(Description.Request.Destination, Description.Request.Credentials, timeout, Stopped);

    /// <summary>Streams until it is stopped or the WebSocket ends. Returns the cause of <c>mediaStreamStopped</c>.</summary>
    public async Task<string> RunAsync(WebSocket socket, MediaSession media)
    {
        var taps = Description.Request.Tracks.Select(track => media.Tap(track, _frames.SinkOf(track))).ToList();
        if (Description.Request.IsBidirectional) taps.Add(media.Overlay(_playout.Queue));
        metrics.Opened();
        try
        {
            using var over = CancellationTokenSource.CreateLinkedTokenSource(Stopped);
            var receiving = ReceiveAsync(socket, over);
            await SendAllAsync(socket, over.Token);
            await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None).WaitAsync(CloseTimeout);
            await receiving.WaitAsync(CloseTimeout);
            return "closed";
        }
        catch (TimeoutException)
        {
            return "closed"; // it was told, and does not say so itself
        }
        catch (Exception e) when (e is WebSocketException or IOException or OperationCanceledException or ObjectDisposedException)
        {
            return "connection-error";
        }
        finally
        {
            foreach (var tap in taps) tap.Dispose();
            socket.Dispose();
            metrics.Closed();
        }
    }

    private async Task SendAllAsync(WebSocket socket, CancellationToken over)
    {
        using var messages = new StreamMessages();
        using var deadline = new CancellationTokenSource();
        await SendAsync(messages.Start(accountId, callId, Description));
        var payload = new byte[AudioFormat.FrameSamples];
        while (await FramesComeAsync(over))
        {
            while (_frames.TryTake(payload, out var track, out var number)) await SendAsync(messages.Media(track, payload, number));
        }

        if (socket.State == WebSocketState.Open) await SendAsync(messages.Stop(accountId, callId, Description));

        async Task SendAsync(ReadOnlyMemory<byte> message)
        {
            deadline.CancelAfter(SendTimeout);
            await socket.SendAsync(message, WebSocketMessageType.Text, endOfMessage: true, deadline.Token);
            deadline.CancelAfter(Timeout.InfiniteTimeSpan);
        }
    }

    private async Task<bool> FramesComeAsync(CancellationToken over)
    {
        try
        {
            await _frames.WaitAsync(over);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>Reads until the application closes; then nothing more is sent. A failure is that of the sender as well.</summary>
    private async Task ReceiveAsync(WebSocket socket, CancellationTokenSource over)
    {
        try
        {
            var reader = new StreamReading(MaximumMessage);
            while (await reader.ReadAsync(socket))
            {
                if (!Description.Request.IsBidirectional) continue;
                if (reader.IsText && StreamCommand.TryRead(reader.Message, out var command)) _playout.Take(command);
                else metrics.MessageIgnored();
            }
        }
        finally
        {
            await over.CancelAsync();
        }
    }
}
