using System.Net.Security;
using System.Security.Authentication;

namespace Sipstead.Sip.Transport;

/// <summary>How TLS is spoken, by SIP and https alike (TPT-18).</summary>
public static class TlsProtocols
{
    /// <summary>1.2 and 1.3: what lies below is broken (RFC 8996).</summary>
    public const SslProtocols Served = SslProtocols.Tls12 | SslProtocols.Tls13;

    /// <summary>The server's side of a handshake: the certificate by SNI, no renegotiation, and no certificate asked of the client.</summary>
    /// <param name="serverName">What the client asks for; null or empty for none.</param>
    public static SslServerAuthenticationOptions ServerOptions(ITlsCertificates certificates, string? serverName)
    {
        ArgumentNullException.ThrowIfNull(certificates);
        return new SslServerAuthenticationOptions
        {
            ServerCertificateContext = certificates.Select(string.IsNullOrEmpty(serverName) ? null : serverName),
            EnabledSslProtocols = Served,
            AllowRenegotiation = false,
        };
    }
}
