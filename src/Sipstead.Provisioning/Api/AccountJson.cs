using System.Text.Json.Serialization;

namespace Sipstead.Provisioning.Api;

[JsonSerializable(typeof(AuditBody))]
[JsonSerializable(typeof(ErrorBody))]
[JsonSerializable(typeof(NumberBody))]
[JsonSerializable(typeof(NumbersBody))]
[JsonSerializable(typeof(TrunkBody))]
[JsonSerializable(typeof(IEnumerable<TrunkBody>))]
[JsonSerializable(typeof(UserBody))]
[JsonSerializable(typeof(IEnumerable<UserBody>))]
internal sealed partial class AccountJson : JsonSerializerContext
{
    /// <summary>What the JSON resources of accounts write with.</summary>
    public static AccountJson Api { get; } = new(JsonStyle.CreateOptions());
}
