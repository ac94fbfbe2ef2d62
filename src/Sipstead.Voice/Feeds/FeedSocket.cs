using System.Net.WebSockets;

namespace Sipstead.Voice.Feeds;

/// <summary>
/// The open WebSocket of a feed: one loop sends, another takes what the application says. Neither holds up the call, and a peer that takes nothing any more is
/// given up.
/// </summary>
internal sealed class FeedSocket(WebSocket socket) : IDisposable
{
    /// <summary>How long the peer may take for one message, and in the end for its closing.</summary>
    private static readonly TimeSpan SendTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(2);

    /// <summary>Octets of a message of the application: 16 s of the finest audio. A longer one is read past.</summary>
    public const int MaximumMessage = 1 << 20;

    private readonly CancellationTokenSource _deadline = new();
    private readonly CancellationTokenSource _peerClosed = new();

    /// <summary>Whether the peer still takes messages.</summary>
    public bool IsOpen => socket.State == WebSocketState.Open;

    /// <summary>Cancelled when the peer closed or is gone.</summary>
    public CancellationToken PeerClosed => _peerClosed.Token;

    /// <summary>Sends until that is over, closes, and returns the cause of the event that tells the end.</summary>
    /// <param name="sendAll">Sends everything; its token is cancelled when the feed is stopped or the peer closes.</param>
    /// <param name="take">Takes a message of the application; null to ignore them.</param>
    /// <param name="stopped">Cancelled when the feed is to end.</param>
    public async Task<string> RunAsync(Func<FeedSocket, CancellationToken, Task> sendAll, Action<SocketReading>? take, CancellationToken stopped)
    {
        try
        {
            using var over = CancellationTokenSource.CreateLinkedTokenSource(stopped, _peerClosed.Token);
            var receiving = ReceiveAsync(take);
            await sendAll(this, over.Token);
            await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None).WaitAsync(CloseTimeout, CancellationToken.None);
            await receiving.WaitAsync(CloseTimeout, CancellationToken.None);
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
    }

    /// <summary>Sends a message; of one loop at a time.</summary>
    public async Task SendAsync(ReadOnlyMemory<byte> message)
    {
        _deadline.CancelAfter(SendTimeout);
        await socket.SendAsync(message, WebSocketMessageType.Text, endOfMessage: true, _deadline.Token);
        _deadline.CancelAfter(Timeout.InfiniteTimeSpan);
    }

    public void Dispose()
    {
        socket.Dispose();
        _deadline.Dispose();
    }

    /// <summary>Reads until the application closes; then nothing more is sent. A failure is that of the sender as well.</summary>
    private async Task ReceiveAsync(Action<SocketReading>? take)
    {
        try
        {
            var reader = new SocketReading(MaximumMessage);
            while (await reader.ReadAsync(socket)) take?.Invoke(reader);
        }
        finally
        {
            await _peerClosed.CancelAsync();
        }
    }
}
