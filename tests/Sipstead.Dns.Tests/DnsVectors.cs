using Sipstead.Testing;

namespace Sipstead.Dns.Tests;

/// <summary>The query vectors that stand beside the repository, in <c>shared/vectors/dns</c>; a test that needs one is skipped without them.</summary>
internal static class DnsVectors
{
    /// <summary>All of them in order of their names; none where they are absent.</summary>
    public static IEnumerable<byte[]> All() => RepositoryPaths.Shared is { } shared && Directory.Exists(Path.Combine(shared, "vectors", "dns"))
        ? Directory.GetFiles(Path.Combine(shared, "vectors", "dns"), "*.bin").Order(StringComparer.Ordinal).Select(File.ReadAllBytes)
        : [];

    public static byte[] Load(string file) => File.ReadAllBytes(SharedFiles.Path("vectors", "dns", file));
}
