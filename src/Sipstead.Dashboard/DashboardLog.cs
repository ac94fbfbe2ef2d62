using Microsoft.Extensions.Logging;

namespace Sipstead.Dashboard;

/// <summary>What the dashboard logs, ids 9000 to 9999.</summary>
internal static partial class DashboardLog
{
    [LoggerMessage(9000, LogLevel.Error, "A page of the dashboard failed")]
    public static partial void PageFailed(ILogger logger, Exception error);

    [LoggerMessage(9001, LogLevel.Information, "{User} signed in to the dashboard from {Address}")]
    public static partial void SignedIn(ILogger logger, string user, string? address);

    [LoggerMessage(9002, LogLevel.Warning, "A sign-in to the dashboard from {Address} was refused: {Reason}")]
    public static partial void SignInRefused(ILogger logger, string? address, string reason);

    [LoggerMessage(9003, LogLevel.Warning, "The list of ended sessions {File} cannot be written, a sign-out does not outlive a restart: {Reason}")]
    public static partial void EndedSessionsNotKept(ILogger logger, string file, string reason);

    [LoggerMessage(9004, LogLevel.Information, "{User} imported {Count} credentials into realm {Realm} of account {Account}")]
    public static partial void CredentialsImported(ILogger logger, string user, int count, string realm, long account);

    [LoggerMessage(9005, LogLevel.Warning, "{User} exported credentials of account {Account} with their hashes")]
    public static partial void HashesExported(ILogger logger, string user, long account);

    [LoggerMessage(9006, LogLevel.Error, "The sign-in of {User} to the dashboard could not be written to the audit")]
    public static partial void SignInNotAudited(ILogger logger, string user, Exception failure);
}
