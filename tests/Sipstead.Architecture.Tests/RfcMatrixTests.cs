using Sipstead.Testing;

namespace Sipstead.Architecture.Tests;

/// <summary>docs/rfc-matrix.md and docs/security.md name the tests that there are, all of them, and no others.</summary>
public sealed class RfcMatrixTests
{
    private static readonly string[] Duties =
        ["MSG", "TPT", "TXN", "UAS", "REG", "URI", "AUTH", "DLG", "PRX", "LOC", "OB", "SES", "OA", "MED", "HIST", "DNS", "TORT", "TORT6", "FUZZ"];

    private static readonly string[] Threats = ["S"];

    [Fact]
    public void Matrix_NamesTheTestsOfTheDuties() => ShouldAgree("rfc-matrix.md", Duties, 100);

    [Fact]
    public void SecurityPage_NamesTheTestsOfTheThreats() => ShouldAgree("security.md", Threats, 0);

    private static void ShouldAgree(string page, string[] areas, int moreThan)
    {
        var inPage = File.ReadAllText(RepositoryPaths.In("docs", page)).Split('`').Where(name => IsTestOf(areas, name)).ToHashSet();
        var inCode = RepositoryPaths.Files("*.cs").SelectMany(File.ReadLines).Select(TestName).OfType<string>().Where(name => IsTestOf(areas, name)).ToHashSet();
        Assert.True(inCode.Count >= moreThan);
        Findings.ShouldBeNone(inCode.Except(inPage).Select(name => $"{name} is not in docs/{page}"));
        Findings.ShouldBeNone(inPage.Except(inCode).Select(name => $"{name} is in docs/{page}, and there is no such test"));
    }

    /// <summary>The name of the method that a line declares, or null.</summary>
    private static string? TestName(string line)
    {
        var declaration = line.Trim();
        if (!declaration.StartsWith("public ", StringComparison.Ordinal)) return null;
        var end = declaration.IndexOf('(', StringComparison.Ordinal);
        return end < 0 ? null : declaration[..end].Split(' ')[^1];
    }

    /// <summary>An area, two digits, and words, such as REG_17_...</summary>
    private static bool IsTestOf(string[] areas, string name) =>
        name.Split('_') is [var area, { Length: 2 } number, _, ..] && areas.Contains(area) && number.All(char.IsAsciiDigit);
}
