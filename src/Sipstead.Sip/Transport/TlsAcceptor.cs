using System.Net.Security;
using System.Security.Authentication;

namespace Sipstead.Sip.Transport;

/// <summary>
/// The server's side of a TLS handshake: TLS 1.2 and 1.3, without renegotiation, the certificate by SNI (TPT-18). Ciphers are those of the platform, which
/// takes forward-secret ones only.
/// </summary>
internal sealed class TlsAcceptor(ITlsCertificates certificates, SipMetrics metrics, TimeProvider time)
{
    /// <summary>How long a handshake may take, from the first octet of TCP on.</summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Agrees with the peer. Throws <see cref="AuthenticationException"/>, <see cref="IOException"/> or <see cref="OperationCanceledException"/> when that fails.
    /// </summary>
    public async Task<Stream> AcceptAsync(Stream stream, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(Timeout, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        var tls = new SslStream(stream, leaveInnerStreamOpen: false);
        try
        {
            await tls.AuthenticateAsServerAsync((_, hello, _, _) => ValueTask.FromResult(TlsProtocols.ServerOptions(certificates, hello.ServerName)), null, linked.Token);
            await ReleaseBufferAsync(tls);
            return tls;
        }
        catch
        {
            metrics.HandshakeFailed(timeout.IsCancellationRequested ? "timeout" : "refused");
            await tls.DisposeAsync();
            throw;
        }
    }

    /// <summary>SslStream keeps the buffer of the handshake, 8 kB, until a read ends: one that is cancelled beforehand makes it give the buffer back.</summary>
    private static async ValueTask ReleaseBufferAsync(SslStream tls)
    {
        Task cancelled = tls.ReadAsync(Memory<byte>.Empty, new CancellationToken(canceled: true)).AsTask();
        await cancelled.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
