using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Sipstead.Provisioning.Api;

/// <summary>How all JSON resources write.</summary>
public static class JsonStyle
{
    /// <summary>Options for one serializer context: what is absent is left out, and '+' and the like are as they are, so that answers are readable.</summary>
    public static JsonSerializerOptions CreateOptions() => new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };
}
