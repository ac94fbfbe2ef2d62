using Microsoft.Extensions.Logging;

namespace Sipstead.Registrar;

/// <summary>Log messages of the registrar. Ids 3000 to 3199; an id is never used again for another meaning.</summary>
internal static partial class RegistrarLog
{
    [LoggerMessage(3000, LogLevel.Information, "Read the registrations of {Count} addresses-of-record from {Folder}")]
    public static partial void JournalRead(ILogger logger, int count, string folder);

    [LoggerMessage(3001, LogLevel.Warning,
        "The bindings journal {Path} is damaged from octet {At} on; {Octets} octets are left out. Registrations written there come back with the phones' next refresh")]
    public static partial void JournalCut(ILogger logger, string path, long at, long octets);

    [LoggerMessage(3002, LogLevel.Warning, "The bindings journal {Path} is not of this version and is left out")]
    public static partial void JournalUnreadable(ILogger logger, string path);

    [LoggerMessage(3003, LogLevel.Error, "Writing the bindings journal {Path} failed; registrations are answered 503 until it works again")]
    public static partial void JournalFailed(ILogger logger, string path, Exception exception);

    [LoggerMessage(3004, LogLevel.Information, "Writing the bindings journal {Path} works again")]
    public static partial void JournalWorksAgain(ILogger logger, string path);

    [LoggerMessage(3005, LogLevel.Warning, "Compacting the bindings journal failed; it goes on growing until the next try")]
    public static partial void CompactionFailed(ILogger logger, Exception exception);

    [LoggerMessage(3006, LogLevel.Error, "A background step of the registrar failed and is tried again")]
    public static partial void StepFailed(ILogger logger, Exception exception);

    [LoggerMessage(3007, LogLevel.Error, "A subscriber of the registration history failed")]
    public static partial void HistorySubscriberFailed(ILogger logger, Exception exception);

    [LoggerMessage(3008, LogLevel.Warning,
        "{Count} changes in the bindings journal in {Folder} go on from registrations that are lost, and are left out. They come back with the phones' next refresh")]
    public static partial void JournalChangesBaseless(ILogger logger, int count, string folder);

    [LoggerMessage(3100, LogLevel.Warning,
        "Trunk {Name} ({TrunkId} of account {AccountId}) called {Dialled} from {Source}, and no application takes that: give the trunk a route for it")]
    public static partial void NumberOfTrunkUnknown(ILogger logger, string name, long trunkId, long accountId, string dialled, System.Net.IPAddress source);

    /// <summary>What fail2ban reads (docs/operations.md, S-73): its words stay as they are.</summary>
    [LoggerMessage(3060, LogLevel.Warning,
        "Authentication failures from {Source} by {Transport} in realm {Realm} for user {User}: refused for {Seconds} s")]
    public static partial void Refused(ILogger logger, System.Net.IPAddress source, string transport, string realm, string user, int seconds);

    [LoggerMessage(3061, LogLevel.Warning,
        "User {User} of realm {Realm} is under attack: more than {Count} wrong passwords in {Seconds} s, from all sources. Strange sources now have one try")]
    public static partial void UserAttacked(ILogger logger, string realm, string user, int count, int seconds);

    [LoggerMessage(3062, LogLevel.Warning, "Source {Source} is slowed: too many {Reason}")]
    public static partial void SourceSlowed(ILogger logger, System.Net.IPAddress source, string reason);
}
