using Sipstead.Sip.Messages;
using Sipstead.Sip.Parsing;
using Sipstead.Sip.Transport;
using Sipstead.Sip.Uas;
using Sipstead.Sip.Writing;
using Sipstead.Testing.Sip;
using Xunit;

namespace Sipstead.Sip.Tests.Fuzzing;

/// <summary>S-30: an octet put into a header's name makes it no name or another name, for us and for any reader that keeps to the grammar.</summary>
public sealed class HeaderSmugglingTests
{
    private static readonly string[] Lines =
        ["X-Internal: 1", "To: <sip:b@example.com>", "Contact: <sip:c@192.0.2.10>", "P-Asserted-Identity: <sip:d@example.com>", "Content-Length: 0"];

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(-1)]
    public void S_30_OctetInAName_IsRefusedOrMakesAnotherName(int place)
    {
        foreach (var line in Lines)
        {
            var name = line[..line.IndexOf(':', StringComparison.Ordinal)];
            var at = place < 0 ? name.Length : place;
            for (var octet = 0; octet < 256; octet++)
            {
                var inserted = (char)octet;
                var octets = MessageWith(name, line.Insert(at, $"{inserted}"));
                SipOracle.AssertPlainReaderAgrees(octets);
                var message = ParsedMessage.Datagram(octets);
                if (message.Error != SipError.None) continue;
                if (inserted is ' ' or '\t') Assert.Equal(place == 0 ? 7 : 8, message.HeaderCount); // a folded line; or blanks before the colon, as they may stand
                else if (inserted != ':') Assert.True(IsUnknown(message, name.Insert(at, $"{inserted}")), $"{octet:x2} in {name}");
            }
        }
    }

    [Fact]
    public void S_30_OctetAtTheEndOfALine_IsRefusedOrPartOfItsValue()
    {
        foreach (var line in Lines)
        {
            for (var octet = 0; octet < 256; octet++)
            {
                var octets = MessageWith(line[..line.IndexOf(':', StringComparison.Ordinal)], line + (char)octet);
                SipOracle.AssertPlainReaderAgrees(octets);
                var message = ParsedMessage.Datagram(octets);
                if (message.Error != SipError.None) continue;
                Assert.NotEqual('\r', (char)octet);
                Assert.NotEqual('\n', (char)octet);
                Assert.Equal(8, message.HeaderCount); // no line more and none less
            }
        }
    }

    /// <summary>What is asked of us is copied where it must be, and nothing else of it.</summary>
    [Fact]
    public void S_30_Answer_CopiesOnlyTheHeadersOfAnAnswer()
    {
        const string headers = "X-Internal: mark\r\nP-Asserted-Identity: <sip:mark@h>\r\nRoute: <sip:mark;lr>\r\nRecord-Route: <sip:mark;lr>\r\nContact: <sip:mark@h>\r\n";
        using var meters = new CountingMeters();
        var core = new UasCore([], new NoBatch(), new ToTagFactory(), new SipMetrics(meters));
        foreach (var method in (string[])["OPTIONS", "INVITE", "BYE", "FROBNICATE"])
        {
            var reply = new SipReply();
            reply.Reset(new byte[4000], default);
            core.Receive(ParsedMessage.Datagram(new RequestText { Method = method, Headers = headers }.ToOctets()), default, reply);
            Assert.DoesNotContain("mark", ParsedMessage.Text(reply.Writer.Written), StringComparison.Ordinal);
            Assert.StartsWith("SIP/2.0 ", ParsedMessage.Text(reply.Writer.Written), StringComparison.Ordinal);
        }
    }

    /// <summary>Long and short names are one header, in any case.</summary>
    [Theory]
    [InlineData("t: <sip:x@example.com>\r\n")]
    [InlineData("TO: <sip:x@example.com>\r\n")]
    [InlineData("to \t: <sip:x@example.com>\r\n")]
    [InlineData("i: 1\r\n")]
    [InlineData("l: 0\r\n")]
    [InlineData("L:0\r\n")]
    [InlineData("f: <sip:x@example.com>\r\n")]
    public void S_30_SingleHeaderUnderItsOtherName_IsStillTheSecond(string line) =>
        Assert.Equal(SipError.RepeatedHeader, ParsedMessage.ErrorOf(new RequestText { Headers = line }));

    /// <summary>Eight headers, one of them the given line.</summary>
    private static byte[] MessageWith(string name, string line)
    {
        var headers = new List<string> { "Via: SIP/2.0/UDP h;branch=z9hG4bKx", "From: <sip:a@h>;tag=1", "To: <sip:b@h>", "Call-ID: x", "CSeq: 1 OPTIONS", "Contact: <sip:a@h>", "Content-Length: 0", "Max-Forwards: 70" };
        headers.RemoveAt(headers.FindIndex(header => header.StartsWith(name + ":", StringComparison.Ordinal)) is >= 0 and var at ? at : headers.Count - 1);
        headers.Insert(4, line);
        return System.Text.Encoding.Latin1.GetBytes($"OPTIONS sip:h SIP/2.0\r\n{string.Join("\r\n", headers)}\r\n\r\n");
    }

    private static bool IsUnknown(SipMessage message, string name)
    {
        foreach (ref readonly var header in message.Headers)
        {
            if (ParsedMessage.Text(message.NameOf(header)) == name) return header.Id == HeaderId.Other;
        }

        return false;
    }

    private sealed class NoBatch : IRequestBatch
    {
        public bool Commit() => true;
    }
}
