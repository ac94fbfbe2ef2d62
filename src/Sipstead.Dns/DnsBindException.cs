using System.Net;
using System.Net.Sockets;

namespace Sipstead.Dns;

/// <summary>The responder could not open its sockets. The message is one line for the operator: address, port, reason, what to do.</summary>
public sealed class DnsBindException : Exception
{
    internal DnsBindException(IPEndPoint endPoint, string protocol, SocketException cause)
        : base($"DNS cannot listen on {endPoint} ({protocol}): {Advice(endPoint, cause)}", cause)
    {
        SocketErrorCode = cause.SocketErrorCode;
    }

    /// <summary>Why the operating system refused.</summary>
    public SocketError SocketErrorCode { get; }

    private static string Advice(IPEndPoint endPoint, SocketException cause) => cause.SocketErrorCode switch
    {
        SocketError.AddressAlreadyInUse =>
            $"another program holds it (see: ss -lntup 'sport = :{endPoint.Port}'). Stop that program, or set Sipstead:Dns:Port to a free port (0 turns DNS off).",
        SocketError.AccessDenied =>
            "permission denied. A port below 1024 needs the capability CAP_NET_BIND_SERVICE; grant it, or set Sipstead:Dns:Port to 8053.",
        SocketError.AddressNotAvailable =>
            "this machine has no such address. Set Sipstead:Dns:Address to one that it has (see: ip address), or to 0.0.0.0,[::] for all.",
        SocketError.AddressFamilyNotSupported =>
            "this machine does not speak that IP version. Take the address out of Sipstead:Dns:Address.",
        _ => $"{cause.Message}. Check Sipstead:Dns:Address and Sipstead:Dns:Port.",
    };
}
