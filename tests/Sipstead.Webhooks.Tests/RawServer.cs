using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Sipstead.Webhooks.Tests;

/// <summary>A TCP server that a test lets misbehave: it reads the head of a request, then does what the test says with the connection.</summary>
internal sealed class RawServer : IAsyncDisposable
{
    private readonly TcpListener _listener;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _accepting;
    private int _connections;

    public RawServer(Func<Stream, CancellationToken, Task> behave, IPAddress? address = null, int port = 0)
    {
        _listener = new TcpListener(address ?? IPAddress.Loopback, port);
        _listener.Start();
        _accepting = AcceptAsync(behave);
    }

    /// <summary>Connections that came, requests or not.</summary>
    public int Connections => Volatile.Read(ref _connections);

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public Uri Url => new($"http://{_listener.LocalEndpoint}/");

    /// <summary>Writes text as it is.</summary>
    public static ValueTask WriteAsync(Stream stream, string text, CancellationToken cancellationToken) =>
        stream.WriteAsync(Encoding.UTF8.GetBytes(text), cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _accepting;
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task AcceptAsync(Func<Stream, CancellationToken, Task> behave)
    {
        var serving = new List<Task>();
        try
        {
            while (true) serving.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token), behave));
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(serving);
        }
    }

    private async Task ServeAsync(TcpClient client, Func<Stream, CancellationToken, Task> behave)
    {
        Interlocked.Increment(ref _connections);
        using (client)
        {
            try
            {
                var stream = client.GetStream();
                if (await stream.ReadAsync(new byte[8192], _stop.Token) > 0) await behave(stream, _stop.Token);
            }
            catch (Exception e) when (e is IOException or OperationCanceledException)
            {
                // The client had enough, or the test is over.
            }
        }
    }
}
