using Sipstead.Sip.Messages;
using Sipstead.Sip.Parsing;
using Sipstead.Testing.Sip;
using Xunit;

namespace Sipstead.Sip.Tests.Messages;

public sealed class SipMessageCopyTests
{
    private static readonly byte[] Invite = new RequestText
    {
        Method = "INVITE", Headers = "Contact: <sip:a@h>, <sip:b@h>\r\nSubject: folded\r\n line\r\n", Body = "v=0",
    }.ToOctets();

    [Fact]
    public void Copy_StaysWhenTheLoopGoesOn()
    {
        var buffer = (byte[])Invite.Clone();
        var message = new SipMessage();
        SipParser.TryParseDatagram(buffer, 0, buffer.Length, message);
        var before = MessageSnapshot.Of(message);

        var copy = message.Copy();
        Array.Fill(buffer, (byte)'x');
        SipParser.TryParseDatagram(buffer, 0, buffer.Length, message);

        Assert.Equal(before, MessageSnapshot.Of(copy));
        Assert.True(SipRequest.TryRead(copy, out var request, out _));
        Assert.Equal("88a7s", ParsedMessage.Text(request.From.Tag));
        Assert.Equal(["<sip:a@h>", "<sip:b@h>"], copy.All(HeaderId.Contact));
        Assert.Equal("v=0", ParsedMessage.Text(copy.BodyMemory.Span));
    }

    [Fact]
    public void Copy_OfMalformedAndOfResponse_SaysTheSame()
    {
        foreach (var text in new[] { "SIP/2.0 183 Progress\r\nVia: SIP/2.0/UDP h;branch=z9hG4bK1\r\n\r\n", "INVITE  sip:x SIP/2.0\r\nX\r\n\r\n", "" })
        {
            var message = ParsedMessage.Datagram(text);
            Assert.Equal(MessageSnapshot.Of(message), MessageSnapshot.Of(message.Copy()));
        }
    }

    [Fact]
    public void Copy_HoldsWhatItNeeds_NoMore()
    {
        var message = ParsedMessage.Datagram(Invite);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var copy = message.Copy();
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 1, Invite.Length + 1000);
        GC.KeepAlive(copy);
    }
}
