using System.Text;
using Sipstead.Sip.Messages;
using Sipstead.Sip.Transport;

namespace Sipstead.Sip.Locating;

/// <summary>What of a SIP or SIPS URI says where a request goes (RFC 3263 4, 4.1).</summary>
/// <param name="IsSecure">True for sips: nothing leaves but by TLS.</param>
/// <param name="Host">Name or address, IPv6 without brackets; what a certificate must stand for.</param>
/// <param name="Port">Null when the URI gives none.</param>
/// <param name="Transport">What the URI asks for; null when it asks for none.</param>
public sealed record SipDestination(bool IsSecure, string Host, int? Port, SipTransport? Transport)
{
    internal const int DefaultPort = 5060;
    internal const int DefaultTlsPort = 5061;

    /// <summary>What is used where neither URI nor DNS says more.</summary>
    public SipTransport TransportOrDefault => Transport ?? (IsSecure ? SipTransport.Tls : SipTransport.Udp);

    /// <summary>The port that the URI gives, or that of its transport.</summary>
    public int PortOrDefault => Port ?? DefaultPortOf(TransportOrDefault);

    internal static int DefaultPortOf(SipTransport transport) => transport == SipTransport.Tls ? DefaultTlsPort : DefaultPort;

    /// <summary>
    /// Reads a URI. Null when nothing may be sent by it: it is no SIP URI, has port 0, a maddr, which would send elsewhere than its host says, or a transport
    /// that reaches nobody: one that is not known, WebSocket (RFC 7118: its clients cannot be connected to), or UDP for sips.
    /// </summary>
    public static SipDestination? Of(in SipUri uri)
    {
        if (!uri.IsSip || uri.Port == 0 || uri.TryGetParameter("maddr"u8, out _)) return null;
        SipTransport? transport = null;
        var isSecure = uri.Scheme == UriScheme.Sips;
        if (uri.TryGetParameter("transport"u8, out var token))
        {
            transport = TransportOf(token, isSecure);
            if (transport is null) return null;
        }

        return new SipDestination(isSecure, Encoding.ASCII.GetString(SipUri.TrimBrackets(uri.Host)), uri.Port < 0 ? null : uri.Port, transport);
    }

    /// <summary>TCP of a sips URI is TLS over TCP (RFC 3261 26.2.2).</summary>
    private static SipTransport? TransportOf(ReadOnlySpan<byte> token, bool isSecure)
    {
        if (Ascii.EqualsIgnoreCase(token, "tls"u8)) return SipTransport.Tls;
        if (Ascii.EqualsIgnoreCase(token, "tcp"u8)) return isSecure ? SipTransport.Tls : SipTransport.Tcp;
        return Ascii.EqualsIgnoreCase(token, "udp"u8) && !isSecure ? SipTransport.Udp : null;
    }
}
