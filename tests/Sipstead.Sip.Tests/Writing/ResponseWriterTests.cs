using System.Net;
using Sipstead.Sip.Transport;
using Sipstead.Sip.Writing;
using Sipstead.Testing.Registrar;
using Sipstead.Testing.Sip;
using Xunit;

namespace Sipstead.Sip.Tests.Writing;

public sealed class ResponseWriterTests
{
    private static readonly TransportAddress Local = new(IPEndPoint.Parse("198.51.100.1:5060"));

    [Theory]
    [InlineData("192.0.2.10:40000", "SIP/2.0/UDP 192.0.2.10:5062;branch=b", "SIP/2.0/UDP 192.0.2.10:5062;branch=b")]
    [InlineData("192.0.2.10:40000", "SIP/2.0/UDP 192.0.2.10;rport;branch=b", "SIP/2.0/UDP 192.0.2.10;rport=40000;branch=b;received=192.0.2.10")]
    [InlineData("192.0.2.10:40000", "SIP/2.0/UDP 10.0.0.1;branch=b", "SIP/2.0/UDP 10.0.0.1;branch=b;received=192.0.2.10")]
    [InlineData("192.0.2.10:40000", "SIP/2.0/UDP phone.example;branch=b", "SIP/2.0/UDP phone.example;branch=b;received=192.0.2.10")]
    [InlineData("192.0.2.10:40000", "SIP/2.0/UDP h;received=203.0.113.9;branch=b", "SIP/2.0/UDP h;branch=b;received=192.0.2.10")]
    [InlineData("192.0.2.10:40000", "SIP/2.0/UDP h;rport=1;branch=b;x=\"q;=\"", "SIP/2.0/UDP h;rport=1;branch=b;x=\"q;=\";received=192.0.2.10")]
    [InlineData("192.0.2.10:40000", "SIP/2.0/UDP 192.0.2.10;keep;branch=b", "SIP/2.0/UDP 192.0.2.10;keep=30;branch=b")]
    [InlineData("192.0.2.10:40000", "SIP/2.0/UDP 192.0.2.10;keep=5;branch=b", "SIP/2.0/UDP 192.0.2.10;keep=5;branch=b")]
    [InlineData("[2001:db8::9]:40000", "SIP/2.0/UDP [2001:db8::9];branch=b", "SIP/2.0/UDP [2001:db8::9];branch=b")]
    [InlineData("[2001:db8::9]:40000", "SIP/2.0/UDP [2001:db8::1];rport;branch=b", "SIP/2.0/UDP [2001:db8::1];rport=40000;branch=b;received=2001:db8::9")]
    public void Begin_TopVia_SaysWhereTheRequestCameFrom(string source, string via, string expected) =>
        Assert.Equal(expected, Answer(new RequestText { Via = via }, source).All("Via")[0]);

    [Fact]
    public void Begin_LowerVias_AreNeverMoreOctetsThanCame()
    {
        var commas = new string(',', 100);
        var answer = Answer(new RequestText { Via = "SIP/2.0/UDP a;rport" + commas, Headers = $"v: {commas}\r\n" });
        Assert.Equal(["SIP/2.0/UDP a;rport=40000;received=192.0.2.10", commas[1..], commas], answer.All("Via"));
    }

    [Fact]
    public void Begin_LowerVias_AreCopiedInOrder()
    {
        var answer = Answer(new RequestText { Via = "SIP/2.0/UDP a;rport;keep, SIP/2.0/UDP b;rport;keep", Headers = "v: SIP/2.0/UNKNOWN c;received=x\r\n" });
        Assert.Equal(["SIP/2.0/UDP b;rport;keep", "SIP/2.0/UNKNOWN c;received=x"], answer.All("Via").Skip(1));
    }

    [Fact]
    public void Begin_Headers_AreCopiedAndTheToTagIsAdded()
    {
        var answer = Answer(new RequestText { From = "\"A\" <sip:a@h>;tag=1", To = "sip:b@h;x=y", CallId = "c@d", CSeq = "7 OPTIONS" });
        Assert.Equal("SIP/2.0 486 Busy", answer.StatusLine);
        Assert.Equal("\"A\" <sip:a@h>;tag=1", answer.One("From"));
        Assert.Equal("sip:b@h;x=y;tag=00000000000000ab", answer.One("To"));
        Assert.Equal("c@d", answer.One("Call-ID"));
        Assert.Equal("7 OPTIONS", answer.One("CSeq"));
        Assert.Equal("0", answer.One("Content-Length"));
    }

    [Fact]
    public void Begin_ToWithTag_KeepsIt() => Assert.Equal("<sip:b@h>;tag=x", Answer(new RequestText { To = "<sip:b@h>;tag=x" }).One("To"));

    [Fact]
    public void Begin_NoTag_IsForProvisional100() => Assert.Equal("<sip:b@h>", Answer(new RequestText { To = "<sip:b@h>" }, tag: 0).One("To"));

    [Theory]
    [InlineData("SIP/2.0/UDP 10.0.0.1;rport;branch=b", "192.0.2.10:40000")]
    [InlineData("SIP/2.0/UDP 10.0.0.1;branch=b", "192.0.2.10:5060")]
    [InlineData("SIP/2.0/UDP 10.0.0.1:5070;branch=b", "192.0.2.10:5070")]
    [InlineData("SIP/2.0/UDP 10.0.0.1:5070;maddr=203.0.113.1;branch=b", "192.0.2.10:5070")]
    [InlineData("SIP/2.0/UDP 10.0.0.1:5070;received=203.0.113.1;rport=9;branch=b", "192.0.2.10:5070")]
    [InlineData("unreadable", "192.0.2.10:40000")]
    public void Destination_IsAlwaysTheSourceAddress(string via, string expected) =>
        Assert.Equal(expected, ResponseWriter.Destination(ParsedMessage.Datagram(new RequestText { Via = via }.ToOctets()), Flow("192.0.2.10:40000")).ToString());

    [Fact]
    public void ToTag_IsTheSameForOneRequest_AndAnotherForOthers()
    {
        var tags = new ToTagFactory();
        var request = new RequestText();
        var first = tags.Create(ParsedMessage.Datagram(request.ToOctets()));
        Assert.Equal(first, tags.Create(ParsedMessage.Datagram(request.ToOctets())));
        Assert.NotEqual(first, tags.Create(ParsedMessage.Datagram((request with { CallId = "other" }).ToOctets())));
        Assert.NotEqual(first, tags.Create(ParsedMessage.Datagram((request with { From = "<sip:alice@example.com>;tag=2" }).ToOctets())));
        Assert.NotEqual(first, tags.Create(ParsedMessage.Datagram((request with { Via = "SIP/2.0/UDP h;branch=z9hG4bK2" }).ToOctets())));
        Assert.NotEqual(first, new ToTagFactory().Create(ParsedMessage.Datagram(request.ToOctets())));
    }

    private static SipResponseText Answer(RequestText request, string source = "192.0.2.10:40000", ulong tag = 0xAB)
    {
        var writer = new SipWriter();
        writer.Reset(new byte[4000]);
        ResponseWriter.Begin(writer, ParsedMessage.Datagram(request.ToOctets()), Flow(source), 486, "Busy"u8, tag);
        ResponseWriter.End(writer);
        Assert.False(writer.Overflowed);
        return new SipResponseText(writer.Written);
    }

    private static SipFlow Flow(string source) => new(SipTransport.Udp, new TransportAddress(IPEndPoint.Parse(source)), Local, 0);
}
