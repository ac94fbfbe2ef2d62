using System.Text;
using Sipstead.Sip.Parsing;
using Xunit;

namespace Sipstead.Sip.Tests.Parsing;

public sealed class SipNumberTests
{
    [Theory]
    [InlineData("0", 0ul)]
    [InlineData("0068", 68ul)]
    [InlineData("00000000000000000000000000000000000001", 1ul)]
    [InlineData("4294967295", 4294967295ul)]
    public void TryParse_Digits_GivesTheirValue(string text, ulong expected)
    {
        Assert.True(SipNumber.TryParse(Encoding.Latin1.GetBytes(text), uint.MaxValue, out var value));
        Assert.Equal(expected, value);
    }

    [Theory]
    [InlineData("")]
    [InlineData("+5")]
    [InlineData("-5")]
    [InlineData(" 5")]
    [InlineData("5 ")]
    [InlineData("\t5")]
    [InlineData("5\0")]
    [InlineData("5\u00a0")]
    [InlineData("\u00b2")]
    [InlineData("5.0")]
    [InlineData("0x5")]
    [InlineData("5e1")]
    [InlineData("4294967296")]
    [InlineData("36893488147419103232")]
    [InlineData("99999999999999999999999999999999999999999")]
    public void TryParse_AnythingElse_IsRefused(string text) =>
        Assert.False(SipNumber.TryParse(Encoding.Latin1.GetBytes(text), uint.MaxValue, out _));

    [Theory]
    [InlineData("254", true)]
    [InlineData("255", true)]
    [InlineData("256", false)]
    public void TryParse_AtTheBound_IncludesIt(string text, bool accepted)
    {
        Assert.Equal(accepted, SipNumber.TryParse(Encoding.Latin1.GetBytes(text), 255, out int value));
        Assert.Equal(accepted ? int.Parse(text, System.Globalization.CultureInfo.InvariantCulture) : 0, value);
    }
}
