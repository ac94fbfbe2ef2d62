using System.Text.Json.Serialization;

namespace Sipstead.Server.Demo;

[JsonSerializable(typeof(Dictionary<string, string>))]
internal sealed partial class DemoJson : JsonSerializerContext;
