using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
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

/// <summary>A connection of a peer, over TCP or TLS.</summary>
internal sealed class TcpPeer : IDisposable
{
    private readonly Socket _socket;
    private readonly Stream _stream;
    private readonly byte[] _buffer = new byte[1 << 20];
    private int _length;

    private TcpPeer(Socket socket, Stream stream)
    {
        _socket = socket;
        _stream = stream;
    }

    public IPEndPoint EndPoint => (IPEndPoint)_socket.LocalEndPoint!;

    public static async Task<TcpPeer> ConnectAsync(IPEndPoint to)
    {
        using var deadline = Deadline.Start();
        var socket = new Socket(to.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(to, deadline.Token);
        return new TcpPeer(socket, new NetworkStream(socket));
    }

    /// <summary>Connects and agrees on TLS, whatever the certificate. Throws what the handshake throws.</summary>
    public static async Task<TcpPeer> ConnectTlsAsync(IPEndPoint to, string serverName = "", SslProtocols protocols = SslProtocols.None)
    {
        var tcp = await ConnectAsync(to);
#pragma warning disable CA5359 // tests look at the certificate themselves
        var options = new SslClientAuthenticationOptions
        {
            TargetHost = serverName, EnabledSslProtocols = protocols, RemoteCertificateValidationCallback = (_, _, _, _) => true,
        };
#pragma warning restore CA5359
        return await SecureAsync(tcp._socket, stream => stream.AuthenticateAsClientAsync(options));
    }

    /// <summary>Takes a connection that somebody opened, plain or with TLS. Throws what the handshake throws.</summary>
    public static async Task<TcpPeer> AcceptAsync(Socket listener, X509Certificate2? certificate = null)
    {
        using var deadline = Deadline.Start();
        var socket = await listener.AcceptAsync(deadline.Token);
        if (certificate is null) return new TcpPeer(socket, new NetworkStream(socket));
        return await SecureAsync(socket, stream => stream.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = certificate }));
    }

    /// <summary>The TLS side of the connection.</summary>
    public SslStream Tls => (SslStream)_stream;

    private static async Task<TcpPeer> SecureAsync(Socket socket, Func<SslStream, Task> agree)
    {
        var stream = new SslStream(new NetworkStream(socket));
        try
        {
            await agree(stream).WaitAsync(Poll.DefaultDeadline, TestContext.Current.CancellationToken);
            return new TcpPeer(socket, stream);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public Task SendAsync(string text) => SendAsync(Encoding.Latin1.GetBytes(text));

    public async Task SendAsync(byte[] octets)
    {
        using var deadline = Deadline.Start();
        try
        {
            await _stream.WriteAsync(octets, deadline.Token);
        }
        catch (IOException e) when (e.InnerException is SocketException cause)
        {
            throw cause;
        }
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

    public void Dispose()
    {
        _stream.Dispose();
        _socket.Dispose();
    }

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
            var read = await _stream.ReadAsync(_buffer.AsMemory(_length), deadline.Token);
            _length += read;
            return read > 0;
        }
        catch (IOException e) when (e.InnerException is null or SocketException { SocketErrorCode: SocketError.ConnectionReset })
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
