using Sipstead.Testing;

namespace Sipstead.Architecture.Tests;

/// <summary>What breaks a rule, each on a line of the failed test's message.</summary>
internal static class Findings
{
    public static void ShouldBeNone(IEnumerable<string> findings)
    {
        var found = findings.Select(line => line.Replace(RepositoryPaths.Root + '/', "", StringComparison.Ordinal)).ToList();
        Assert.True(found.Count == 0, string.Join('\n', found));
    }
}
