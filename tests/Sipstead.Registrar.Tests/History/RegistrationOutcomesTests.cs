using System.Globalization;
using Sipstead.Registrar.History;
using Sipstead.Testing;
using Xunit;

namespace Sipstead.Registrar.Tests.History;

/// <summary>Every outcome has words, and the operations page has the same ones.</summary>
public sealed class RegistrationOutcomesTests
{
    public static TheoryData<RegistrationOutcome> Outcomes => [.. RegistrationOutcomes.All];

    [Theory]
    [MemberData(nameof(Outcomes))]
    public void Words_AreShortSentences(RegistrationOutcome outcome)
    {
        foreach (var words in new[] { RegistrationOutcomes.ReasonOf(outcome), RegistrationOutcomes.AdviceOf(outcome) })
        {
            Assert.True(char.IsUpper(words[0]), words);
            Assert.True(words[^1] is '.' or '?', words);
            Assert.InRange(words.Length, 10, 160);
        }
    }

    [Fact]
    public void Reasons_AreDifferentForEach() =>
        Assert.Equal(RegistrationOutcomes.All.Count, RegistrationOutcomes.All.Select(RegistrationOutcomes.ReasonOf).Distinct().Count());

    [Fact]
    public void OperationsPage_HasEachOutcomeWithTheseWords()
    {
        var rows = File.ReadLines(RepositoryPaths.In("docs", "operations.md"))
            .SkipWhile(line => !line.StartsWith("## Why does a phone not register?", StringComparison.Ordinal))
            .Where(line => line.StartsWith("| `", StringComparison.Ordinal))
            .Select(line => line.Split('|', StringSplitOptions.TrimEntries)[1..^1]);
        Assert.Equal(RegistrationOutcomes.All.Select(Row), rows);
    }

    private static string[] Row(RegistrationOutcome outcome) =>
    [
        $"`{outcome}`", RegistrationOutcomes.StatusOf(outcome)?.ToString(CultureInfo.InvariantCulture) ?? "", RegistrationOutcomes.ReasonOf(outcome),
        RegistrationOutcomes.AdviceOf(outcome),
    ];
}
