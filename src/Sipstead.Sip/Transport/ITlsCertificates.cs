using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace Sipstead.Sip.Transport;

/// <summary>The certificates of this server, and whom it trusts. Both may change while it runs: each handshake asks anew.</summary>
public interface ITlsCertificates
{
    /// <summary>The certificate with its chain for the name that a client asks for (SNI, RFC 6066 3); null when it names none. Called on any thread.</summary>
    SslStreamCertificateContext Select(string? serverName);

    /// <summary>Certificate authorities that peers of ours may come from, besides those of the system.</summary>
    X509Certificate2Collection TrustedAuthorities { get; }
}
