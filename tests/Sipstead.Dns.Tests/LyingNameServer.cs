using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Sipstead.Dns.Tests;

/// <summary>A name server over UDP that answers with whatever octets a test makes of a query.</summary>
internal sealed class LyingNameServer : IDisposable
{
    private readonly UdpClient _socket = new(new IPEndPoint(IPAddress.Loopback, 0));
    private readonly ConcurrentQueue<(int Port, int Id)> _queries = new();

    /// <param name="reply">Makes the datagrams for a query; the number counts queries from 1.</param>
    public LyingNameServer(Func<byte[], int, IReadOnlyList<byte[]>> reply) => _ = ServeAsync(reply);

    public IPEndPoint EndPoint => (IPEndPoint)_socket.Client.LocalEndPoint!;

    public IEnumerable<int> Ports => _queries.Select(query => query.Port);

    public IEnumerable<int> Ids => _queries.Select(query => query.Id);

    /// <summary>A reply with one A record, of the name that was asked for or of another.</summary>
    public static byte[] Answer(byte[] query, string address, string? owner = null) =>
    [
        .. query[..2], 0x81, 0x80, 0, 1, 0, 1, 0, 0, 0, 0, .. Question(query), .. owner is null ? [0xC0, 12] : Name(owner), 0, 1, 0, 1, 0, 0, 1, 0, 0, 4,
        .. IPAddress.Parse(address).GetAddressBytes(),
    ];

    public static byte[] Refuse(byte[] query) => [.. query[..2], 0x81, 0x85, 0, 1, 0, 0, 0, 0, 0, 0, .. Question(query)];

    public void Dispose() => _socket.Dispose();

    private static byte[] Question(byte[] query) => query[12..(Array.IndexOf(query, (byte)0, 12) + 5)];

    private static byte[] Name(string name) => [.. name.Split('.').SelectMany(label => (byte[])[(byte)label.Length, .. Encoding.ASCII.GetBytes(label)]), 0];

    private async Task ServeAsync(Func<byte[], int, IReadOnlyList<byte[]>> reply)
    {
        try
        {
            while (true)
            {
                var query = await _socket.ReceiveAsync();
                _queries.Enqueue((query.RemoteEndPoint.Port, (query.Buffer[0] << 8) | query.Buffer[1]));
                foreach (var datagram in reply(query.Buffer, _queries.Count)) await _socket.SendAsync(datagram, query.RemoteEndPoint);
            }
        }
        catch (Exception e) when (e is ObjectDisposedException or SocketException)
        {
            // The test is over.
        }
    }
}
