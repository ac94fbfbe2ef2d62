using Sipstead.Testing;

namespace Sipstead.Dns.Tests;

/// <summary>The query vectors that stand beside the repository, in <c>shared/vectors/dns</c>; a test that needs one is skipped without them.</summary>
internal static class DnsVectors
{
    public static byte[] Load(string file) => File.ReadAllBytes(SharedFiles.Path("vectors", "dns", file));
}
