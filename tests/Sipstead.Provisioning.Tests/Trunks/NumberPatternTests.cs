using CsCheck;
using Sipstead.Provisioning.Trunks;

namespace Sipstead.Provisioning.Tests.Trunks;

/// <summary>Patterns of telephone numbers: what is one, what it matches, and which of several is meant.</summary>
public sealed class NumberPatternTests
{
    private static NumberPattern Pattern(string text) =>
        NumberPattern.TryParse(text, out var pattern) ? pattern : throw new ArgumentException(text);

    [Theory]
    [InlineData("+12025550100", true)]
    [InlineData("+1202555????", true)]
    [InlineData("+49*", true)]
    [InlineData("*", true)]
    [InlineData("0?*", true)]
    [InlineData("+*", true)]
    [InlineData("911", true)]
    [InlineData("", false)]
    [InlineData("+", false)]
    [InlineData("1+", false)]
    [InlineData("*1", false)]
    [InlineData("**", false)]
    [InlineData("+1 202", false)]
    [InlineData("x", false)]
    [InlineData("\u0661", false)]
    [InlineData("+12345678901234567", false)]
    [InlineData(null, false)]
    public void TryParse_TakesDigitsWildcardsAndOnePlus(string? text, bool expected)
    {
        Assert.Equal(expected, NumberPattern.TryParse(text, out var pattern));
        Assert.Equal(expected ? text : null, pattern?.ToString());
    }

    [Theory]
    [InlineData("+12025550100", "+12025550100", true)]
    [InlineData("+12025550100", "+120255501000", false)]
    [InlineData("+1202555????", "+12025550199", true)]
    [InlineData("+1202555????", "+1202555019", false)]
    [InlineData("+1202555????", "+1202555019x", false)]
    [InlineData("+49*", "+49", true)]
    [InlineData("+49*", "+4930123456", true)]
    [InlineData("+49*", "+4", false)]
    [InlineData("*", "anything", true)]
    [InlineData("?", "+", false)]
    public void Matches_DigitsByDigitsAndTheRest(string pattern, string number, bool expected) =>
        Assert.Equal(expected, Pattern(pattern).Matches(number));

    [Fact]
    public void TryParse_AnyText_NeverThrows_AndNoMatchDoes() =>
        Gen.Select(Gen.Char["+0123456789?*# "].Array[0, 20], Gen.Char.Array[0, 20]).Sample((text, number) =>
        {
            if (NumberPattern.TryParse(new string(text), out var pattern)) pattern.Matches(number);
        });

    /// <summary>A number matches its own digits however many of them are made wildcards, and the more are left the more the pattern weighs.</summary>
    [Fact]
    public void Matches_TheNumberItWasMadeOf()
    {
        var digits = Gen.Char['0', '9'].Array[1, 15].Select(chars => new string(chars));
        Gen.Select(digits, Gen.Int[0, 14], Gen.Bool).Sample((number, at, isOpen) =>
        {
            at %= number.Length;
            var open = isOpen ? number[..at] + "*" : number[..at] + "?" + number[(at + 1)..];
            Assert.True(Pattern(number).Matches(number));
            Assert.True(Pattern(open).Matches(number));
            Assert.True(Pattern(number).Weight > Pattern(open).Weight);
            Assert.False(Pattern(number).Matches(number + "0"));
        });
    }
}
