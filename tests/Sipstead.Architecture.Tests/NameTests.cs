using System.Runtime.CompilerServices;
using Sipstead.Testing;

namespace Sipstead.Architecture.Tests;

/// <summary>Nothing is named for being shared or for helping: a type lives with its one owner and is named for what it is.</summary>
public sealed class NameTests
{
    private static readonly string[] Words =
        ["Common", "Util", "Utils", "Utilities", "Utility", "Shared", "Helper", "Helpers", "Manager", "Managers", "Misc", "Abstractions", "Processor"];

    [Fact]
    public void Projects_AreNamedForTheirSubject() =>
        Findings.ShouldBeNone(
            from file in RepositoryPaths.Files("*.csproj")
            where Path.GetFileNameWithoutExtension(file).Split('.').Intersect(Words, StringComparer.OrdinalIgnoreCase).Any()
            select file);

    [Fact]
    public void Namespaces_AreNamedForTheirSubject() =>
        Findings.ShouldBeNone(
            from file in RepositoryPaths.SourceFiles()
            from line in File.ReadLines(file)
            where line.StartsWith("namespace ", StringComparison.Ordinal)
            where line["namespace ".Length..].TrimEnd(';').Split('.').Intersect(Words, StringComparer.OrdinalIgnoreCase).Any()
            select $"{file}: {line}");

    [Fact]
    public void Types_AreNamedForTheirSubject() =>
        Findings.ShouldBeNone(
            from project in Projects.Names
            from type in Projects.AssemblyOf(project).GetTypes()
            where !type.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false) && Words.Any(word => type.Name.EndsWith(word, StringComparison.Ordinal))
            select type.FullName!);
}
