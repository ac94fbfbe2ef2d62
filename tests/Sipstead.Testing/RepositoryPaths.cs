namespace Sipstead.Testing;

/// <summary>Where things are in the checkout that the tests were built from.</summary>
public static class RepositoryPaths
{
    private static readonly string[] SourceFolders = ["src", "tests", "bench"];

    /// <summary>The folder that holds Sipstead.slnx.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The folder <c>shared</c> beside the repository, with references and vectors; null where it is absent.</summary>
    public static string? Shared => Path.GetFullPath(Path.Combine(Root, "..", "shared")) is var path && Directory.Exists(path) ? path : null;

    /// <summary>A path below <see cref="Root"/>.</summary>
    public static string In(params ReadOnlySpan<string> parts) => Path.Combine([Root, .. parts]);

    /// <summary>Every C# source, without what the build makes.</summary>
    public static IEnumerable<string> SourceFiles() => Files("*.cs");

    /// <summary>Every file below src, tests and bench whose name fits, without what the build makes.</summary>
    public static IEnumerable<string> Files(string pattern) =>
        from top in SourceFolders
        from file in Directory.EnumerateFiles(In(top), pattern, SearchOption.AllDirectories)
        where !IsBuildOutput(Path.GetRelativePath(Root, file))
        select file;

    private static bool IsBuildOutput(string path) => path.Split(Path.DirectorySeparatorChar) is var parts && (parts.Contains("bin") || parts.Contains("obj"));

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Sipstead.slnx"))) return folder.FullName;
        }

        throw new InvalidOperationException($"No folder above {AppContext.BaseDirectory} holds Sipstead.slnx.");
    }
}
