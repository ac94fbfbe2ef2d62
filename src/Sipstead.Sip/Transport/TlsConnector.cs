using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace Sipstead.Sip.Transport;

/// <summary>The client's side of a TLS handshake: the peer's certificate must be valid, and stand for the host that was asked for (RFC 5922).</summary>
internal sealed class TlsConnector(ITlsCertificates? certificates, TimeProvider time)
{
    /// <summary>Agrees with the peer. Throws <see cref="AuthenticationException"/> whose message says what is wrong with the certificate.</summary>
    /// <param name="host">Name or address of the peer, without brackets.</param>
    public async Task<Stream> ConnectAsync(Stream stream, string host, CancellationToken cancellationToken)
    {
        string? problem = null;
        var tls = new SslStream(stream, leaveInnerStreamOpen: false);
        try
        {
            await tls.AuthenticateAsClientAsync(OptionsFor(host, found => problem = found), cancellationToken);
            return tls;
        }
        catch (AuthenticationException e) when (problem is not null)
        {
            await tls.DisposeAsync();
            throw new AuthenticationException(problem, e);
        }
        catch
        {
            await tls.DisposeAsync();
            throw;
        }
    }

    private SslClientAuthenticationOptions OptionsFor(string host, Action<string?> found) => new()
    {
        TargetHost = host,
        EnabledSslProtocols = TlsProtocols.Served,
        AllowRenegotiation = false,
        CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
        RemoteCertificateValidationCallback = (_, certificate, chain, _) =>
        {
            var problem = certificate is X509Certificate2 peer
                ? PeerCertificate.Problem(peer, chain?.ChainPolicy.ExtraStore, host, certificates?.TrustedAuthorities, time.GetUtcNow())
                : "the peer has no certificate";
            found(problem);
            return problem is null;
        },
    };
}
