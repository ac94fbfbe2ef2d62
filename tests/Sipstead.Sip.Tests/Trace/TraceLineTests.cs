using CsCheck;
using Sipstead.Sip.Tests.Parsing;
using Sipstead.Sip.Trace;
using Sipstead.Testing.Fuzzing;
using Sipstead.Testing.Sip;
using Xunit;

namespace Sipstead.Sip.Tests.Trace;

public sealed class TraceLineTests
{
    [Fact]
    public void Request_IsNamedByItsMethod()
    {
        var request = new RequestText { Method = "INVITE", CallId = "call", CSeq = "7 INVITE", Headers = "Content-Type: application/sdp; a=b\r\n", Body = "v=0" };
        var line = TraceLine.Of(TraceFixture.MessageOf(request.ToString()));
        Assert.Equal(new TraceLine("INVITE", 0, "", 7, "call", HasSdp: true), line);
        Assert.Equal("INVITE", line.Title);
    }

    [Theory]
    [InlineData("180 Ringing", "Ringing")]
    [InlineData("180 ", "")]
    public void Response_IsNamedByItsStatus(string status, string reason)
    {
        var line = TraceLine.Of(TraceFixture.MessageOf($"SIP/2.0 {status}\r\ni: call\r\nCSeq: 7 INVITE\r\n\r\n"));
        Assert.Equal(new TraceLine("INVITE", 180, reason, 7, "call", HasSdp: false), line);
        Assert.Equal(status.Trim(), line.Title);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\0\0\0")]
    [InlineData("\r\n\r\n")]
    public void WhatIsNoSip_IsCalledSo(string text) => Assert.Equal("Not SIP", TraceLine.Of(TraceFixture.MessageOf(text)).Title);

    [Fact]
    public void FoldedLine_IsReadWithoutATrace()
    {
        const string text = "OPTIONS sip:h SIP/2.0\r\nCall-ID:\r\n call\r\nCSeq: 1\r\n OPTIONS\r\n\r\n";
        var message = TraceFixture.MessageOf(text);
        Assert.Equal(("call", 1u), (TraceLine.Of(message).CallId, TraceLine.Of(message).CSeq));
        Assert.Equal(text, TraceFixture.TextOf(message));
    }

    [Fact]
    public void DamagedMessages_NeverThrow() => Gen.Select(MessageGenerator.Requests, Gen.Int).Sample(
        (generated, damage) =>
        {
            var octets = Mutations.Apply([generated.ToOctets()], new Random(damage));
            Assert.NotEmpty(TraceLine.Of(TraceFixture.MessageOf(ParsedMessage.Text(octets))).Title);
        },
        seed: "0N0XIzNsQ0O2",
        iter: 2_000);
}
