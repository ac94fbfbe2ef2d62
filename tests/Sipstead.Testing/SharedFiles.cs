using Xunit;

namespace Sipstead.Testing;

/// <summary>Test data that lies in <c>shared</c>, beside the repository. A test that needs it is skipped where it is absent.</summary>
public static class SharedFiles
{
    /// <summary>The path of a file or folder below <c>shared</c>.</summary>
    public static string Path(params string[] parts)
    {
        var path = RepositoryPaths.Shared is { } root ? System.IO.Path.Combine([root, .. parts]) : null;
        Assert.SkipUnless(path is not null && System.IO.Path.Exists(path), $"No shared/{string.Join('/', parts)} beside the repository.");
        return path!;
    }

    /// <summary>The rows of a table with tabs, below its heading.</summary>
    public static IEnumerable<string[]> Rows(params string[] parts) =>
        File.ReadLines(Path(parts)).Skip(1).Where(line => line.Length > 0).Select(line => line.Split('\t'));
}
