using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Sipstead.Testing;

/// <summary>A phone of the simplest kind: one socket, UDP or TCP, on which it registers. It knows nothing of the server's own code.</summary>
public sealed class SipDevice : IDisposable
{
    private readonly Socket _socket;
    private readonly string _callId = Guid.NewGuid().ToString("N");
    private int _cseq;

    private SipDevice(Socket socket) => _socket = socket;

    private string Transport => _socket.ProtocolType == ProtocolType.Tcp ? "TCP" : "UDP";

    private string Address => _socket.LocalEndPoint!.ToString()!;

    /// <summary>What it says it is; null for nothing.</summary>
    public string? UserAgent { get; set; }

    /// <summary>A device that speaks to a port of this machine.</summary>
    public static async Task<SipDevice> ConnectAsync(string transport, int port, CancellationToken cancellationToken)
    {
        var socket = transport == "tcp"
            ? new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
            : new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port), cancellationToken);
            return new SipDevice(socket);
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
        string realm, string userName, string password, CancellationToken cancellationToken, int expires = 600, string? nonce = null,
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
        var response = DigestHashes.Response(DigestHashes.Hash1(digestUser, realm, password), nonce, "00000001", "c0ffee", "REGISTER", uri);
        var authorization =
            $"Authorization: Digest username=\"{digestUser}\", realm=\"{realm}\", nonce=\"{nonce}\", uri=\"{uri}\", response=\"{response}\", "
            + "algorithm=MD5, cnonce=\"c0ffee\", nc=00000001, qop=auth\r\n";
        return await AskAsync(Register(realm, userName, expires, authorization), cancellationToken);
    }

    public void Dispose() => _socket.Dispose();

    /// <summary>Sends a request and reads the answer. Throws <see cref="TimeoutException"/> when none comes.</summary>
    private async Task<SipAnswer> AskAsync(string request, CancellationToken cancellationToken)
    {
        await _socket.SendAsync(Encoding.UTF8.GetBytes(request), cancellationToken);
        var buffer = new byte[8192];
        var length = 0;
        do
        {
            var read = await _socket.ReceiveAsync(buffer.AsMemory(length), cancellationToken).AsTask().WaitAsync(Poll.DefaultDeadline, cancellationToken);
            if (read == 0) throw new IOException("The server closed the connection.");
            length += read;
        }
        while (!buffer.AsSpan(0, length).EndsWith("\r\n\r\n"u8)); // no answer to a REGISTER has a body
        return new SipAnswer(Encoding.UTF8.GetString(buffer, 0, length));
    }

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
