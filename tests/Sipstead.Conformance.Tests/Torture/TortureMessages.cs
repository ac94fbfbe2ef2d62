using Sipstead.Testing;

namespace Sipstead.Conformance.Tests.Torture;

/// <summary>The 49 messages of RFC 4475, octet for octet, and what their table says.</summary>
internal static class TortureMessages
{
    /// <summary>Name to the column <c>parser</c>, of every message in the table.</summary>
    public static Dictionary<string, string> Table() => SharedFiles.Rows("torture", "expect.tsv").ToDictionary(row => row[0][..^4], row => row[4]);

    public static byte[] Read(string name) => File.ReadAllBytes(SharedFiles.Path("torture", name + ".dat"));
}
