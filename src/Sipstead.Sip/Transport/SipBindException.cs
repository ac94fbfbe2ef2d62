using System.Net;
using System.Net.Sockets;

namespace Sipstead.Sip.Transport;

/// <summary>A SIP port could not be opened. The message is one line for an operator.</summary>
public sealed class SipBindException : Exception
{
    public SipBindException(string transport, IPEndPoint endPoint, SocketException inner)
        : base(Describe(transport, endPoint, inner, transport == "TLS" ? "Sipstead__Sip__TlsPort" : "Sipstead__Sip__Port"), inner)
    {
    }

    private static string Describe(string transport, IPEndPoint endPoint, SocketException inner, string setting) => inner?.SocketErrorCode switch
    {
        SocketError.AddressAlreadyInUse =>
            $"SIP cannot listen on {transport} {endPoint}: the port is taken. Stop the program that uses it, or set {setting} to a free port.",
        SocketError.AccessDenied =>
            $"SIP cannot listen on {transport} {endPoint}: not permitted. Ports below 1024 need rights; set {setting} to a higher port.",
        SocketError.AddressNotAvailable =>
            $"SIP cannot listen on {transport} {endPoint}: no network interface has this address. Correct Sipstead__Sip__Address.",
        _ => $"SIP cannot listen on {transport} {endPoint}: {inner?.Message}.",
    };
}
