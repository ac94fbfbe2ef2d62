using Sipstead.Sip.Messages;
using Sipstead.Sip.Parsing;
using Sipstead.Testing.Sip;
using Xunit;

namespace Sipstead.Sip.Tests.Parsing;

public sealed class SipParserTests
{
    private const string Rest = "Via: SIP/2.0/UDP h;branch=z9hG4bK1\r\nFrom: <sip:a@h>;tag=1\r\nTo: <sip:a@h>\r\nCall-ID: c\r\nCSeq: 1 OPTIONS\r\n\r\n";

    [Fact]
    public void TryParseDatagram_Request_IsIndexed()
    {
        var message = ParsedMessage.Datagram(new RequestText { Method = "MESSAGE", Headers = "X-Own:  a b \t\r\nM: <sip:a@h>\r\n", Body = "hi\0\xff" }.ToOctets());

        Assert.Equal(SipError.None, message.Error);
        Assert.True(message.IsRequest);
        Assert.True(message.HasStartLine);
        Assert.Equal(SipMethod.Message, message.Method);
        Assert.Equal("MESSAGE", ParsedMessage.Text(message.MethodToken));
        Assert.Equal("sip:example.com", ParsedMessage.Text(message.RequestUri));
        Assert.Equal(9, message.HeaderCount);
        Assert.Equal("a b", message.Value("x-own"));
        Assert.Equal("<sip:a@h>", ParsedMessage.Text(message.Value(HeaderId.Contact)));
        Assert.Equal(4, message.ContentLength);
        Assert.Equal("hi\0\xff", ParsedMessage.Text(message.Body));
    }

    [Theory]
    [InlineData("SIP/2.0 200 OK", 200, "OK")]
    [InlineData("SIP/2.0 100 ", 100, "")]
    [InlineData("SIP/2.0 100", 100, "")]
    [InlineData("sip/2.0 699 \xc3\xa9 \xff", 699, "\xc3\xa9 \xff")]
    public void TryParseDatagram_Response_IsIndexed(string startLine, int status, string reason)
    {
        var message = ParsedMessage.Datagram(startLine + "\r\n" + Rest);

        Assert.Equal(SipError.None, message.Error);
        Assert.False(message.IsRequest);
        Assert.True(message.HasStartLine);
        Assert.Equal(status, message.StatusCode);
        Assert.Equal(reason, ParsedMessage.Text(message.Reason));
    }

    [Theory]
    [InlineData("SIP/2.0 99 Low", SipError.BadStatusCode)]
    [InlineData("SIP/2.0 099 Low", SipError.BadStatusCode)]
    [InlineData("SIP/2.0 700 High", SipError.BadStatusCode)]
    [InlineData("SIP/2.0 4294967301 Wrapped", SipError.BadStatusCode)]
    [InlineData("SIP/2.0 +20 Sign", SipError.BadStatusCode)]
    [InlineData("SIP/2.0", SipError.BadStatusCode)]
    [InlineData("SIP/3.0 200 OK", SipError.BadVersion)]
    [InlineData("OPTIONS sip:h", SipError.BadStartLine)]
    [InlineData("OPTIONS  sip:h SIP/2.0", SipError.BadStartLine)]
    [InlineData("OPTIONS sip:h  SIP/2.0", SipError.BadStartLine)]
    [InlineData("OPTIONS sip:h SIP/2.0 ", SipError.BadStartLine)]
    [InlineData("OPTIONS sip:a h SIP/2.0", SipError.BadStartLine)]
    [InlineData("OPTIONS sip:h HTTP/1.1", SipError.BadStartLine)]
    [InlineData("OPTIONS sip:h SIP/2", SipError.BadStartLine)]
    [InlineData("OPTIONS sip:h SIP/.0", SipError.BadStartLine)]
    [InlineData("OPTIONS sip:h SIP/2.", SipError.BadStartLine)]
    [InlineData(" OPTIONS sip:h SIP/2.0", SipError.NotSip)]
    [InlineData("OPT\0IONS sip:h SIP/2.0", SipError.NotSip)]
    [InlineData("OPTIONS\tsip:h SIP/2.0", SipError.NotSip)]
    [InlineData("OPTIONS", SipError.NotSip)]
    [InlineData("", SipError.NotSip)]
    public void TryParseDatagram_BadStartLine_NamesTheError(string startLine, SipError error) =>
        Assert.Equal(error, ParsedMessage.Datagram(startLine + "\r\n" + Rest).Error);

    [Theory]
    [InlineData("No-Colon\r\n", SipError.BadHeaderName)]
    [InlineData(": no name\r\n", SipError.BadHeaderName)]
    [InlineData("Two Words: x\r\n", SipError.BadHeaderName)]
    [InlineData("\x85Subject: x\r\n", SipError.BadHeaderName)]
    [InlineData("Subject: a\nFrom: b\r\n", SipError.BareLineBreak)]
    [InlineData("Subject: a\rFrom: b\r\n", SipError.BareLineBreak)]
    [InlineData("Subject: a\r\r\n", SipError.BareLineBreak)]
    [InlineData("Subject: a\r\n\tb\n c\r\n", SipError.BareLineBreak)]
    [InlineData("CSeq: 2 OPTIONS\r\n", SipError.RepeatedHeader)]
    [InlineData("i: d\r\n", SipError.RepeatedHeader)]
    [InlineData("Content-Length: -1\r\n", SipError.BadContentLength)]
    [InlineData("Content-Length: 4294967296\r\n", SipError.BadContentLength)]
    [InlineData("Content-Length:\r\n", SipError.BadContentLength)]
    [InlineData("Content-Length: 9\r\n", SipError.TruncatedBody)]
    [InlineData("Subject\r\n : folded before the colon\r\n", SipError.BadHeaderName)]
    public void TryParseDatagram_BadHeader_NamesTheError(string lines, SipError error) =>
        Assert.Equal(error, ParsedMessage.Datagram(new RequestText { Headers = lines, ContentLength = "" }.ToOctets()).Error);

    [Fact]
    public void TryParseDatagram_BareLineBreakAfterStartLine_IsRefused() =>
        Assert.Equal(SipError.BareLineBreak, ParsedMessage.Datagram("OPTIONS sip:h SIP/2.0\n" + Rest).Error);

    [Fact]
    public void TryParseDatagram_FoldedLineAfterStartLine_IsRefused() =>
        Assert.Equal(SipError.FoldedFirstLine, ParsedMessage.Datagram("OPTIONS sip:h SIP/2.0\r\n x: y\r\n" + Rest).Error);

    [Theory]
    [InlineData("a\r\n b", "a b")]
    [InlineData("a\r\n\t \t b", "a b")]
    [InlineData("a  \t\r\n b", "a b")]
    [InlineData("\r\n a", "a")]
    [InlineData("a\r\n b\r\n\tc\r\n d", "a b c d")]
    [InlineData("a\r\n \r\n b", "a b")]
    [InlineData("a\r\n ", "a")]
    [InlineData("\"quoted\r\n text\"", "\"quoted text\"")]
    [InlineData("\r\n ", "")]
    public void TryParseDatagram_FoldedLine_IsJoinedWithOneSpace(string value, string joined)
    {
        var message = ParsedMessage.Datagram(new RequestText { Headers = $"Subject:{value}\r\nX-Behind: here\r\n", Body = "body" }.ToOctets());

        Assert.Equal(SipError.None, message.Error);
        Assert.Equal(joined, ParsedMessage.Text(message.Value(HeaderId.Subject)));
        Assert.Equal("here", message.Value("X-Behind"));
        Assert.Equal("body", ParsedMessage.Text(message.Body));
    }

    [Fact]
    public void TryParseDatagram_SecondTimeOverTheSameOctets_GivesTheSame()
    {
        var octets = new RequestText { Headers = "Subject: a\r\n  b\r\n\tc\r\nX: \r\n y\r\n", Body = "body" }.ToOctets();
        var message = new SipMessage();
        SipParser.TryParseDatagram(octets, 0, octets.Length, message);
        var first = MessageSnapshot.Of(message);
        SipParser.TryParseDatagram(octets, 0, octets.Length, message);
        Assert.Equal(first, MessageSnapshot.Of(message));
    }

    [Fact]
    public void TryParseDatagram_MessageUsedAgain_KeepsNothing()
    {
        var full = new RequestText { Headers = "Contact: <sip:a@h>\r\n", Body = "x" }.ToOctets();
        var bare = "SIP/2.0 200 OK\r\n\r\n"u8.ToArray();
        var message = new SipMessage();
        SipParser.TryParseDatagram(full, 0, full.Length, message);
        SipParser.TryParseDatagram(bare, 0, bare.Length, message);

        Assert.False(message.Has(HeaderId.Contact));
        Assert.Equal(0, message.HeaderCount);
        Assert.Equal(-1, message.ContentLength);
        Assert.True(message.RequestUri.IsEmpty);
        Assert.True(message.Body.IsEmpty);
    }

    [Fact]
    public void ErrorOffset_PointsAtTheBadLine()
    {
        var text = new RequestText { Headers = "Bad Name: x\r\n" }.ToString();
        Assert.Equal(text.IndexOf("Bad Name", StringComparison.Ordinal), ParsedMessage.Datagram(text).ErrorOffset);
    }

    [Fact]
    public void Errors_EachHasAStatusAndWords()
    {
        foreach (var error in Enum.GetValues<SipError>().Where(e => e is not (SipError.None or SipError.NotSip or SipError.BadStatusCode)))
        {
            Assert.InRange(SipErrors.StatusOf(error), 400, 513);
            Assert.NotEqual("Bad Request", ParsedMessage.Text(SipErrors.ReasonOf(error)));
        }
    }
}
