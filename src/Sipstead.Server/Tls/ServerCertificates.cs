using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Sipstead.Server.Configuration;
using Sipstead.Sip.Transport;

namespace Sipstead.Server.Tls;

/// <summary>The certificates of SIP over TLS and https (ruling 19): those of the operator's files, or of the server's own authority.</summary>
internal sealed class ServerCertificates : ITlsCertificates
{
    /// <summary>From when on the end of a certificate is warned of.</summary>
    private static readonly TimeSpan WarnBefore = TimeSpan.FromDays(14);

    private readonly TlsOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly OwnCertificates? _own;
    private volatile Files _files;

    private ServerCertificates(TlsOptions options, OwnAuthority? authority, OwnCertificates? own, Files files, TimeProvider time, ILogger logger)
    {
        _options = options;
        _own = own;
        _files = files;
        _time = time;
        _logger = logger;
        OwnAuthorityPath = authority?.Path;
    }

    /// <summary>What the operator's files hold.</summary>
    private sealed record Files(IReadOnlyList<CertificateFile> Certificates, X509Certificate2Collection Authorities);

    /// <summary>The certificate of the server's own authority, for phones to trust; null when the operator's certificates serve.</summary>
    public string? OwnAuthorityPath { get; }

    public X509Certificate2Collection TrustedAuthorities => _files.Authorities;

    /// <summary>The files that are read.</summary>
    public IEnumerable<string> Paths =>
        [.. _options.Certificates, .. _options.Keys, .. _options.TrustedCertificates.Length > 0 ? [_options.TrustedCertificates] : Array.Empty<string>()];

    /// <summary>Reads the certificates, or makes the server's own authority. Throws <see cref="CertificateException"/>.</summary>
    public static ServerCertificates Open(ServerSettings settings, Func<string, bool> isRealm, TimeProvider time, ILogger logger)
    {
        var options = settings.Tls;
        var files = Read(options);
        if (!options.IsOwnAuthority || !settings.ServesTls)
        {
            var fromFiles = new ServerCertificates(options, null, null, files, time, logger);
            fromFiles.Tell();
            return fromFiles;
        }

        var authority = OwnAuthority.Open(settings.DataDirectory, settings.Dns.BaseDomain, time.GetUtcNow());
        if (authority.IsNew) ServerLog.AuthorityMade(logger, authority.Path);
        var own = new OwnCertificates(authority, settings.Dns.BaseDomain, [IPAddress.Loopback, IPAddress.IPv6Loopback, .. settings.Connection.PublicAddresses], isRealm, time);
        return new ServerCertificates(options, authority, own, files, time, logger);
    }

    public SslStreamCertificateContext Select(string? serverName)
    {
        if (_own is not null) return _own.Select(serverName);
        var all = _files.Certificates;
        return (serverName is null ? null : all.FirstOrDefault(one => one.IsFor(serverName)))?.Context ?? all[0].Context;
    }

    /// <summary>Reads the files anew. What cannot be used is told in one line, and what was there stays.</summary>
    public void Reload()
    {
        try
        {
            var files = Read(_options);
            if (files.Certificates.FirstOrDefault(HasEnded) is { } ended)
                throw new CertificateException($"{ended.Path} has ended on {ended.Certificate.NotAfter:yyyy-MM-dd}.");
            _files = files;
            Tell();
        }
        catch (CertificateException e)
        {
            ServerLog.CertificateKept(_logger, e.Message);
        }
    }

    /// <summary>Warns of certificates that end soon or have ended.</summary>
    public void WarnOfEnds()
    {
        foreach (var one in _files.Certificates.Where(one => one.Certificate.NotAfter.ToUniversalTime() < (_time.GetUtcNow() + WarnBefore).UtcDateTime))
            ServerLog.CertificateEnds(_logger, one.Path, one.Certificate.NotAfter);
    }

    private static Files Read(TlsOptions options) => new(
        [.. options.Certificates.Zip(options.Keys, CertificateFile.Read)],
        options.TrustedCertificates.Length > 0 ? CertificateFile.ReadAuthorities(options.TrustedCertificates) : []);

    private bool HasEnded(CertificateFile one) => one.Certificate.NotAfter.ToUniversalTime() < _time.GetUtcNow().UtcDateTime;

    private void Tell()
    {
        foreach (var one in _files.Certificates) ServerLog.CertificateRead(_logger, one.Path, one.Certificate.NotAfter);
        WarnOfEnds();
    }
}
