using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Sipstead.Provisioning.Api;

[JsonSerializable(typeof(ErrorBody))]
[JsonSerializable(typeof(NumberBody))]
[JsonSerializable(typeof(NumbersBody))]
[JsonSerializable(typeof(TrunkBody))]
[JsonSerializable(typeof(IEnumerable<TrunkBody>))]
[JsonSerializable(typeof(UserBody))]
[JsonSerializable(typeof(IEnumerable<UserBody>))]
internal sealed partial class AccountJson : JsonSerializerContext
{
    /// <summary>What JSON resources write with: what is absent is left out, and text is as readable as can be.</summary>
    public static AccountJson Api { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
