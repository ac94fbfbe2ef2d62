using System.Text;
using Sipstead.Sip.Messages;
using Sipstead.Sip.Parsing;
using Sipstead.Testing.Sip;
using Xunit;

namespace Sipstead.Sip.Tests.Parsing;

public sealed class StreamFramerTests
{
    private readonly SipMessage _message = new();

    [Fact]
    public void Frame_EverySplit_WaitsAndThenGivesTheMessage()
    {
        var octets = new RequestText { Headers = "Subject: a\r\n b\r\n", Body = "body" }.ToOctets();
        for (var available = 0; available < octets.Length; available++)
            Assert.Equal(FrameStatus.NeedMoreData, Frame(octets, available, out _));

        Assert.Equal(FrameStatus.Message, Frame(octets, octets.Length, out var length));
        Assert.Equal(octets.Length, length);
        Assert.Equal("body", ParsedMessage.Text(_message.Body));
    }

    [Fact]
    public void Frame_NextMessageBehind_IsLeft()
    {
        var first = new RequestText { Body = "one" }.ToOctets();
        byte[] octets = [.. first, .. new RequestText { Body = "two" }.ToOctets()];

        Assert.Equal(FrameStatus.Message, Frame(octets, octets.Length, out var length));
        Assert.Equal(first.Length, length);
        Assert.Equal("one", ParsedMessage.Text(_message.Body));
    }

    [Theory]
    [InlineData("", SipError.MissingContentLength)]
    [InlineData("Content-Length: -5\r\n", SipError.BadContentLength)]
    [InlineData("Content-Length: five\r\n", SipError.BadContentLength)]
    [InlineData("Content-Length: +5\r\n", SipError.BadContentLength)]
    [InlineData("Content-Length: 5\r\nContent-Length: 5\r\n", SipError.RepeatedHeader)]
    [InlineData("Content-Length: 5\r\nl: 6\r\n", SipError.RepeatedHeader)]
    [InlineData("Content-Length: 70000\r\n", SipError.MessageTooLarge)]
    [InlineData("Content-Length: 2147483647\r\n", SipError.MessageTooLarge)]
    [InlineData("Bad Name: x\r\nContent-Length: 0\nContent-Length: 5\r\n", SipError.BadHeaderName)]
    [InlineData("Bad Name: x\r\nX: a\nContent-Length: 0\r\n", SipError.BadHeaderName)]
    [InlineData("CSeq: 5 OPTIONS\r\nContent-Length: 5\r\nX: a\n\nContent-Length: 5\r\n", SipError.RepeatedHeader)]
    [InlineData("Content-Length: 0\r\n \nSubject: x\r\n", SipError.BareLineBreak)]
    public void Frame_LengthUnknown_IsBroken(string headers, SipError error)
    {
        Assert.Equal(FrameStatus.Broken, Frame(new RequestText { Headers = headers, ContentLength = "" }.ToOctets(), out _));
        Assert.Equal(error, _message.Error);
    }

    [Theory]
    [InlineData("Bad Name: x\r\n", SipError.BadHeaderName)]
    [InlineData("CSeq: 5 OPTIONS\r\n", SipError.RepeatedHeader)]
    public void Frame_BadMessageOfKnownLength_IsAMessage(string headers, SipError error)
    {
        Assert.Equal(FrameStatus.Message, Frame(new RequestText { Headers = headers }.ToOctets(), out _));
        Assert.Equal(error, _message.Error);
    }

    [Fact]
    public void Frame_HeadersThatNeverEnd_BreakAtTheLimitHoweverTheyAreSplit()
    {
        var octets = Encoding.ASCII.GetBytes("OPTIONS sip:h SIP/2.0\r\n" + string.Concat(Enumerable.Repeat("Y: " + new string('x', 500) + "\r\n", 70)) + "\r\n");
        Assert.Equal(FrameStatus.NeedMoreData, Frame(octets, SipLimits.HeaderSection, out _));
        Assert.Equal(FrameStatus.Broken, Frame(octets, SipLimits.HeaderSection + 1, out _));
        Assert.Equal(SipError.HeaderSectionTooLarge, _message.Error);
        Assert.Equal(FrameStatus.Broken, Frame(octets, octets.Length, out _));
        Assert.Equal(SipError.HeaderSectionTooLarge, _message.Error);
    }

    private FrameStatus Frame(byte[] octets, out int length) => Frame(octets, octets.Length, out length);

    private FrameStatus Frame(byte[] octets, int available, out int length)
    {
        byte[] copy = [.. octets.AsSpan(0, available)];
        return StreamFramer.Frame(copy, 0, available, _message, out length);
    }
}
