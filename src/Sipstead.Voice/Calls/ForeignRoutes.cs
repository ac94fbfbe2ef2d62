using System.Net;
using System.Net.Sockets;
using Sipstead.Sip.Transport;

namespace Sipstead.Voice.Calls;

/// <summary>The way to a foreign SIP host (ruling 29): its first address, over UDP, from the port of the first account.</summary>
internal sealed class ForeignRoutes(Func<int> localPort)
{
    /// <summary>Null when the host has no address, or none that a local address reaches.</summary>
    public async Task<SipFlow?> FindAsync(string host, int port, CancellationToken cancellationToken)
    {
        try
        {
            var addresses = await System.Net.Dns.GetHostAddressesAsync(host, cancellationToken);
            foreach (var address in addresses)
            {
                if (LocalAddressTo(address) is { } local)
                    return new SipFlow(
                        SipTransport.Udp, new TransportAddress(new IPEndPoint(address, port)), new TransportAddress(new IPEndPoint(local, localPort())), 0);
            }
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            // Unknown host, or the call ended meanwhile.
        }

        return null;
    }

    /// <summary>The local address that routes to it; connecting a UDP socket sends nothing.</summary>
    private static IPAddress? LocalAddressTo(IPAddress address)
    {
        try
        {
            using var socket = new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
            socket.Connect(address, 9);
            return ((IPEndPoint)socket.LocalEndPoint!).Address;
        }
        catch (SocketException)
        {
            return null;
        }
    }
}
