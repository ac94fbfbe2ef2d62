using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace Sipstead.MediaLoad;

/// <summary>A phone that registers as a user and takes every call of it: all that SIP it takes to be called.</summary>
internal sealed class Phone : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly UdpClient _socket = new(new IPEndPoint(IPAddress.Loopback, 0));
    private readonly ConcurrentDictionary<string, (Leg Leg, string Answer)> _calls = new();
    private readonly ConcurrentDictionary<string, TaskCompletionSource<SipText>> _pending = new();
    private readonly MediaStreams _streams;
    private readonly string _user;
    private readonly string _realm;
    private readonly int _side;

    public Phone(MediaStreams streams, int side, string user, string realm)
    {
        (_streams, _side, _user, _realm) = (streams, side, user, realm);
        _ = ReceiveAsync();
    }

    private int Port => ((IPEndPoint)_socket.Client.LocalEndPoint!).Port;

    private string Contact => string.Create(CultureInfo.InvariantCulture, $"<sip:{_user}@127.0.0.1:{Port}>");

    public async Task RegisterAsync(IPEndPoint registrar, string password)
    {
        var challenge = await RegisterAsync(registrar, 1, "");
        var value = challenge.Header("WWW-Authenticate");
        var (nonce, uri, secret) = (Parameter(value, "nonce"), $"sip:{_realm}", Hash($"{_user}:{_realm}:{password}"));
        var response = Hash($"{secret}:{nonce}:00000001:load:auth:{Hash($"REGISTER:{uri}")}");
        var answer = await RegisterAsync(
            registrar, 2,
            $"Authorization: Digest username=\"{_user}\", realm=\"{_realm}\", nonce=\"{nonce}\", uri=\"{uri}\", response=\"{response}\", algorithm=MD5, qop=auth, nc=00000001, cnonce=\"load\"\r\n");
        if (answer.Status != 200) throw new InvalidOperationException($"The registrar said {answer.StartLine}");
    }

    public void Dispose() => _socket.Dispose();

    private async Task<SipText> RegisterAsync(IPEndPoint registrar, int number, string authorization)
    {
        var branch = $"z9hG4bK{Guid.NewGuid():N}";
        var answer = _pending.GetOrAdd(branch, _ => new TaskCompletionSource<SipText>(TaskCreationOptions.RunContinuationsAsynchronously));
        var request = string.Create(
            CultureInfo.InvariantCulture,
            $"REGISTER sip:{_realm} SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:{Port};branch={branch}\r\nMax-Forwards: 70\r\nFrom: <sip:{_user}@{_realm}>;tag=load\r\n"
            + $"To: <sip:{_user}@{_realm}>\r\nCall-ID: load-{_user}\r\nCSeq: {number} REGISTER\r\nContact: {Contact}\r\nExpires: 3600\r\n{authorization}Content-Length: 0\r\n\r\n");
        await _socket.SendAsync(Encoding.UTF8.GetBytes(request), registrar);
        return await answer.Task.WaitAsync(Patience);
    }

    private async Task ReceiveAsync()
    {
        while (true)
        {
            UdpReceiveResult datagram;
            try
            {
                datagram = await _socket.ReceiveAsync();
            }
            catch (SocketException)
            {
                continue; // a port that was closed
            }
            catch (ObjectDisposedException)
            {
                return;
            }

            var message = new SipText(Encoding.UTF8.GetString(datagram.Buffer));
            if (message.Status > 0 && _pending.TryRemove(message.Branch, out var pending)) pending.TrySetResult(message);
            else if (Answer(message) is { } answer) await _socket.SendAsync(Encoding.UTF8.GetBytes(answer), datagram.RemoteEndPoint);
        }
    }

    private string? Answer(SipText request)
    {
        switch (request.Method)
        {
            case "INVITE":
                return request.Response("200 OK", Contact, CallOf(request).Answer);
            case "BYE":
                if (_calls.TryRemove(request.Header("Call-ID"), out var call)) _streams.Remove(call.Leg);
                return request.Response("200 OK", Contact, "");
            case "ACK" or "":
                return null;
            default:
                return request.Response("200 OK", Contact, "");
        }
    }

    /// <summary>The call of an INVITE: a new one, one that is repeated, or one that changes, whose media may move.</summary>
    private (Leg Leg, string Answer) CallOf(SipText invite)
    {
        var remote = Sdp.RemoteOf(invite.Body);
        var call = _calls.GetOrAdd(invite.Header("Call-ID"), _ => (_streams.Add(_side, remote!), Sdp.Of(_streams.PortOf(_side))));
        if (remote is not null) call.Leg.Remote = remote.Serialize();
        return call;
    }

    private static string Parameter(string header, string name)
    {
        var from = header.IndexOf($"{name}=\"", StringComparison.Ordinal) + name.Length + 2;
        return header[from..header.IndexOf('"', from)];
    }

#pragma warning disable CA5351 // what digest authentication is made of
    private static string Hash(string text) => Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes(text)));
#pragma warning restore CA5351
}
