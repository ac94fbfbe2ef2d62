using Sipstead.Testing;

namespace Sipstead.Architecture.Tests;

/// <summary>docs/rfc-matrix.md names the tests that there are, all of them, and no others.</summary>
public sealed class RfcMatrixTests
{
    private static readonly string[] Areas = ["MSG", "TPT", "TXN", "UAS", "REG", "URI", "AUTH", "DLG", "PRX", "OA", "MED", "DNS"];

    [Fact]
    public void Matrix_NamesTheTestsOfTheDuties()
    {
        var inPage = File.ReadAllText(RepositoryPaths.In("docs", "rfc-matrix.md")).Split('`').Where(IsDutyTest).ToHashSet();
        var inCode = RepositoryPaths.Files("*.cs").SelectMany(File.ReadLines).Select(TestName).OfType<string>().Where(IsDutyTest).ToHashSet();
        Assert.True(inCode.Count > 100);
        Findings.ShouldBeNone(inCode.Except(inPage).Select(name => $"{name} is not in docs/rfc-matrix.md"));
        Findings.ShouldBeNone(inPage.Except(inCode).Select(name => $"{name} is in docs/rfc-matrix.md, and there is no such test"));
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
    private static bool IsDutyTest(string name) =>
        name.Split('_') is [var area, { Length: 2 } number, _, ..] && Areas.Contains(area) && number.All(char.IsAsciiDigit);
}
