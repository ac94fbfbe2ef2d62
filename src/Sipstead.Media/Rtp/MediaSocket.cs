using System.Net;
using System.Net.Sockets;
using static Sipstead.Media.Rtp.LinuxDatagrams;

namespace Sipstead.Media.Rtp;

/// <summary>A bound UDP socket that is read by <see cref="PacketBatch"/>.</summary>
internal sealed class MediaSocket : IDisposable
{
    /// <summary>Octets that may wait to be read. Small: what does not fit is late anyway, and a flood costs no more memory than this.</summary>
    private const int BufferSize = 128 * 1024;

    /// <summary>DSCP EF, for telephony (RFC 4594 4.1), in its place in the octet.</summary>
    private const int ExpeditedForwarding = 46 << 2;

    private readonly Socket _socket;

    private MediaSocket(Socket socket)
    {
        _socket = socket;
        Descriptor = (int)socket.Handle;
        Port = ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    public int Descriptor { get; }

    public int Port { get; }

    /// <summary>Binds. Throws <see cref="SocketException"/> when the port is taken or the address not ours.</summary>
    public static MediaSocket Bind(IPAddress local, int port)
    {
        var socket = new Socket(local.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            socket.ReceiveBufferSize = BufferSize;
            socket.SetRawSocketOption(SolSocket, SoTimestamp, BitConverter.GetBytes(1));
            if (local.AddressFamily == AddressFamily.InterNetworkV6)
            {
                socket.DualMode = false;
                socket.SetRawSocketOption(Ipv6Protocol, Ipv6TrafficClass, BitConverter.GetBytes(ExpeditedForwarding));
            }
            else
            {
                socket.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.TypeOfService, ExpeditedForwarding);
            }

            socket.Bind(new IPEndPoint(local, port));
            return new MediaSocket(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Sends a datagram; false when the kernel does not take it.</summary>
    public unsafe bool TrySend(ReadOnlySpan<byte> packet, MediaAddress destination)
    {
        var address = stackalloc byte[MediaAddress.SockaddrSize];
        var length = destination.WriteSockaddr(new Span<byte>(address, MediaAddress.SockaddrSize));
        fixed (byte* octets = packet)
            return Send(Descriptor, octets, (nuint)packet.Length, DoNotWait | NoSignal, address, (uint)length) == packet.Length;
    }

    public void Dispose() => _socket.Dispose();
}
