using Sipstead.Sip.Messages;
using Sipstead.Testing.Sip;
using Xunit;

namespace Sipstead.Sip.Tests.Messages;

public sealed class HeaderValuesTests
{
    [Theory]
    [InlineData("<sip:a@h>", "<sip:a@h>")]
    [InlineData("a , b,c", "a|b|c")]
    [InlineData("\"x, y\" <sip:a@h;p=1,2?q=3,4>;q=0.5, <sip:b@h>", "\"x, y\" <sip:a@h;p=1,2?q=3,4>;q=0.5|<sip:b@h>")]
    [InlineData("\"quote \\\" , comma\" <sip:a@h>,b", "\"quote \\\" , comma\" <sip:a@h>|b")]
    [InlineData("a,,b,", "a||b|")]
    [InlineData("", "")]
    [InlineData("\"open, b", "\"open, b")]
    [InlineData("<open, b", "<open, b")]
    public void MoveNext_OneLine_SplitsAtCommasOutsideQuotesAndBrackets(string line, string expected) => Assert.Equal(expected, Read($"Contact: {line}\r\n"));

    [Fact]
    public void MoveNext_SeveralLinesLongAndCompact_KeepTheirOrder() =>
        Assert.Equal("a|b|c|d", Read("Contact: a, b\r\nX-Between: x\r\nm: c\r\nCONTACT : d\r\n"));

    [Fact]
    public void MoveNext_NoSuchHeader_GivesNothing() => Assert.Empty(ParsedMessage.Datagram(new RequestText().ToOctets()).All(HeaderId.Contact));

    private static string Read(string headers) => string.Join('|', ParsedMessage.Datagram(new RequestText { Headers = headers }.ToOctets()).All(HeaderId.Contact));
}
