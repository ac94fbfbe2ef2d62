namespace Sipstead.Server;

/// <summary>Log messages of the server. Ids 1000 to 1099; an id is never used again for another meaning.</summary>
internal static partial class ServerLog
{
    [LoggerMessage(1000, LogLevel.Information, "Ready after {Elapsed:0.0} s")]
    public static partial void Ready(ILogger logger, double elapsed);

    [LoggerMessage(1001, LogLevel.Error, "The SIP port {Port} of an account could not be opened, its devices cannot register: {Reason}")]
    public static partial void AccountPortFailed(ILogger logger, int port, string reason);

    [LoggerMessage(1002, LogLevel.Warning, "The realm {Fqdn} cannot be published in DNS: {Reason}")]
    public static partial void RealmNotInZone(ILogger logger, string fqdn, string reason);

    [LoggerMessage(1003, LogLevel.Warning, "{Url} is reachable from outside without TLS: passwords of API users travel in the clear")]
    public static partial void UnprotectedUrl(ILogger logger, string url);

    [LoggerMessage(1004, LogLevel.Warning, "The path {Path} is too long for a Unix socket: 'sipstead account' and 'sipstead user' work only while the server is stopped")]
    public static partial void AdminSocketTooLong(ILogger logger, string path);

    [LoggerMessage(1005, LogLevel.Information, "Stopping")]
    public static partial void Stopping(ILogger logger);

    [LoggerMessage(1020, LogLevel.Information, "TLS certificate {Path} is read; it ends on {End:yyyy-MM-dd}")]
    public static partial void CertificateRead(ILogger logger, string path, DateTime end);

    [LoggerMessage(1021, LogLevel.Error, "The TLS certificates that were there before stay in use, the changed ones cannot be used: {Reason}")]
    public static partial void CertificateKept(ILogger logger, string reason);

    [LoggerMessage(1022, LogLevel.Warning, "TLS certificate {Path} ends on {End:yyyy-MM-dd}: put a new one in its place, it is read without a restart")]
    public static partial void CertificateEnds(ILogger logger, string path, DateTime end);

    [LoggerMessage(1023, LogLevel.Information, "A TLS authority was made, as there is no certificate: let phones that check certificates trust {Path}, or set Sipstead__Tls__Certificate and Sipstead__Tls__Key")]
    public static partial void AuthorityMade(ILogger logger, string path);
}
