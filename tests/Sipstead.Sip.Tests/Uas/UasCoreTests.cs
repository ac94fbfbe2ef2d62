using System.Net;
using System.Text;
using Sipstead.Sip.Messages;
using Sipstead.Sip.Transport;
using Sipstead.Sip.Uas;
using Sipstead.Sip.Writing;
using Sipstead.Testing.Registrar;
using Sipstead.Testing.Sip;
using Xunit;

namespace Sipstead.Sip.Tests.Uas;

public sealed class UasCoreTests : IDisposable
{
    private const string Allow = "REGISTER, ACK, BYE, CANCEL, OPTIONS";

    private static readonly SipFlow Flow = new(
        SipTransport.Udp, new TransportAddress(IPEndPoint.Parse("192.0.2.10:40000")), new TransportAddress(IPEndPoint.Parse("192.0.2.1:5060")), 0);

    private readonly CountingMeters _meters = new();
    private readonly CountingHandler _register = new(SipMethod.Register);
    private readonly UasCore _core;

    public UasCoreTests()
    {
        var options = new OptionsHandler(new OneDomain());
        _core = new UasCore([_register, options], new FixedBatch(), new ToTagFactory(), new SipMetrics(_meters));
        options.Describe(_core);
    }

    public void Dispose() => _meters.Dispose();

    [Fact]
    public void Receive_MethodWithHandler_ReachesIt()
    {
        Assert.Equal(200, Send(new RequestText { Method = "REGISTER" })!.Status);
        Assert.Equal(1, _register.Count);
    }

    [Theory]
    [InlineData("NEWMETHOD", 501)]
    [InlineData("register", 501)]
    [InlineData("INVITE", 405)]
    [InlineData("MESSAGE", 405)]
    [InlineData("SUBSCRIBE", 405)]
    public void Receive_MethodWithoutHandler_IsRefusedWithAllow(string method, int status)
    {
        var answer = Send(new RequestText { Method = method });
        Assert.Equal(status, answer!.Status);
        Assert.Equal(Allow, answer.One("Allow"));
    }

    [Theory]
    [InlineData("tel:+15551234")]
    [InlineData("nobodyKnowsThisScheme:totallyopaquecontent")]
    public void Receive_OtherScheme_Gets416(string uri)
    {
        Assert.Equal(416, Send(new RequestText { Method = "REGISTER", Uri = uri })!.Status);
        Assert.Equal(0, _register.Count);
    }

    [Theory]
    [InlineData("Require: a\r\n", "a")]
    [InlineData("Require: a , b\r\nSubject: x\r\nrequire: c\r\n", "a, b, c")]
    [InlineData("Require: a,,b,\r\n", "a, b")]
    public void Receive_Require_Gets420WithExactlyTheTags(string headers, string unsupported)
    {
        var answer = Send(new RequestText { Method = "REGISTER", Headers = headers });
        Assert.Equal(420, answer!.Status);
        Assert.Equal(unsupported, answer.One("Unsupported"));
        Assert.Equal(0, _register.Count);
    }

    [Theory]
    [InlineData("Proxy-Require: a\r\n")]
    [InlineData("Supported: path, outbound\r\n")]
    public void Receive_ProxyRequireOrSupported_IsNoReasonToRefuse(string headers) =>
        Assert.Equal(200, Send(new RequestText { Method = "REGISTER", Headers = headers })!.Status);

    [Theory]
    [InlineData("Content-Type: application/unknownformat\r\n")]
    [InlineData("Content-Type: text/plain;charset=utf-8\r\n")]
    [InlineData("Content-Type: application/sdp\r\nContent-Encoding: gzip\r\n")]
    public void Receive_UnknownBody_Gets415WithAccept(string headers)
    {
        var answer = Send(new RequestText { Method = "REGISTER", Headers = headers, Body = "x" });
        Assert.Equal(415, answer!.Status);
        Assert.Equal("application/sdp, multipart/mixed", answer.One("Accept"));
        Assert.Equal("identity", answer.One("Accept-Encoding"));
        Assert.Equal("en", answer.One("Accept-Language"));
        Assert.Equal(0, _register.Count);
    }

    [Theory]
    [InlineData("Content-Type: application/SDP ; x=y\r\n")]
    [InlineData("c: multipart/mixed;boundary=b\r\n")]
    [InlineData("")]
    [InlineData("Content-Type: text/plain\r\nContent-Disposition: render;handling=OPTIONAL\r\n")]
    [InlineData("Content-Type: application/sdp\r\nContent-Encoding: identity\r\n")]
    public void Receive_KnownOrOptionalBody_IsTaken(string headers) =>
        Assert.Equal(200, Send(new RequestText { Method = "REGISTER", Headers = headers, Body = "x" })!.Status);

    [Fact]
    public void Receive_UnknownTypeWithoutBody_IsTaken() =>
        Assert.Equal(200, Send(new RequestText { Method = "REGISTER", Headers = "Content-Type: text/plain\r\n" })!.Status);

    [Theory]
    [InlineData("CANCEL")]
    [InlineData("BYE")]
    public void Receive_CancelAndBye_Get481(string method) => Assert.Equal(481, Send(new RequestText { Method = method })!.Status);

    [Fact]
    public void Receive_CancelWithRequire_Gets481_ForRequireIsIgnoredThere() =>
        Assert.Equal(481, Send(new RequestText { Method = "CANCEL", Headers = "Require: a\r\n" })!.Status);

    [Theory]
    [InlineData("")]
    [InlineData("Require: a\r\n")]
    [InlineData("Bad Name: x\r\n")]
    [InlineData("Content-Length: 99\r\n")]
    public void Receive_Ack_IsNeverAnswered(string headers) => Assert.Null(Send(new RequestText { Method = "ACK", Headers = headers, ContentLength = "" }));

    [Theory]
    [InlineData("SIP/2.0 200 OK", "sipstead.sip.dropped stray response")]
    [InlineData("SIP/2.0 999 Bad", "sipstead.sip.malformed BadStatusCode")]
    [InlineData("garbage", null)]
    public void Receive_ResponsesAndGarbage_AreDropped(string startLine, string? counter)
    {
        var text = new RequestText().ToString();
        Assert.Null(Send(startLine + text[text.IndexOf("\r\n", StringComparison.Ordinal)..]));
        if (counter is not null) Assert.Equal(1, _meters[counter]);
    }

    [Fact]
    public void Receive_WithoutVia_IsDropped()
    {
        Assert.Null(Send(new RequestText().ToString().Replace("Via:", "X-Via:", StringComparison.Ordinal)));
        Assert.Equal(1, _meters["sipstead.sip.malformed MissingVia"]);
    }

    [Theory]
    [InlineData("From:", "400 Missing From Header")]
    [InlineData("To:", "400 Missing To Header")]
    [InlineData("Call-ID:", "400 Missing Call-ID Header")]
    [InlineData("CSeq:", "400 Missing CSeq Header")]
    public void Receive_WithoutMandatoryHeader_GetsA400ThatNamesIt(string header, string expected)
    {
        var answer = Send(new RequestText().ToString().Replace("\r\n" + header, "\r\nX-" + header, StringComparison.Ordinal));
        Assert.Equal("SIP/2.0 " + expected, answer!.StatusLine);
        Assert.Empty(answer.All(header.TrimEnd(':')));
    }

    [Theory]
    [InlineData("sip:example.com", 200)]
    [InlineData("sip:nobody@EXAMPLE.COM", 200)]
    [InlineData("sip:192.0.2.1:5060", 200)]
    [InlineData("sip:192.0.2.2", 404)]
    [InlineData("sip:elsewhere.example", 404)]
    public void Options_ForOurDomainsAndAddress_IsAnswered(string uri, int status)
    {
        var answer = Send(new RequestText { Uri = uri });
        Assert.Equal(status, answer!.Status);
        if (status != 200) return;
        Assert.Equal(Allow, answer.One("Allow"));
        Assert.NotNull(answer.One("Accept"));
        Assert.NotNull(answer.One("Accept-Encoding"));
        Assert.NotNull(answer.One("Accept-Language"));
        Assert.NotNull(answer.One("Supported"));
    }

    [Fact]
    public void Receive_Twice_GivesTheSameToTag()
    {
        var request = new RequestText { Method = "NEWMETHOD" };
        Assert.Equal(Send(request)!.One("To"), Send(request)!.One("To"));
    }

    [Fact]
    public void Refuse_Writes503WithRetryAfter()
    {
        var reply = new SipReply();
        reply.Reset(new byte[2000], Flow.Source);
        _core.Refuse(ParsedMessage.Datagram(new RequestText { Method = "REGISTER" }.ToOctets()), Flow, reply);
        var answer = new SipResponseText(reply.Writer.Written);
        Assert.Equal(503, answer.Status);
        Assert.NotNull(answer.One("Retry-After"));
        Assert.Equal("a84b4c76e66710@192.0.2.10", answer.One("Call-ID"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Commit_IsThatOfTheBatch(bool succeeds) =>
        Assert.Equal(succeeds, new UasCore([], new FixedBatch(succeeds), new ToTagFactory(), new SipMetrics(_meters)).Commit());

    private SipResponseText? Send(RequestText request) => Send(request.ToString());

    private SipResponseText? Send(string text)
    {
        var reply = new SipReply();
        reply.Reset(new byte[8000], Flow.Source);
        _core.Receive(ParsedMessage.Datagram(Encoding.Latin1.GetBytes(text)), Flow, reply);
        Assert.False(reply.Writer.Overflowed);
        return reply.Writer.Length == 0 ? null : new SipResponseText(reply.Writer.Written);
    }
}
