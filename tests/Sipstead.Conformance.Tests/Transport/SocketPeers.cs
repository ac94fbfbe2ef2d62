using System.Net;
using System.Net.Sockets;
using System.Text;
using Sipstead.Testing;
using Sipstead.Testing.Registrar;
using Sipstead.Testing.Sip;
using Xunit;

namespace Sipstead.Conformance.Tests.Transport;

/// <summary>A UDP socket of a peer, on a free port unless one is named.</summary>
internal sealed class UdpPeer : IDisposable
{
    private readonly Socket _socket;
    private readonly byte[] _buffer = new byte[65_536];

    public UdpPeer(string address = "127.0.0.1", int port = 0)
    {
        var ip = IPAddress.Parse(address);
        _socket = new Socket(ip.AddressFamily, SocketType.Dgram, ProtocolType.Udp) { ReceiveBufferSize = 1 << 20, SendBufferSize = 1 << 20 };
        _socket.Bind(new IPEndPoint(ip, port));
        EndPoint = (IPEndPoint)_socket.LocalEndPoint!;
    }

    public IPEndPoint EndPoint { get; }

    public void Send(byte[] datagram, IPEndPoint to) => _socket.SendTo(datagram, to);

    public void Send(RequestText request, IPEndPoint to) => Send(request.ToOctets(), to);

    /// <summary>Waits for a datagram; fails when none comes.</summary>
    public async Task<(byte[] Octets, IPEndPoint From)> ReceiveAsync()
    {
        using var deadline = Deadline.Start();
        var any = new IPEndPoint(_socket.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any, 0);
        var received = await _socket.ReceiveFromAsync(_buffer, SocketFlags.None, any, deadline.Token);
        return (_buffer[..received.ReceivedBytes], (IPEndPoint)received.RemoteEndPoint);
    }

    public async Task<SipResponseText> AnswerAsync() => new((await ReceiveAsync()).Octets);

    /// <summary>Sends OPTIONS, whose answer must be the next datagram: nothing else was answered, and the server goes on.</summary>
    public async Task AssertNextAnswerIsToOptionsAsync(IPEndPoint to)
    {
        var callId = Guid.NewGuid().ToString("N");
        Send(new RequestText { CallId = callId }, to);
        var answer = await AnswerAsync();
        Assert.Equal(callId, answer.One("Call-ID"));
        Assert.Equal(200, answer.Status);
    }

    public void Dispose() => _socket.Dispose();
}

/// <summary>A TCP connection of a peer.</summary>
internal sealed class TcpPeer : IDisposable
{
    private readonly Socket _socket;
    private readonly byte[] _buffer = new byte[1 << 20];
    private int _length;

    private TcpPeer(Socket socket) => _socket = socket;

    public IPEndPoint EndPoint => (IPEndPoint)_socket.LocalEndPoint!;

    public static async Task<TcpPeer> ConnectAsync(IPEndPoint to)
    {
        using var deadline = Deadline.Start();
        var socket = new Socket(to.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(to, deadline.Token);
        return new TcpPeer(socket);
    }

    public async Task SendAsync(string text)
    {
        using var deadline = Deadline.Start();
        var octets = Encoding.Latin1.GetBytes(text);
        for (var at = 0; at < octets.Length;) at += await _socket.SendAsync(octets.AsMemory(at), deadline.Token);
    }

    public async Task SendOctetByOctetAsync(string text)
    {
        foreach (var octet in text) await SendAsync(octet.ToString());
    }

    /// <summary>Reads one response without a body.</summary>
    public async Task<SipResponseText> AnswerAsync()
    {
        int end;
        while ((end = _buffer.AsSpan(0, _length).IndexOf("\r\n\r\n"u8)) < 0) Assert.True(await ReadAsync(), "The connection ended before the answer.");
        var answer = new SipResponseText(_buffer.AsSpan(0, end + 4));
        Take(end + 4);
        return answer;
    }

    /// <summary>Reads exactly so many octets.</summary>
    public async Task<string> ReadAsync(int count)
    {
        while (_length < count) Assert.True(await ReadAsync(), "The connection ended before the octets came.");
        var text = Encoding.Latin1.GetString(_buffer, 0, count);
        Take(count);
        return text;
    }

    /// <summary>Sends OPTIONS, whose answer must be next.</summary>
    public async Task AssertNextAnswerIsToOptionsAsync()
    {
        var callId = Guid.NewGuid().ToString("N");
        await SendAsync(new RequestText { CallId = callId }.ToString());
        Assert.Equal(callId, (await AnswerAsync()).One("Call-ID"));
    }

    /// <summary>Waits for the server's end of the connection, before which nothing more may come.</summary>
    public async Task AssertEndsAsync()
    {
        Assert.False(await ReadAsync());
        Assert.Equal(0, _length);
    }

    public void Dispose() => _socket.Dispose();

    /// <summary>Ends the connection with a reset.</summary>
    public void Reset()
    {
        _socket.LingerState = new LingerOption(true, 0);
        _socket.Dispose();
    }

    private async Task<bool> ReadAsync()
    {
        using var deadline = Deadline.Start();
        try
        {
            var read = await _socket.ReceiveAsync(_buffer.AsMemory(_length), deadline.Token);
            _length += read;
            return read > 0;
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionReset)
        {
            return false;
        }
    }

    private void Take(int count)
    {
        _length -= count;
        _buffer.AsSpan(count, _length).CopyTo(_buffer);
    }
}

/// <summary>How long a test waits for what must happen.</summary>
internal static class Deadline
{
    public static CancellationTokenSource Start()
    {
        var source = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        source.CancelAfter(Poll.DefaultDeadline);
        return source;
    }

    /// <summary>Waits until a condition holds.</summary>
    public static async Task UntilAsync(Func<bool> condition)
    {
        using var deadline = Start();
        while (!condition()) await Task.Delay(5, deadline.Token);
    }
}
