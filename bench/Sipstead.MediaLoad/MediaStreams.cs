using System.Net;
using System.Net.Sockets;

namespace Sipstead.MediaLoad;

/// <summary>
/// The media of all parties, on two sockets: one for the first parties of the calls, one for the second. The server's ports tell the parties apart. Packets
/// are spread over the 20 ms, as those of independent phones are.
/// </summary>
internal sealed class MediaStreams : IDisposable
{
    private const int Slots = 20;

    // SO_RCVBUFFORCE: a burst of the server must fit, and the default limit holds some 250 packets. Without the right to it there is what there is.
    private const int SolSocket = 1;
    private const int SoRcvBufForce = 33;
    private const int ReceiveBuffer = 8 * 1024 * 1024;

    private readonly Socket[] _sockets = [Open(), Open()];
    private readonly Leg?[][] _byPort = [new Leg?[ushort.MaxValue + 1], new Leg?[ushort.MaxValue + 1]];
    private readonly Lock _changing = new();
    private readonly ManualResetEvent _over = new(initialState: false);
    private volatile (Leg Leg, int Side)[] _legs = [];
    private volatile bool _isOver;

    /// <summary>RTP port of a side: 0 or 1.</summary>
    public int PortOf(int side) => ((IPEndPoint)_sockets[side].LocalEndPoint!).Port;

    /// <summary>Adds a party, which talks from now on.</summary>
    public Leg Add(int side, IPEndPoint remote)
    {
        lock (_changing)
        {
            var leg = new Leg(_legs.Length) { Remote = remote.Serialize() };
            _byPort[side][remote.Port] = leg;
            _legs = [.. _legs, (leg, side)];
            return leg;
        }
    }

    /// <summary>The party is gone.</summary>
    public void Remove(Leg leg)
    {
        lock (_changing) _legs = [.. _legs.Where(other => other.Leg != leg)];
    }

    public void Start()
    {
        Begin("send", Send);
        Begin("receive 0", () => Receive(0));
        Begin("receive 1", () => Receive(1));
    }

    /// <summary>Waits until so many parties hear their peers, or anything where they hear several. False when the time is over before.</summary>
    public async Task<bool> AllHearAsync(int count, bool isMixing, TimeSpan patience, CancellationToken cancellation)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (Hearing(isMixing) < count)
        {
            if (TimeProvider.System.GetElapsedTime(began) > patience) return false;
            await Task.Delay(50, cancellation);
        }

        return true;
    }

    public int Hearing(bool isMixing) => _legs.Count(one => isMixing ? one.Leg.HearsAnything : one.Leg.HearsPeer);

    public MediaCounts Count() => _legs.Aggregate(default(MediaCounts), (sum, one) => sum + one.Leg.Counts);

    public void Dispose()
    {
        _isOver = true;
        _over.Set();
        foreach (var socket in _sockets) socket.Dispose();
    }

    private static Socket Open()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            socket.SetRawSocketOption(SolSocket, SoRcvBufForce, BitConverter.GetBytes(ReceiveBuffer));
        }
        catch (SocketException)
        {
            socket.ReceiveBufferSize = ReceiveBuffer;
        }

        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return socket;
    }

    private static void Begin(string name, Action work) => new Thread(() => work()) { Name = name, IsBackground = true, Priority = ThreadPriority.Highest }.Start();

    private void Send()
    {
        var began = TimeProvider.System.GetTimestamp();
        for (long slot = 0; !_isOver; slot++)
        {
            var rest = TimeSpan.FromMilliseconds(slot) - TimeProvider.System.GetElapsedTime(began);
            if (rest > TimeSpan.Zero && _over.WaitOne(rest)) return;
            var legs = _legs;
            for (var i = (int)(slot % Slots); i < legs.Length; i += Slots) SendNext(legs[i].Leg, _sockets[legs[i].Side]);
        }
    }

    private static void SendNext(Leg leg, Socket socket)
    {
        try
        {
            socket.SendTo(leg.Next(), SocketFlags.None, leg.Remote);
        }
        catch (SocketException)
        {
            // A port of the server that is closed already.
        }
        catch (ObjectDisposedException)
        {
            // The end.
        }
    }

    private void Receive(int side)
    {
        var (socket, byPort, packet) = (_sockets[side], _byPort[side], new byte[2048]);
        var source = new SocketAddress(AddressFamily.InterNetwork);
        while (!_isOver)
        {
            try
            {
                var length = socket.ReceiveFrom(packet, SocketFlags.None, source);
                byPort[(source[2] << 8) | source[3]]?.Take(packet.AsSpan(0, length), TimeProvider.System.GetTimestamp());
            }
            catch (SocketException)
            {
                // A port of the server that is closed already, or the end.
            }
            catch (ObjectDisposedException)
            {
                return;
            }
        }
    }
}
