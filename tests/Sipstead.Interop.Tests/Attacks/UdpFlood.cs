using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Sipstead.Interop.Tests.Attacks;

/// <summary>Fifty addresses of this machine that send REGISTER, INVITE and OPTIONS of users that there are not, and read no answer, until disposed of.</summary>
internal sealed class UdpFlood : IAsyncDisposable
{
    private const int Sources = 50;

    /// <summary>Of each source, between two pauses: some 400 a second.</summary>
    private const int AtOnce = 4;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);
    private static readonly string[] Methods = ["REGISTER", "INVITE", "OPTIONS"];

    private readonly CancellationTokenSource _stop = new();
    private readonly Socket[] _sockets;
    private readonly Task _sending;
    private long _sent;

    private UdpFlood(int port, string realm)
    {
        _sockets = [.. Enumerable.Range(1, Sources).Select(Open)];
        _sending = Task.Run(() => SendAsync(new IPEndPoint(IPAddress.Loopback, port), realm));
    }

    public long Sent => Interlocked.Read(ref _sent);

    public static UdpFlood Start(int port, string realm) => new(port, realm);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _sending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach (var socket in _sockets) socket.Dispose();
        _stop.Dispose();
    }

    private static Socket Open(int source)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Parse($"127.0.1.{source}"), 0));
        return socket;
    }

    private static byte[] Request(string realm, long number)
    {
        var method = Methods[number % Methods.Length];
        return Encoding.ASCII.GetBytes(
            $"""
            {method} sip:{realm} SIP/2.0
            Via: SIP/2.0/UDP 192.0.2.66:5060;branch=z9hG4bK{number};rport
            Max-Forwards: 70
            From: <sip:user{number}@{realm}>;tag={number}
            To: <sip:user{number}@{realm}>
            Call-ID: flood{number}
            CSeq: 1 {method}
            Contact: <sip:user{number}@192.0.2.66:5060>
            Content-Length: 0


            """.ReplaceLineEndings("\r\n"));
    }

    private async Task SendAsync(EndPoint server, string realm)
    {
        while (!_stop.IsCancellationRequested)
        {
            foreach (var socket in _sockets)
            {
                for (var i = 0; i < AtOnce; i++) socket.SendTo(Request(realm, Interlocked.Increment(ref _sent)), server);
            }

            await Task.Delay(Pause, _stop.Token);
        }
    }
}
