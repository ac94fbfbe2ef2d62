using System.Net;
using System.Net.Sockets;
using Sipstead.Sip.Transport;
using Sipstead.Testing;
using Xunit;

namespace Sipstead.Sip.Tests.Transport;

public sealed class PatientStreamTests : IDisposable
{
    private readonly Socket _peer = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly PatientStream _stream;
    private readonly byte[] _buffer = new byte[16];

    public PatientStreamTests()
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        _peer.Connect(listener.LocalEndPoint!);
        _stream = new PatientStream(listener.Accept());
    }

    public void Dispose()
    {
        _peer.Dispose();
        _stream.Dispose();
    }

    [Fact]
    public async Task ReadOfNothing_EndsOnlyWhenARealReadWouldNotWait()
    {
        using var deadline = new CancellationTokenSource(Poll.DefaultDeadline);
        for (var i = 0; i < 200; i++)
        {
            var waiting = WaitAsync(deadline.Token);
            _peer.Send("ab"u8);
            await waiting;
            var read = _stream.ReadAsync(_buffer, deadline.Token);
            Assert.True(read.IsCompleted);
            Assert.Equal(2, await read);
        }
    }

    [Fact]
    public async Task ReadOfNothing_EndsAtTheEnd_AndIsCancelled()
    {
        using var deadline = new CancellationTokenSource(Poll.DefaultDeadline);
        using var cancel = new CancellationTokenSource();
        var waiting = WaitAsync(cancel.Token);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);

        _peer.Shutdown(SocketShutdown.Send);
        await WaitAsync(deadline.Token);
        Assert.Equal(0, await _stream.ReadAsync(_buffer, deadline.Token));
    }

    private async Task WaitAsync(CancellationToken cancellationToken) => Assert.Equal(0, await _stream.ReadAsync(Memory<byte>.Empty, cancellationToken));
}
