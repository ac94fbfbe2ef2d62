using System.Net;
using System.Net.Sockets;

namespace Sipstead.Provisioning.Postgres.Tests;

/// <summary>What happens to the connection that a COMMIT comes by.</summary>
internal enum Cut
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>It ends before the server gets the COMMIT.</summary>
    BeforeCommit,

    /// <summary>It ends when the server has answered the COMMIT; the answer is lost.</summary>
    AfterCommit,
}

/// <summary>A network between a server and PostgreSQL that fails at the worst moment.</summary>
internal sealed class CuttingProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly int _target;
    private readonly CancellationTokenSource _end = new();
    private readonly Task _accepting;
    private volatile Cut _cut;
    private volatile bool _isDown;

    public CuttingProxy(int target)
    {
        _target = target;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Cuts the next connection that a COMMIT comes by; with <paramref name="staysDown"/> later ones end at once, until <see cref="Repair"/>.</summary>
    public void CutNext(Cut cut, bool staysDown = false)
    {
        _cut = cut;
        StaysDown = staysDown;
    }

    public void Repair() => _isDown = false;

    private bool StaysDown { get; set; }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Stop();
        await _accepting;
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        var connections = new List<Task>();
        try
        {
            while (true) connections.Add(ForwardAsync(await _listener.AcceptTcpClientAsync(_end.Token)));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException)
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task ForwardAsync(TcpClient client)
    {
        using var near = client;
        using var far = new TcpClient();
        if (_isDown) return;
        try
        {
            await far.ConnectAsync(IPAddress.Loopback, _target, _end.Token);
            using var ending = CancellationTokenSource.CreateLinkedTokenSource(_end.Token);
            await Task.WhenAny(SendAsync(near, far, ending.Token), ReturnAsync(far, near, ending.Token));
            await ending.CancelAsync();
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or IOException)
        {
            // One side is gone.
        }
    }

    private async Task SendAsync(TcpClient near, TcpClient far, CancellationToken cancel)
    {
        var buffer = new byte[65536];
        while (await near.GetStream().ReadAsync(buffer, cancel) is > 0 and var read)
        {
            var isCommit = _cut != Cut.None && buffer.AsSpan(0, read).IndexOf("COMMIT"u8) >= 0;
            if (isCommit) _isDown = StaysDown;
            if (isCommit && _cut == Cut.BeforeCommit)
            {
                _cut = Cut.None;
                return;
            }

            await far.GetStream().WriteAsync(buffer.AsMemory(0, read), cancel);
        }
    }

    private async Task ReturnAsync(TcpClient far, TcpClient near, CancellationToken cancel)
    {
        var buffer = new byte[65536];
        while (await far.GetStream().ReadAsync(buffer, cancel) is > 0 and var read)
        {
            if (_cut == Cut.AfterCommit && buffer.AsSpan(0, read).IndexOf("COMMIT"u8) >= 0)
            {
                _cut = Cut.None; // the server's command tag
                return;
            }

            await near.GetStream().WriteAsync(buffer.AsMemory(0, read), cancel);
        }
    }
}
