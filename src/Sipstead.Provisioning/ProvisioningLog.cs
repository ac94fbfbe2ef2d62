using Microsoft.Extensions.Logging;
using Sipstead.Provisioning.View;

namespace Sipstead.Provisioning;

/// <summary>Every log entry of the project. Event ids 5000 to 5099; no hash and no password is ever an argument.</summary>
internal static partial class ProvisioningLog
{
    [LoggerMessage(5000, LogLevel.Error, "A subscriber failed on {Kind} of realm {RealmId}, credential {CredentialId}")]
    public static partial void ChangeHandlerFailed(
        ILogger logger, ProvisioningChangeKind kind, long realmId, long credentialId, Exception failure);

    [LoggerMessage(5001, LogLevel.Information, "Realms put in service: {Created}, removed: {Deleted}")]
    public static partial void RealmsCompleted(ILogger logger, int created, int deleted);

    [LoggerMessage(5002, LogLevel.Error, "Pending realms could not be completed; next try in {Seconds} s")]
    public static partial void RealmsNotCompleted(ILogger logger, double seconds, Exception failure);

    [LoggerMessage(
        5003,
        LogLevel.Error,
        "The callback passwords of {Count} applications were sealed with another key than that in {File}: restore the file, or set the passwords again")]
    public static partial void SecretsNotOpened(ILogger logger, int count, string file);

    [LoggerMessage(5004, LogLevel.Error, "The keys of access tokens could not be written to {File}: tokens will not outlive a restart")]
    public static partial void TokenKeysNotSaved(ILogger logger, string file, Exception failure);

    [LoggerMessage(
        5005,
        LogLevel.Error,
        "The passwords of {Count} trunks were sealed with another key than that in {File}: restore the file, or set the passwords again")]
    public static partial void TrunkSecretsNotOpened(ILogger logger, int count, string file);

    [LoggerMessage(5006, LogLevel.Error, "Old entries of the audit could not be removed; they stay until the next try in an hour")]
    public static partial void AuditNotTrimmed(ILogger logger, Exception failure);

    [LoggerMessage(5007, LogLevel.Error, "The database {Database} cannot be used, requests that need it are answered 503: {Reason}")]
    public static partial void StoreUnavailable(ILogger logger, string database, string reason);

    [LoggerMessage(5008, LogLevel.Information, "The database {Database} can be used again")]
    public static partial void StoreAvailable(ILogger logger, string database);

    [LoggerMessage(5010, LogLevel.Information, "Made the first account {AccountId} and the API user {UserName}")]
    public static partial void Bootstrapped(ILogger logger, long accountId, string userName);

    [LoggerMessage(5020, LogLevel.Information, "{UserName} in account {AccountId}: {Method} {Path} answered {Status}")]
    public static partial void Changed(ILogger logger, string userName, long accountId, string method, string path, int status);

    [LoggerMessage(5021, LogLevel.Warning, "An API request from {Remote} was refused: wrong user name or password")]
    public static partial void AuthenticationRefused(ILogger logger, string? remote);

    [LoggerMessage(5022, LogLevel.Warning, "An API request from {Remote} was turned away: too many passwords wait for verification")]
    public static partial void AuthenticationOverloaded(ILogger logger, string? remote);

    [LoggerMessage(5024, LogLevel.Warning, "An API request from {Remote} has to wait: too many wrong passwords before")]
    public static partial void AuthenticationSlowed(ILogger logger, string? remote);

    [LoggerMessage(5023, LogLevel.Error, "{Method} {Path} failed")]
    public static partial void RequestFailed(ILogger logger, string method, string path, Exception failure);
}
