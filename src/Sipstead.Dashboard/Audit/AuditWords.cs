using System.Globalization;
using Sipstead.Provisioning.Audit;

namespace Sipstead.Dashboard.Audit;

/// <summary>The audit in words.</summary>
internal static class AuditWords
{
    /// <summary>Such as "SIP credential".</summary>
    public static string Of(AuditKind kind) => kind switch
    {
        AuditKind.User => "API user",
        AuditKind.Credential => "SIP credential",
        _ => kind.ToString(),
    };

    /// <summary>Such as "created".</summary>
    public static string Of(AuditAction action) => action switch
    {
        AuditAction.Create => "Created",
        AuditAction.Update => "Changed",
        AuditAction.Delete => "Removed",
        AuditAction.SignIn => "Signed in",
        _ => "Exported with hashes",
    };

    /// <summary>How the actor came in, and from where.</summary>
    public static string WayOf(AuditActor actor)
    {
        var way = actor.Via switch
        {
            AuditVia.Basic => "API, password",
            AuditVia.Token => "API, token",
            AuditVia.Dashboard => "dashboard",
            AuditVia.CommandLine => "command line",
            _ => "the server itself",
        };
        return actor.Source is null ? way : $"{way}, {actor.Source}";
    }

    /// <summary>What it was done to.</summary>
    public static string SubjectOf(AuditRecord record)
    {
        if (record.Count > 1) return string.Create(CultureInfo.InvariantCulture, $"{record.Count:N0}: {string.Join(", ", record.Names)}{(record.Count > record.Names.Count ? ", …" : "")}");
        return record.Name ?? record.ResourceId ?? "";
    }
}
