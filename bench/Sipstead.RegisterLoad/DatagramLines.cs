using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using static Sipstead.RegisterLoad.LinuxPoll;
using static Sipstead.Sip.Transport.LinuxSockets;

namespace Sipstead.RegisterLoad;

/// <summary>UDP sockets that are connected to the server and moved in batches: a system call for many datagrams.</summary>
internal sealed unsafe class DatagramLines : ILines
{
    private const int Batch = 64;

    // Not powers of two, so that the beginnings of messages do not compete for the same lines of the cache.
    private const int SentLength = RegisterWriter.MaxLength + 64;
    private const int ReceivedLength = 4096 + 64;
    private const int SocketBuffer = 4 * 1024 * 1024;

    private readonly Socket[] _sockets;
    private readonly byte[][] _ports;
    private readonly PollEntry[] _polled;
    private readonly Queued[] _queued;
    private readonly Mailbag _received = new(Batch, ReceivedLength);

    public DatagramLines(IPEndPoint server, int count, int localPort)
    {
        _sockets = new Socket[count];
        _ports = new byte[count][];
        _polled = new PollEntry[count];
        _queued = new Queued[count];
        for (var i = 0; i < count; i++)
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveBufferSize = SocketBuffer };
            _sockets[i] = socket;
            socket.Bind(new IPEndPoint(IPAddress.Loopback, localPort + i));
            socket.Connect(server);
            _ports[i] = Encoding.ASCII.GetBytes((localPort + i).ToString(CultureInfo.InvariantCulture));
            _polled[i] = new PollEntry { Descriptor = (int)socket.Handle, Events = PollEntry.Readable };
            _queued[i] = new Queued(new Mailbag(Batch, SentLength));
        }
    }

    public int Closed => 0;

    public ReadOnlySpan<byte> PortOf(int device) => _ports[device % _ports.Length];

    public Span<byte> RoomFor(int device)
    {
        ref var queued = ref _queued[device % _queued.Length];
        return queued.Mail.Room(queued.Count);
    }

    public void Send(int device, int length)
    {
        var line = device % _queued.Length;
        ref var queued = ref _queued[line];
        queued.Mail.SetLength(queued.Count, length);
        if (++queued.Count == Batch) Flush(line);
    }

    public void Flush()
    {
        for (var line = 0; line < _queued.Length; line++)
        {
            if (_queued[line].Count > 0) Flush(line);
        }
    }

    public void Receive(IAnswers answers, long patience)
    {
        var timeout = new TimeSpec { Seconds = 0, Nanoseconds = patience };
        fixed (PollEntry* polled = _polled)
        {
            if (Poll(polled, (nuint)_polled.Length, &timeout, null) <= 0) return;
        }

        foreach (var entry in _polled)
        {
            if (entry.Returned == 0) continue;
            int count;
            do
            {
                count = ReceiveMany(entry.Descriptor, _received.Headers, Batch, DoNotWait, null);
                for (var i = 0; i < count; i++) answers.Take(_received.Received(i));
            }
            while (count == Batch);
        }
    }

    public void Dispose()
    {
        foreach (var socket in _sockets) socket?.Dispose();
        foreach (var queued in _queued) queued.Mail?.Dispose();
        _received.Dispose();
    }

    private void Flush(int line)
    {
        ref var queued = ref _queued[line];
        for (var sent = 0; sent < queued.Count;)
        {
            var count = SendMany(_polled[line].Descriptor, queued.Mail.Headers + sent, (uint)(queued.Count - sent), 0);
            if (count > 0) sent += count;
            else if (Marshal.GetLastPInvokeError() is var error and not Interrupted) throw new IOException($"Sending failed: {Marshal.GetPInvokeErrorMessage(error)}.");
        }

        queued.Count = 0;
    }

    /// <summary>What waits for a socket's next system call.</summary>
    private struct Queued(Mailbag mail)
    {
        public readonly Mailbag Mail = mail;
        public int Count;
    }
}
