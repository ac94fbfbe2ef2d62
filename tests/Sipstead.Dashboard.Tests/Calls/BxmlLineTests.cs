using Sipstead.Dashboard.Calls;
using Sipstead.Voice.Bxml;
using Sipstead.Voice.Bxml.Runs;

namespace Sipstead.Dashboard.Tests.Calls;

public sealed class BxmlLineTests
{
    [Theory]
    [InlineData("a\nb\nc")]
    [InlineData("a\r\nb\r\nc")]
    [InlineData("a\rb\rc")]
    [InlineData("a\u2028\nb\fb\nc")] // what ends lines elsewhere does not in XML
    public void Lines_AreCountedAsXmlCountsThem(string text) => Assert.Equal([1, 2, 3], BxmlLine.Of(SomeCall.Run(text)).Select(line => line.Number));

    [Fact]
    public void RanVerbs_StandOnTheirLine_InOrder()
    {
        var run = SomeCall.Run("<Response>\n<Pause/><Ring/>\n</Response>", null, Verb("Pause", 2), Verb("Ring", 2));

        var lines = BxmlLine.Of(run);

        Assert.Equal(["Pause", "Ring"], lines[1].Verbs.Select(verb => verb.Name));
        Assert.Empty(lines[0].Verbs);
        Assert.All(lines, line => Assert.Null(line.Error));
    }

    [Theory]
    [InlineData("abc", 1, "", "a", "bc")]
    [InlineData("abc", 3, "ab", "c", "")]
    [InlineData("abc", 4, "abc", " ", "")]
    [InlineData("abc", 400, "abc", " ", "")]
    [InlineData("abc", 0, "", "a", "bc")]
    [InlineData("", 1, "", " ", "")]
    [InlineData("a😀b", 2, "a", "😀", "b")]
    public void Error_MarksItsCharacter(string text, int column, string before, string at, string after)
    {
        var line = Assert.Single(BxmlLine.Of(SomeCall.Run(text, new BxmlError(1, column, null, null, "Wrong."))));

        Assert.Equal((before, at, after), line.Parts);
    }

    [Fact]
    public void LongDocument_IsCut()
    {
        var run = SomeCall.Run(new string('\n', BxmlLine.Maximum));

        Assert.Equal(BxmlLine.Maximum, BxmlLine.Of(run).Count);
        Assert.True(BxmlLine.IsCut(run));
        Assert.False(BxmlLine.IsCut(SomeCall.Run(new string('\n', BxmlLine.Maximum - 1))));
    }

    private static RanVerb Verb(string name, int line) => new(name, line, 2, SomeCall.Start, SomeCall.Start.AddSeconds(1), VerbEnd.Done);
}
