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
}
