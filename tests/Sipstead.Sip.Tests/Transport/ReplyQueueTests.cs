using System.Net;
using System.Net.Sockets;
using System.Text;
using Sipstead.Sip.Transport;
using Xunit;

namespace Sipstead.Sip.Tests.Transport;

/// <summary>What a batch's replies are as datagrams, over real sockets: trains are for the kernel alone, peers see none of them.</summary>
public sealed class ReplyQueueTests : IDisposable
{
    private const int SolSocket = 1;
    private const int SoNoCheck = 11;

    private readonly ReplyQueue _queue = new();
    private readonly UdpSocket _server = UdpSocket.Bind(new IPEndPoint(IPAddress.Loopback, 0), shared: false, TimeSpan.FromSeconds(1));
    private readonly Socket[] _peers = [.. Enumerable.Range(0, 3).Select(_ => Peer(AddressFamily.InterNetwork, IPAddress.Loopback))];

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Send_MakesEachReplyADatagramOfItsOwn(bool asTrains)
    {
        Assert.True(_server.TakesTrains || !asTrains, "This kernel has no UDP_SEGMENT.");
        var expected = _peers.Select(_ => new List<string>()).ToArray();
        for (var i = 0; i < DatagramBatch.Capacity; i++)
        {
            var text = $"{i} " + new string((char)('a' + (i % 26)), 300 + (i % 4)); // some of a length, some not
            expected[i % 3].Add(text);
            Add(text, _peers[i % 3]);
        }

        Assert.Equal(0, _queue.Send(_server.Descriptor, asTrains));
        for (var i = 0; i < 3; i++) Assert.Equal(expected[i].Order(), Received(_peers[i], expected[i].Count).Order());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    public void Send_KeepsTheOrderOfRepliesOfOneLengthToOnePeer(int lengths)
    {
        var texts = Enumerable.Range(100, 100).Select(i => $"SIP/2.0 200 OK {i} " + new string('x', i * i % lengths)).ToList();
        foreach (var text in texts) Add(text, _peers[0]);
        Assert.Equal(0, _queue.Send(_server.Descriptor, asTrains: true));
        Assert.Equal(texts.ToLookup(text => text.Length), Received(_peers[0], texts.Count).ToLookup(text => text.Length));
    }

    [Fact]
    public void Send_MakesNoTrainLargerThanAPacket()
    {
        var texts = Enumerable.Range(100, 100).Select(i => i + new string('x', 5000)).ToList();
        foreach (var text in texts) Add(text, _peers[0]);
        Assert.Equal(0, _queue.Send(_server.Descriptor, asTrains: true));
        Assert.Equal(texts, Received(_peers[0], texts.Count));
    }

    [Fact]
    public void Send_OfATrainThatTheKernelRefuses_SendsItsRepliesSingly()
    {
        _server.Socket.SetRawSocketOption(SolSocket, SoNoCheck, BitConverter.GetBytes(1)); // trains need checksums
        var texts = Enumerable.Range(100, 10).Select(i => $"SIP/2.0 200 OK {i}").ToList();
        foreach (var text in texts) Add(text, _peers[0]);
        Assert.Equal(0, _queue.Send(_server.Descriptor, asTrains: true));
        Assert.Equal(texts, Received(_peers[0], texts.Count));
    }

    [Fact]
    public void Send_CountsRefusedReplies_AndSendsTheOthers()
    {
        var nowhere = new TransportAddress(new IPEndPoint(IPAddress.Broadcast, 5060)); // needs SO_BROADCAST
        for (var i = 0; i < 3; i++) Add("SIP/2.0 401 to nobody", nowhere);
        Add("SIP/2.0 200 OK", _peers[1]);
        Add("SIP/2.0 401 to nobody at all", nowhere);
        Assert.Equal(4, _queue.Send(_server.Descriptor, asTrains: true));
        Assert.Equal(["SIP/2.0 200 OK"], Received(_peers[1], 1));
    }

    [Fact]
    public void Replace_PutsAReplyInThePlaceOfAnother()
    {
        Add("SIP/2.0 200 OK", _peers[0]);
        var second = Add("SIP/2.0 200 OK", _peers[0]);
        var refusal = Encoding.ASCII.GetBytes("SIP/2.0 503 Service Unavailable");
        refusal.CopyTo(_queue.BufferOf(second));
        _queue.Replace(second, refusal.Length, AddressOf(_peers[0]), default);
        Assert.Equal(0, _queue.Send(_server.Descriptor, asTrains: true));
        Assert.Equal(["SIP/2.0 200 OK", "SIP/2.0 503 Service Unavailable"], Received(_peers[0], 2).Order());
    }

    [Fact]
    public void Send_OverIpv6_GoesFromTheAddressAskedFor()
    {
        using var server = UdpSocket.Bind(new IPEndPoint(IPAddress.IPv6Any, 0), shared: false, TimeSpan.FromSeconds(1));
        using var peer = Peer(AddressFamily.InterNetworkV6, IPAddress.IPv6Loopback);
        var local = new TransportAddress(new IPEndPoint(IPAddress.IPv6Loopback, server.Local.Port));
        for (var i = 0; i < 5; i++) Add($"SIP/2.0 200 OK {i}", AddressOf(peer), server.SendFrom(local));
        Assert.Equal(0, _queue.Send(server.Descriptor, server.TakesTrains));
        EndPoint from = new IPEndPoint(IPAddress.IPv6Any, 0);
        var buffer = new byte[2048];
        for (var i = 0; i < 5; i++)
        {
            var length = peer.ReceiveFrom(buffer, ref from);
            Assert.Equal($"SIP/2.0 200 OK {i}", Encoding.ASCII.GetString(buffer, 0, length));
            Assert.Equal(local.ToIPEndPoint(), from);
        }
    }

    public void Dispose()
    {
        _queue.Dispose();
        _server.Dispose();
        foreach (var peer in _peers) peer.Dispose();
    }

    private int Add(string text, Socket peer) => Add(text, AddressOf(peer));

    private int Add(string text, TransportAddress destination, TransportAddress local = default)
    {
        var octets = Encoding.ASCII.GetBytes(text);
        octets.CopyTo(_queue.NextBuffer);
        return _queue.Add(octets.Length, destination, local);
    }

    private static List<string> Received(Socket peer, int count)
    {
        var buffer = new byte[64 * 1024];
        return [.. Enumerable.Range(0, count).Select(_ => Encoding.ASCII.GetString(buffer, 0, peer.Receive(buffer)))];
    }

    private static TransportAddress AddressOf(Socket peer) => new((IPEndPoint)peer.LocalEndPoint!);

    private static Socket Peer(AddressFamily family, IPAddress address)
    {
        var socket = new Socket(family, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = 10_000, ReceiveBufferSize = 4 * 1024 * 1024 };
        socket.Bind(new IPEndPoint(address, 0));
        return socket;
    }
}
