using System.Text.Json.Serialization;
using Sipstead.Provisioning.Api;

namespace Sipstead.Provisioning.Audit;

[JsonSerializable(typeof(IReadOnlyList<AuditChange>))]
[JsonSerializable(typeof(IReadOnlyList<string>))]
internal sealed partial class AuditJson : JsonSerializerContext
{
    /// <summary>How lists stand in the rows.</summary>
    public static AuditJson Rows { get; } = new(JsonStyle.CreateOptions());
}
