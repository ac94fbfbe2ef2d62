using Sipstead.Provisioning.Locations;

namespace Sipstead.Provisioning.Tests.Locations;

/// <summary>What is a telephone number, and what a dialled one means.</summary>
public sealed class E164Tests
{
    [Theory]
    [InlineData("+12025550100", true)]
    [InlineData("+491234567890123", true)]
    [InlineData("+4912345678901234", false)]
    [InlineData("+1invalid", false)]
    [InlineData("not a phone number", false)]
    [InlineData("12025550100", false)]
    [InlineData("+02025550100", false)]
    [InlineData("+1", false)]
    [InlineData("+", false)]
    [InlineData("", false)]
    [InlineData("+1202555010٠", false)]
    public void IsNumber_TellsPlusAndDigits(string text, bool expected) => Assert.Equal(expected, E164.IsNumber(text));

    [Theory]
    [InlineData("+442071838750", "+442071838750")]
    [InlineData("2025550100", "+12025550100")]
    [InlineData("12025550100", "+12025550100")]
    [InlineData("1001", null)]
    [InlineData("0123456789", null)]
    [InlineData("alice", null)]
    [InlineData("", null)]
    public void FromDialled_CompletesNumbersOfNorthAmerica(string dialled, string? expected) => Assert.Equal(expected, E164.FromDialled(dialled));
}
