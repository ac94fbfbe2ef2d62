using System.Text;
using Sipstead.Sip.Messages;
using Sipstead.Sip.Parsing;
using Sipstead.Testing.Sip;
using Xunit;

namespace Sipstead.Sip.Tests.Messages;

public sealed class HeaderParametersTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData(";a", "a")]
    [InlineData(";a=b", "a=b")]
    [InlineData(" ; a\t= b ;c", "a=b|c")]
    [InlineData(";a=\"x;y=\\\"z\";b=1", "a=\"x;y=\\\"z\"|b=1")]
    [InlineData(";received=2001:db8::1;maddr=[2001:db8::1]", "received=2001:db8::1|maddr=[2001:db8::1]")]
    public void MoveNext_WellFormed_GivesEachInOrder(string text, string expected)
    {
        Assert.Equal(expected, Read(text, out var malformed));
        Assert.False(malformed);
        Assert.True(HeaderParameters.AreValid(Encoding.Latin1.GetBytes(text)));
    }

    [Theory]
    [InlineData("a=b")]
    [InlineData(";")]
    [InlineData(";;a")]
    [InlineData(";a=")]
    [InlineData(";a= ;b")]
    [InlineData(";a b")]
    [InlineData(";a,b")]
    [InlineData(";a=\"open")]
    [InlineData(";a=\"escaped end\\\"")]
    [InlineData(";a=\"x\"y")]
    [InlineData(";a=\x00")]
    [InlineData(";\xe9=b")]
    public void MoveNext_Malformed_SaysSo(string text)
    {
        Read(text, out var malformed);
        Assert.True(malformed);
        Assert.False(HeaderParameters.AreValid(Encoding.Latin1.GetBytes(text)));
    }

    [Fact]
    public void TryFind_IgnoresCase_AndTheFirstWins()
    {
        Assert.True(HeaderParameters.TryFind(";x;TaG=1;tag=2"u8, "tag"u8, out var value));
        Assert.Equal("1", ParsedMessage.Text(value));
        Assert.False(HeaderParameters.TryFind(";x;y"u8, "tag"u8, out value));
        Assert.True(value.IsEmpty);
    }

    [Theory]
    [InlineData(SipLimits.Parameters, true)]
    [InlineData(SipLimits.Parameters + 1, false)]
    public void AreValid_NumberOfParameters_IsLimited(int count, bool valid) =>
        Assert.Equal(valid, HeaderParameters.AreValid(Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, count).Select(i => $";p{i}=v")))));

    private static string Read(string text, out bool malformed)
    {
        var walker = new HeaderParameters(Encoding.Latin1.GetBytes(text));
        var parts = new List<string>();
        while (walker.MoveNext()) parts.Add(ParsedMessage.Text(walker.Name) + (walker.HasValue ? "=" + ParsedMessage.Text(walker.Value) : ""));
        malformed = walker.IsMalformed;
        return string.Join('|', parts);
    }
}
