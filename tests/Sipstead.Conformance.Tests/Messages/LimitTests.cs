using Sipstead.Sip.Parsing;
using Sipstead.Testing.Sip;
using Xunit;

namespace Sipstead.Conformance.Tests.Messages;

/// <summary>MSG-19: each limit just below, at, and just above it, and the status of its answer.</summary>
public sealed class LimitTests
{
    [Theory]
    [InlineData(-1, SipError.None)]
    [InlineData(0, SipError.None)]
    [InlineData(1, SipError.RequestUriTooLong)]
    public void MSG_19_RequestUri(int beyond, SipError error)
    {
        const string scheme = "sip:a@h;x=";
        var uri = scheme + new string('u', SipLimits.RequestUri + beyond - scheme.Length);
        Assert.Equal(error, ParsedMessage.ErrorOf(new RequestText { Uri = uri }));
        Assert.Equal(414, SipErrors.StatusOf(SipError.RequestUriTooLong));
    }

    [Theory]
    [InlineData(-1, SipError.None)]
    [InlineData(0, SipError.None)]
    [InlineData(1, SipError.LineTooLong)]
    public void MSG_19_Line(int beyond, SipError error)
    {
        Assert.Equal(error, ParsedMessage.ErrorOf(new RequestText { Headers = "Y: " + new string('x', SipLimits.Line + beyond - 3) + "\r\n" }));
        Assert.Equal(error, ParsedMessage.ErrorOf(new RequestText { Headers = "Y: x\r\n " + new string('x', SipLimits.Line + beyond - 7) + "\r\n" }));
        Assert.Equal(400, SipErrors.StatusOf(SipError.LineTooLong));
    }

    [Theory]
    [InlineData(-1, SipError.None)]
    [InlineData(0, SipError.None)]
    [InlineData(1, SipError.HeaderSectionTooLarge)]
    public void MSG_19_HeaderSection(int beyond, SipError error)
    {
        var size = SipLimits.HeaderSection + beyond - new RequestText().ToString().Length;
        var lines = string.Concat(Enumerable.Repeat("Y: " + new string('x', 995) + "\r\n", size / 1000 - 1));
        var request = new RequestText { Headers = lines + "Y: " + new string('x', size - lines.Length - 5) + "\r\n" };
        Assert.Equal(SipLimits.HeaderSection + beyond, request.ToString().Length);
        Assert.Equal(error, ParsedMessage.ErrorOf(request));
        Assert.Contains($" {error}\n", StreamReading.Whole(request.ToOctets())[0], StringComparison.Ordinal);
        Assert.Equal(StreamReading.Whole(request.ToOctets()), StreamReading.Read(request.ToOctets(), 4096, out _));
        Assert.Equal(513, SipErrors.StatusOf(SipError.HeaderSectionTooLarge));
    }

    [Theory]
    [InlineData(-1, SipError.None)]
    [InlineData(0, SipError.None)]
    [InlineData(1, SipError.TooManyHeaders)]
    public void MSG_19_HeaderCount(int beyond, SipError error)
    {
        var others = SipLimits.Headers + beyond - 7; // Via, Max-Forwards, From, To, Call-ID, CSeq, Content-Length
        Assert.Equal(error, ParsedMessage.ErrorOf(new RequestText { Headers = string.Concat(Enumerable.Repeat("Y: x\r\n", others)) }));
        Assert.Equal(513, SipErrors.StatusOf(SipError.TooManyHeaders));
    }

    [Theory]
    [InlineData(-1, SipError.None)]
    [InlineData(0, SipError.None)]
    [InlineData(1, SipError.TooManyVias)]
    public void MSG_19_ViaCount(int beyond, SipError error)
    {
        var vias = Enumerable.Repeat("SIP/2.0/UDP h;branch=z9hG4bKx", SipLimits.Vias + beyond).ToList();
        Assert.Equal(error, ParsedMessage.ErrorOf(new RequestText { Via = string.Join(", ", vias) }));
        Assert.Equal(error, ParsedMessage.ErrorOf(new RequestText { Via = string.Join("\r\nv: ", vias) }));
    }

    [Theory]
    [InlineData(-1, SipError.None)]
    [InlineData(0, SipError.None)]
    [InlineData(1, SipError.BadFrom)]
    public void MSG_19_ParameterCount(int beyond, SipError error)
    {
        var parameters = string.Concat(Enumerable.Range(0, SipLimits.Parameters + beyond).Select(i => $";p{i}"));
        Assert.Equal(error, ParsedMessage.ErrorOf(new RequestText { From = "<sip:a@h>" + parameters }));
        Assert.Equal(error, ParsedMessage.ErrorOf(new RequestText { From = $"<sip:a@h{parameters}>" }));
    }

    [Theory]
    [InlineData(-1, SipError.None)]
    [InlineData(0, SipError.None)]
    [InlineData(1, SipError.MessageTooLarge)]
    public void MSG_19_MessageOnAStream(int beyond, SipError error)
    {
        var empty = new RequestText { ContentLength = "65000" }.ToString().Length;
        var request = new RequestText { Body = new string('b', SipLimits.StreamMessage + beyond - empty) };
        var octets = request.ToOctets();
        Assert.Equal(SipLimits.StreamMessage + beyond, octets.Length);
        Assert.Contains($" {error}\n", StreamReading.Read(octets, octets.Length, out var broken)[0], StringComparison.Ordinal);
        Assert.Equal(error != SipError.None, broken);
        Assert.Equal(513, SipErrors.StatusOf(SipError.MessageTooLarge));
    }

    [Fact]
    public void MSG_19_MessageOfADatagram_MayBeTheLargest()
    {
        var empty = new RequestText { ContentLength = "65000" }.ToString().Length;
        Assert.Equal(SipError.None, ParsedMessage.ErrorOf(new RequestText { Body = new string('b', SipLimits.Datagram - empty) }));
    }
}
