using System.Security.Authentication;

namespace Sipstead.Sip.Transport;

/// <summary>Versions of TLS that are spoken (TPT-18).</summary>
public static class TlsProtocols
{
    /// <summary>1.2 and 1.3: what lies below is broken (RFC 8996).</summary>
    public const SslProtocols Served = SslProtocols.Tls12 | SslProtocols.Tls13;
}
