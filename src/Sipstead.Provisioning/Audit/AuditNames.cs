using System.Text.Json;

namespace Sipstead.Provisioning.Audit;

/// <summary>The names of kinds, actions and ways in as users write and read them.</summary>
public static class AuditNames
{
    /// <summary>Such as <c>credential</c>.</summary>
    public static string Of(AuditKind kind) => Name(kind);

    /// <summary>Such as <c>signIn</c>.</summary>
    public static string Of(AuditAction action) => Name(action);

    /// <summary><c>system</c>, <c>basic</c>, <c>token</c>, <c>dashboard</c> or <c>cli</c>.</summary>
    public static string Of(AuditVia via) => via == AuditVia.CommandLine ? AuditActor.CommandLine.Name : Name(via);

    /// <summary>The kind of a name, in any case; null when it is none.</summary>
    public static AuditKind? ParseKind(string? name) =>
        Enum.GetValues<AuditKind>().Where(kind => string.Equals(Of(kind), name, StringComparison.OrdinalIgnoreCase)).Cast<AuditKind?>().FirstOrDefault();

    private static string Name<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());
}
