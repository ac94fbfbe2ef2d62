using System.Reflection;
using System.Xml.Linq;
using Sipstead.Testing;

namespace Sipstead.Architecture.Tests;

/// <summary>The projects below src, from their files and from their assemblies.</summary>
internal static class Projects
{
    private const string Prefix = "Sipstead.";

    /// <summary>Short names: Sip, Dns, Server ...</summary>
    public static IReadOnlyList<string> Names { get; } =
        [.. ProjectFiles("src").Select(Path.GetFileNameWithoutExtension).Select(name => name![Prefix.Length..]).Order(StringComparer.Ordinal)];

    public static IEnumerable<string> ProjectFiles(string folder) =>
        Directory.EnumerateFiles(RepositoryPaths.In(folder), "*.csproj", SearchOption.AllDirectories);

    public static Assembly AssemblyOf(string name) => Assembly.Load(name == "Server" ? "sipstead" : Prefix + name);

    /// <summary>What the project file refers to, of ours.</summary>
    public static IEnumerable<string> DeclaredReferences(string name) =>
        from reference in XDocument.Load(RepositoryPaths.In("src", Prefix + name, Prefix + name + ".csproj")).Descendants("ProjectReference")
        select Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value)![Prefix.Length..];

    /// <summary>What the compiled assembly really uses, of ours.</summary>
    public static IEnumerable<string> UsedReferences(string name) =>
        from reference in AssemblyOf(name).GetReferencedAssemblies()
        let assembly = reference.Name!
        where assembly.StartsWith(Prefix, StringComparison.Ordinal)
        select assembly[Prefix.Length..];
}
