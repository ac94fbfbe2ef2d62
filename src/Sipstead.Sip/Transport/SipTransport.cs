namespace Sipstead.Sip.Transport;

/// <summary>Transports of SIP. The numbers are written to the bindings journal: never change or reuse one.</summary>
public enum SipTransport : byte
{
    Udp = 0,
    Tcp = 1,
    Tls = 2,
    Ws = 3,
    Wss = 4,
}

/// <summary>Facts about transports.</summary>
public static class SipTransports
{
    /// <summary>True for transports with connections.</summary>
    public static bool IsStream(this SipTransport transport) => transport != SipTransport.Udp;

    /// <summary>True for transports over TLS, which alone a sips URI may take (RFC 5630).</summary>
    public static bool IsSecure(this SipTransport transport) => transport is SipTransport.Tls or SipTransport.Wss;

    /// <summary>The token of a Via (RFC 3261 25.1).</summary>
    public static string Token(this SipTransport transport) => transport switch
    {
        SipTransport.Udp => "UDP",
        SipTransport.Tcp => "TCP",
        SipTransport.Tls => "TLS",
        SipTransport.Ws => "WS",
        _ => "WSS",
    };
}
