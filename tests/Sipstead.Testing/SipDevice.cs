using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Sipstead.Testing;

/// <summary>A phone of the simplest kind: one socket, UDP, TCP or TLS, on which it registers. It knows nothing of the server's own code.</summary>
public sealed class SipDevice : IDisposable
{
    private readonly Socket _socket;
    private readonly SslStream? _tls;
    private readonly string _callId = Guid.NewGuid().ToString("N");
    private int _cseq;

    private SipDevice(Socket socket, SslStream? tls)
    {
        _socket = socket;
        _tls = tls;
    }

    private string Transport => _tls is not null ? "TLS" : _socket.ProtocolType == ProtocolType.Tcp ? "TCP" : "UDP";

    private string Address => _socket.LocalEndPoint!.ToString()!;

    /// <summary>What it says it is; null for nothing.</summary>
    public string? UserAgent { get; set; }

    /// <summary>The certificate that the server showed over TLS.</summary>
    public X509Certificate2 ServerCertificate => (X509Certificate2)_tls!.RemoteCertificate!;

    /// <summary>A device that speaks to a port of this machine.</summary>
    /// <param name="tls">How it looks at the server's certificate; null for not at all, as many phones do.</param>
    public static async Task<SipDevice> ConnectAsync(
        string transport, int port, CancellationToken cancellationToken, SslClientAuthenticationOptions? tls = null)
    {
        var socket = transport == "udp"
            ? new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp)
            : new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port), cancellationToken);
            if (transport != "tls") return new SipDevice(socket, null);
            var stream = new SslStream(new NetworkStream(socket));
            await stream.AuthenticateAsClientAsync(tls ?? AnyCertificate, cancellationToken);
            return new SipDevice(socket, stream);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Registers: asks, is challenged, answers the challenge. Returns the last answer.</summary>
    /// <param name="digestUser">The user name of the digest; null for the same.</param>
    public async Task<SipAnswer> RegisterAsync(
        string realm, string userName, string password, CancellationToken cancellationToken, int expires = 600, string? nonce = null, string algorithm = "MD5",
        string? digestUser = null)
    {
        digestUser ??= userName;
        if (nonce is null)
        {
            var challenge = await AskAsync(Register(realm, userName, expires, null), cancellationToken);
            if (challenge.Status != 401) return challenge;
            nonce = challenge.Challenged("nonce");
        }

        var uri = $"sip:{realm}";
        var hash1 = algorithm == "MD5" ? DigestHashes.Hash1(digestUser, realm, password) : DigestHashes.Hash1Sha256(digestUser, realm, password);
        var response = DigestHashes.Response(hash1, nonce, "00000001", "c0ffee", "REGISTER", uri, algorithm);
        var authorization =
            $"Authorization: Digest username=\"{digestUser}\", realm=\"{realm}\", nonce=\"{nonce}\", uri=\"{uri}\", response=\"{response}\", "
            + $"algorithm={algorithm}, cnonce=\"c0ffee\", nc=00000001, qop=auth\r\n";
        return await AskAsync(Register(realm, userName, expires, authorization), cancellationToken);
    }

    /// <summary>Throws away what came over UDP and nobody waits for any more: answers, and that the server was not there.</summary>
    public void Drain()
    {
        _ = _socket.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.Error); // asking takes it away
        var buffer = new byte[8192];
        while (_socket.Available > 0) _socket.Receive(buffer);
    }

    public void Dispose()
    {
        _tls?.Dispose();
        _socket.Dispose();
    }

#pragma warning disable CA5359 // what a phone does that is not told an authority
    private static SslClientAuthenticationOptions AnyCertificate => new() { TargetHost = "", RemoteCertificateValidationCallback = (_, _, _, _) => true };
#pragma warning restore CA5359

    /// <summary>Sends a request and reads the answer. Throws <see cref="TimeoutException"/> when none comes.</summary>
    private async Task<SipAnswer> AskAsync(string request, CancellationToken cancellationToken)
    {
        var octets = Encoding.UTF8.GetBytes(request);
        if (_tls is null) await _socket.SendAsync(octets, cancellationToken);
        else await _tls.WriteAsync(octets, cancellationToken);
        var buffer = new byte[8192];
        var length = 0;
        do
        {
            var read = await ReceiveAsync(buffer.AsMemory(length), cancellationToken).AsTask().WaitAsync(Poll.DefaultDeadline, cancellationToken);
            if (read == 0) throw new IOException("The server closed the connection.");
            length += read;
        }
        while (!buffer.AsSpan(0, length).EndsWith("\r\n\r\n"u8)); // no answer to a REGISTER has a body
        return new SipAnswer(Encoding.UTF8.GetString(buffer, 0, length));
    }

    private ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken) =>
        _tls?.ReadAsync(buffer, cancellationToken) ?? _socket.ReceiveAsync(buffer, cancellationToken);

    private string Register(string realm, string userName, int expires, string? authorization) => string.Create(
        CultureInfo.InvariantCulture,
        $"""
        REGISTER sip:{realm} SIP/2.0
        Via: SIP/2.0/{Transport} {Address};branch=z9hG4bK{Guid.NewGuid():N};rport
        Max-Forwards: 70
        From: <sip:{userName}@{realm}>;tag={_callId[..8]}
        To: <sip:{userName}@{realm}>
        Call-ID: {_callId}
        CSeq: {++_cseq} REGISTER
        Contact: <sip:{userName}@{Address};transport={Transport.ToLowerInvariant()}>
        Expires: {expires}
        {(UserAgent is null ? "" : $"User-Agent: {UserAgent}\r\n")}{authorization}Content-Length: 0


        """).ReplaceLineEndings("\r\n");
}
