using System.Text.Json;
using Sipstead.Media.Srtp;
using Sipstead.Testing;

namespace Sipstead.Media.Tests.Srtp;

/// <summary>The cases of vectors/srtp.json.</summary>
internal sealed class SrtpVectors
{
    private readonly JsonElement _root = JsonElement.Parse(File.ReadAllBytes(SharedFiles.Path("vectors", "srtp.json")));

    /// <summary>Key and salt of RFC 3711 B.3, which most cases use.</summary>
    public static SrtpKey Key(SrtpSuite suite) =>
        new(suite, Convert.FromHexString("e1f97a0d3e018be0d64fa32c06de4139" + "0ec675ad498afeebb6960b3aabe6"));

    public JsonElement Of(string name) => _root.GetProperty(name);

    public byte[] Octets(string name, string field) => Octets(Of(name), field);

    public static byte[] Octets(JsonElement element, string field) => Convert.FromHexString(element.GetProperty(field).GetString()!);
}
