using System.Collections.Frozen;
using System.Globalization;
using System.Text.Json;
using Sipstead.Provisioning.Store;

namespace Sipstead.Provisioning.Audit;

/// <summary>How much of a column an entry tells.</summary>
internal enum AuditVisibility
{
    /// <summary>Only that it changed; also what nobody has thought about.</summary>
    Changed,

    /// <summary>Its values.</summary>
    Value,

    /// <summary>Its values without user information and query, where people put secrets.</summary>
    Url,

    /// <summary>Nothing: it follows from others, or the entry names it elsewhere.</summary>
    None,
}

/// <summary>Which columns of the tables an entry tells, and how.</summary>
internal static class AuditFields
{
    private const int MaximumLength = AuditEntry.MaximumNameLength;
    private const string Masked = "…";

    private static readonly FrozenDictionary<Type, FrozenDictionary<string, AuditVisibility>> Known = new Dictionary<Type, FrozenDictionary<string, AuditVisibility>>
    {
        [typeof(Account)] = Of(value: "SipPort SipEnabled Hex", none: "Id"),
        [typeof(ApiUser)] = Of(changed: "PasswordHash", none: "Id Name MustChangePassword"),
        [typeof(ApiUserRole)] = Of(value: "Role", none: "ApiUserId AccountId"),
        [typeof(Realm)] = Of(value: "Fqdn Description IsDefault DigestAlgorithms MediaEncryption", none: "Id AccountId Name Status"),
        [typeof(SipCredential)] = Of(
            value: "RealmId ApplicationId", changed: "Hash1 Hash1b Hash1Sha256 Hash1bSha256 Hash1Sha512256 Hash1bSha512256",
            none: "Id UserName UserNameKey HasDomain HashRevision"),
        [typeof(Application)] = Of(
            value: "ServiceType Name Voice.CallInitiatedMethod Voice.FallbackMethod Voice.CallStatusMethod Voice.UserId Voice.FallbackUserId Voice.TimeoutSeconds "
                + "Messaging.InboundUserId Messaging.OutboundUserId Messaging.RequestedTypes Messaging.MsgUserId",
            url: "Voice.CallInitiatedUrl Voice.FallbackUrl Voice.CallStatusUrl Messaging.InboundUrl Messaging.OutboundUrl Messaging.MsgUrl Messaging.CallbackUrl",
            changed: "Voice.Password Voice.FallbackPassword", none: "Id AccountId NameKey IsSealed"),
        [typeof(Site)] = Of(value: "Name Description", changed: "OtherElements", none: "Id AccountId"),
        [typeof(Location)] = Of(value: "SiteId Name Description IsDefault ApplicationId", changed: "OtherElements", none: "Id"),
        [typeof(PhoneNumber)] = Of(value: "LocationId", none: "AccountId Number"),
        [typeof(Trunk)] = Of(
            value: "Name IsEnabled Priority Host Port Transport UserName Sources Outbound CallerIds", changed: "Password", none: "Id AccountId"),
        [typeof(TrunkRoute)] = Of(value: "Pattern ApplicationId LocationId", none: "TrunkId Ordinal"),
        [typeof(RealmSerial)] = Of(none: "Id Value"),
        [typeof(Recording)] = Of(
            none: "Id AccountId Kind OwnerId ApplicationId To From IsInbound ParentCallId TransferCallerId TransferTo StartTime EndTime Duration Channels Format Status Octets "
                + "TranscriptionId TranscriptionStatus TranscriptionTime"),
        [typeof(AuditEntry)] = Of(none: "Id At AccountId Actor Via Source Action Kind ResourceId FirstId LastId Name Count Names Changes"),
    }.ToFrozenDictionary();

    /// <summary>How much of a column is told.</summary>
    /// <param name="row">The type of the row.</param>
    /// <param name="path">The property, with the complex one it is part of and a dot before it.</param>
    public static AuditVisibility VisibilityOf(Type row, string path) =>
        Known.TryGetValue(row, out var columns) && columns.TryGetValue(path, out var visibility) ? visibility : AuditVisibility.Changed;

    /// <summary>Whether somebody has thought about a column.</summary>
    public static bool IsKnown(Type row, string path) => Known.TryGetValue(row, out var columns) && columns.ContainsKey(path);

    /// <summary>The name of a column in entries.</summary>
    public static string NameOf(string path) => path == nameof(ApiUser.PasswordHash)
        ? "password"
        : string.Join('.', path.Split('.').Select(JsonNamingPolicy.CamelCase.ConvertName));

    /// <summary>What is told of a change.</summary>
    public static AuditChange Tell(string field, AuditVisibility visibility, object? old, object? now) => visibility switch
    {
        AuditVisibility.Value => new AuditChange(field, Text(old), Text(now)),
        AuditVisibility.Url => new AuditChange(field, Text(WithoutSecrets(old)), Text(WithoutSecrets(now))),
        _ => new AuditChange(field, null, null, Secret: true),
    };

    /// <summary>A text that is not too long for a row.</summary>
    public static string Cut(string text) => text.Length <= MaximumLength ? text : string.Concat(text.AsSpan(0, MaximumLength - 1), Masked);

    private static string? Text(object? value) => value switch
    {
        null => null,
        bool flag => flag ? "true" : "false",
        Enum choice => choice.ToString().ToLowerInvariant(),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => Cut(value.ToString()!),
    };

    /// <summary>Of a URL scheme, host and path.</summary>
    private static string? WithoutSecrets(object? value)
    {
        if (value is not string text) return null;
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url)) return Masked;
        var user = url.UserInfo.Length > 0 ? Masked + "@" : "";
        return $"{url.Scheme}://{user}{url.Authority}{url.AbsolutePath}{(url.Query.Length > 0 ? "?" + Masked : "")}";
    }

    private static FrozenDictionary<string, AuditVisibility> Of(string value = "", string url = "", string changed = "", string none = "") =>
        new[] { (value, AuditVisibility.Value), (url, AuditVisibility.Url), (changed, AuditVisibility.Changed), (none, AuditVisibility.None) }
            .SelectMany(group => group.Item1.Split(' ', StringSplitOptions.RemoveEmptyEntries), (group, path) => (path, group.Item2))
            .ToFrozenDictionary(column => column.path, column => column.Item2);
}
