using System.Net;
using System.Net.Sockets;
using System.Text;
using Sipstead.Media.Sdp;

namespace Sipstead.Media.Tests.Rtp;

/// <summary>A party on sockets of its own, which does what a test tells it to.</summary>
internal sealed class Phone : IDisposable
{
    private readonly Socket _rtp;
    private readonly Socket _rtcp;
    private readonly byte[] _buffer = new byte[2048];
    private ushort _sequence = 100;

    public Phone(string address = "127.0.0.1")
    {
        _rtp = Bind(address);
        _rtcp = Bind(address);
    }

    public int Port => ((IPEndPoint)_rtp.LocalEndPoint!).Port;

    public int RtcpPort => ((IPEndPoint)_rtcp.LocalEndPoint!).Port;

    /// <summary>Where the session receives RTP.</summary>
    public IPEndPoint Session { get; set; } = new(IPAddress.Loopback, 0);

    public byte[] Offer(string attributes = "", string? address = null, bool offersKeys = true) => Encoding.ASCII.GetBytes(
        $"v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 {address ?? "127.0.0.1"}\r\nt=0 0\r\nm=audio {Port} RTP/AVP 0{(offersKeys ? " 101" : "")}\r\n"
        + $"{(offersKeys ? "a=rtpmap:101 telephone-event/8000\r\n" : "")}a=rtcp:{RtcpPort}\r\n{attributes}");

    /// <summary>Offers, and takes the answer.</summary>
    public void Call(MediaSession session, string attributes = "", string? address = null, bool offersKeys = true)
    {
        var answer = session.Answer(Offer(attributes, address, offersKeys));
        Assert.Null(answer.Refusal);
        Assert.True(SdpParser.TryParse(answer.Sdp, out var description, out _));
        Session = new IPEndPoint(IPAddress.Loopback, description.Media[0].Port);
    }

    /// <summary>Sends audio, in line with what was sent before.</summary>
    public void Say(ReadOnlySpan<byte> codes, uint ssrc = 7)
    {
        Send(Packets.Rtp(_sequence, (uint)(_sequence * 160), codes, ssrc: ssrc));
        _sequence++;
    }

    public void Send(ReadOnlySpan<byte> packet) => _rtp.SendTo(packet, SocketFlags.None, Session);

    public void SendRtcp(ReadOnlySpan<byte> packet) => _rtcp.SendTo(packet, SocketFlags.None, new IPEndPoint(Session.Address, Session.Port + 1));

    /// <summary>All that came since the last time.</summary>
    public List<byte[]> Received() => Received(_rtp);

    public List<byte[]> ReceivedRtcp() => Received(_rtcp);

    public void Dispose()
    {
        _rtp.Dispose();
        _rtcp.Dispose();
    }

    private List<byte[]> Received(Socket socket)
    {
        var packets = new List<byte[]>();
        while (socket.Available > 0) packets.Add(_buffer.AsSpan(0, socket.Receive(_buffer)).ToArray());
        return packets;
    }

    private static Socket Bind(string address)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Parse(address), 0));
        return socket;
    }
}
