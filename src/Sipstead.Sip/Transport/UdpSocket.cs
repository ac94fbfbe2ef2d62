using System.Net;
using System.Net.Sockets;
using static Sipstead.Sip.Transport.LinuxSockets;

namespace Sipstead.Sip.Transport;

/// <summary>A bound UDP socket of one address family that knows, for each datagram, the local address it was sent to.</summary>
internal sealed class UdpSocket : IDisposable
{
    private const int BufferSize = 4 * 1024 * 1024;

    private readonly Socket _socket;

    private UdpSocket(Socket socket)
    {
        _socket = socket;
        Local = new TransportAddress((IPEndPoint)socket.LocalEndPoint!);
        TakesTrains = KnowsSegments(socket);
    }

    /// <summary>Where it is bound; the address may be the wildcard.</summary>
    public TransportAddress Local { get; }

    /// <summary>The address that the kernel is told to send from: none for a socket bound to one, which costs a little less.</summary>
    public TransportAddress SendFrom(TransportAddress local) => Local.IsAny ? local : default;

    /// <summary>The socket, for waiting until it is readable.</summary>
    public Socket Socket => _socket;

    public int Descriptor => (int)_socket.Handle;

    /// <summary>True where the kernel knows UDP_SEGMENT: an older one would send a train as one datagram.</summary>
    public bool TakesTrains { get; }

    /// <summary>Binds. Throws <see cref="SocketException"/> when the address is taken or not ours.</summary>
    /// <param name="shared">True to let several sockets of this process share the port (SO_REUSEPORT).</param>
    /// <param name="receiveTimeout">How long a blocking receive waits before it looks whether it should stop.</param>
    public static UdpSocket Bind(IPEndPoint endPoint, bool shared, TimeSpan receiveTimeout)
    {
        var socket = new Socket(endPoint.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            if (shared) socket.SetRawSocketOption(SolSocket, SoReusePort, BitConverter.GetBytes(1));
            socket.ReceiveBufferSize = BufferSize;
            socket.SendBufferSize = BufferSize;
            Span<long> timeout = [(long)receiveTimeout.TotalSeconds, receiveTimeout.Microseconds + (receiveTimeout.Milliseconds * 1000L)];
            socket.SetRawSocketOption(SolSocket, SoReceiveTimeout, System.Runtime.InteropServices.MemoryMarshal.AsBytes(timeout));
            var v6 = endPoint.AddressFamily == AddressFamily.InterNetworkV6;
            if (v6) socket.DualMode = false;
            if (endPoint.Address.Equals(v6 ? IPAddress.IPv6Any : IPAddress.Any))
                socket.SetRawSocketOption(v6 ? Ipv6Protocol : IpProtocol, v6 ? Ipv6ReceivePacketInfo : IpPacketInfo, BitConverter.GetBytes(1));
            socket.Bind(endPoint);
            return new UdpSocket(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Sends one datagram from a chosen local address. False when the kernel refuses it.</summary>
    public unsafe bool TrySend(ReadOnlySpan<byte> datagram, TransportAddress destination, TransportAddress local)
    {
        var name = stackalloc byte[DatagramBatch.NameSize];
        var control = stackalloc byte[DatagramBatch.ControlSize];
        fixed (byte* octets = datagram)
        {
            var vector = new IoVector { Base = octets, Length = (nuint)datagram.Length };
            var message = new MessageHeader { Name = name, Control = control, Vectors = &vector, VectorCount = 1 };
            ReplyQueue.Address(ref message, destination, SendFrom(local));
            return SendMany(Descriptor, &message, 1, NoSignal | DoNotWait) == 1;
        }
    }

    /// <summary>Datagrams that the kernel dropped so far, for want of room in the receive buffer; a count that wraps. Null once the socket is closed.</summary>
    public uint? Overflowed()
    {
        try
        {
            Span<byte> memory = stackalloc byte[MemoryInfoSize];
            var length = _socket.GetRawSocketOption(SolSocket, SoMemoryInfo, memory);
            return length < MemoryInfoSize ? null : BitConverter.ToUInt32(memory[MemoryInfoDrops..]);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            return null;
        }
    }

    public void Dispose() => _socket.Dispose();

    private static bool KnowsSegments(Socket socket)
    {
        try
        {
            return socket.GetRawSocketOption(UdpProtocol, UdpSegment, new byte[sizeof(int)]) == sizeof(int);
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
