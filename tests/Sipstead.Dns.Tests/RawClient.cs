using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using ARSoft.Tools.Net.Dns;
using Sipstead.Testing;

namespace Sipstead.Dns.Tests;

/// <summary>Sends octets and receives octets, over UDP or TCP.</summary>
internal abstract class RawClient : IDisposable
{
    public static RawClient Connect(IPEndPoint server, bool tcp) => tcp ? new TcpRawClient(server) : new UdpRawClient(server);

    public abstract ValueTask SendAsync(byte[] message);

    /// <summary>The next message, or null when the server closed the connection.</summary>
    public abstract ValueTask<byte[]?> ReceiveAsync();

    public abstract void Dispose();

    public async Task<Answer> AskAsync(byte[] query)
    {
        await SendAsync(query);
        return new Answer(await ReceiveAsync() ?? throw new IOException("closed"));
    }

    public Task<Answer> AskAsync(string name, RecordType type, ushort? payloadSize = null) =>
        AskAsync(Query.For(name, type, payloadSize: payloadSize));

    protected static async Task<T> InTimeAsync<T>(Func<CancellationToken, ValueTask<T>> receive)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(Poll.DefaultDeadline);
        return await receive(deadline.Token);
    }

    private sealed class UdpRawClient : RawClient
    {
        private readonly Socket _socket;

        public UdpRawClient(IPEndPoint server)
        {
            _socket = new Socket(server.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
            // Connected: only an answer from the very address and port that was asked is received.
            _socket.Connect(server);
        }

        public override async ValueTask SendAsync(byte[] message) =>
            await _socket.SendAsync(message, TestContext.Current.CancellationToken);

        public override async ValueTask<byte[]?> ReceiveAsync()
        {
            var buffer = new byte[65_535];
            return buffer[..await InTimeAsync(token => _socket.ReceiveAsync(buffer, token))];
        }

        public override void Dispose() => _socket.Dispose();
    }

    private sealed class TcpRawClient : RawClient
    {
        private readonly TcpClient _client = new();

        public TcpRawClient(IPEndPoint server) => _client.Connect(server);

        public override async ValueTask SendAsync(byte[] message)
        {
            var framed = new byte[2 + message.Length];
            BinaryPrimitives.WriteUInt16BigEndian(framed, (ushort)message.Length);
            message.CopyTo(framed, 2);
            await _client.GetStream().WriteAsync(framed, TestContext.Current.CancellationToken);
        }

        public override async ValueTask<byte[]?> ReceiveAsync()
        {
            var length = new byte[2];
            try
            {
                await InTimeAsync(async token => { await _client.GetStream().ReadExactlyAsync(length, token); return true; });
            }
            catch (IOException)
            {
                return null;
            }
            var message = new byte[BinaryPrimitives.ReadUInt16BigEndian(length)];
            await InTimeAsync(async token => { await _client.GetStream().ReadExactlyAsync(message, token); return true; });
            return message;
        }

        public override void Dispose() => _client.Dispose();
    }
}
