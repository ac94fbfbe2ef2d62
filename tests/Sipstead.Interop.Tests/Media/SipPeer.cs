using System.Net;
using System.Net.Sockets;
using System.Text;
using Sipstead.Testing;
using Sipstead.Testing.Sip;

namespace Sipstead.Interop.Tests.Media;

/// <summary>Just as much SIP over UDP as a call between two phones needs, so that media can be tried against a phone without signalling of ours.</summary>
internal sealed class SipPeer : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly byte[] _buffer = new byte[64 * 1024];
    private int _branch;

    public SipPeer() => _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));

    public string Address => _socket.LocalEndPoint!.ToString()!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Waits for a message of a kind, such as <c>INVITE</c> or <c>200 INVITE</c>; what comes before is passed over.</summary>
    public async Task<MessageText> ExpectAsync(string kind)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        deadline.CancelAfter(Poll.DefaultDeadline);
        while (true)
        {
            var received = await _socket.ReceiveAsync(_buffer, deadline.Token);
            var text = Encoding.UTF8.GetString(_buffer.AsSpan(0, received));
            if (text.Trim().Length == 0) continue;
            var message = new MessageText(text);
            if (message.Kind == kind) return message;
        }
    }

    public void Answer(MessageText request, int status, string body = "")
    {
        var via = request.All("Via")[0].Split(' ')[1].Split(';')[0];
        Send(request.Answer(status, "peer", Headers(body), body), via);
    }

    /// <summary>Invites a phone at an address, and acknowledges its answer.</summary>
    public async Task<MessageText> CallAsync(string user, string address, string offer)
    {
        SendRequest("INVITE", $"sip:{user}@{address}", $"<sip:{user}@{address}>", address, offer);
        var answer = await ExpectAsync("200 INVITE");
        SendRequest("ACK", $"sip:{user}@{address}", answer.One("To"), address);
        return answer;
    }

    /// <summary>Ends a call that <see cref="CallAsync"/> made.</summary>
    public async Task EndAsync(MessageText answer, string user, string address)
    {
        SendRequest("BYE", $"sip:{user}@{address}", answer.One("To"), address, cseq: 2);
        await ExpectAsync("200 BYE");
    }

    public void Dispose() => _socket.Dispose();

    private void SendRequest(string method, string uri, string to, string address, string body = "", int cseq = 1) => Send(
        new RequestText
        {
            Method = method, Uri = uri, Via = $"SIP/2.0/UDP {Address};rport;branch=z9hG4bKpeer{++_branch}", From = $"<sip:peer@{Address}>;tag=peer", To = to,
            CallId = $"call-{Address}", CSeq = $"{cseq} {method}", Headers = Headers(body), Body = body,
        }.ToString(), address);

    private string Headers(string body) => $"Contact: <sip:peer@{Address}>\r\n{(body == "" ? "" : "Content-Type: application/sdp\r\n")}";

    private void Send(string message, string address) => _socket.SendTo(Encoding.UTF8.GetBytes(message), IPEndPoint.Parse(address));
}
