using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Sipstead.Sip.Transport;

namespace Sipstead.Testing.Tls;

/// <summary>Certificates that a test may change: one for each name, and one for every other.</summary>
public sealed class TestCertificates(X509Certificate2 certificate) : ITlsCertificates
{
    private volatile SslStreamCertificateContext _any = ContextOf(certificate);

    /// <summary>Certificates by the name that clients ask for.</summary>
    public Dictionary<string, SslStreamCertificateContext> ByName { get; } = [];

    public X509Certificate2Collection TrustedAuthorities { get; } = [];

    public static SslStreamCertificateContext ContextOf(X509Certificate2 certificate) => SslStreamCertificateContext.Create(certificate, null, offline: true);

    /// <summary>Puts another certificate in the place of the one for every name.</summary>
    public void Replace(X509Certificate2 certificate) => _any = ContextOf(certificate);

    public SslStreamCertificateContext Select(string? serverName) => serverName is not null && ByName.TryGetValue(serverName, out var found) ? found : _any;
}
