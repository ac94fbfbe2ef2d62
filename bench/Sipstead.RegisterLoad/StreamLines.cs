using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;

namespace Sipstead.RegisterLoad;

/// <summary>TCP or TLS connections, the server's certificate not being checked. Each is read on the pool; what arrives waits for the thread of the devices.</summary>
internal sealed class StreamLines : ILines
{
    private const int OpenedAtOnce = 16;

    private readonly Stream[] _streams;
    private readonly byte[][] _ports;
    private readonly byte[] _room = new byte[RegisterWriter.MaxLength];
    private readonly ConcurrentQueue<byte[]> _arrived = new();
    private readonly SemaphoreSlim _arrivals = new(0);
    private int _closed;
    private volatile bool _ending;

    private StreamLines(int count) => (_streams, _ports) = (new Stream[count], new byte[count][]);

    public int Closed => _closed;

    public static async Task<StreamLines> OpenAsync(IPEndPoint server, int count, bool secure)
    {
        var lines = new StreamLines(count);
        await Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = OpenedAtOnce }, async (line, cancellation) => lines._streams[line] = await lines.ConnectAsync(server, line, secure, cancellation));
        foreach (var stream in lines._streams) _ = lines.ReadAsync(stream);
        return lines;
    }

    public ReadOnlySpan<byte> PortOf(int device) => _ports[device % _ports.Length];

    public Span<byte> RoomFor(int device) => _room;

    public void Send(int device, int length)
    {
        try
        {
            _streams[device % _streams.Length].Write(_room, 0, length);
        }
        catch (IOException)
        {
            // The reading side counts the connection as closed.
        }
    }

    public void Flush()
    {
    }

    public void Receive(IAnswers answers, long patience)
    {
        if (!_arrivals.Wait((int)Math.Ceiling(patience / (double)Clock.Millisecond))) return;
        do
        {
            if (_arrived.TryDequeue(out var message)) answers.Take(message);
        }
        while (_arrivals.Wait(0));
    }

    public void Dispose()
    {
        _ending = true;
        foreach (var stream in _streams) stream?.Dispose();
        _arrivals.Dispose();
    }

    private async Task<Stream> ConnectAsync(IPEndPoint server, int line, bool secure, CancellationToken cancellation)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(server, cancellation);
        _ports[line] = Encoding.ASCII.GetBytes(((IPEndPoint)socket.LocalEndPoint!).Port.ToString(CultureInfo.InvariantCulture));
        var stream = new NetworkStream(socket, ownsSocket: true);
        if (!secure) return stream;
#pragma warning disable CA5359 // the server's own authority, which this machine does not know
        var tls = new SslStream(stream, leaveInnerStreamOpen: false, (_, _, _, _) => true);
#pragma warning restore CA5359
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = server.Address.ToString() }, cancellation);
        return tls;
    }

    /// <summary>Answers to REGISTER have no body: each ends with its empty line.</summary>
    private async Task ReadAsync(Stream stream)
    {
        var buffer = new byte[4096];
        var length = 0;
        try
        {
            while (await stream.ReadAsync(buffer.AsMemory(length)) is > 0 and var read)
            {
                length += read;
                var taken = 0;
                while (buffer.AsSpan(taken, length - taken).IndexOf("\r\n\r\n"u8) is >= 0 and var end)
                {
                    _arrived.Enqueue(buffer.AsSpan(taken, end + 4).ToArray());
                    _arrivals.Release();
                    taken += end + 4;
                }

                buffer.AsSpan(taken, length - taken).CopyTo(buffer);
                length -= taken;
                if (length == buffer.Length) break;
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // Counted below, unless it was we who closed it.
        }

        if (!_ending) Interlocked.Increment(ref _closed);
    }
}
