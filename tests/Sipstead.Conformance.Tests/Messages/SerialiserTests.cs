using System.Net;
using System.Text;
using Sipstead.Sip.Messages;
using Sipstead.Sip.Parsing;
using Sipstead.Sip.Transport;
using Sipstead.Sip.Writing;
using Sipstead.Testing.Registrar;
using Sipstead.Testing.Sip;
using Xunit;

namespace Sipstead.Conformance.Tests.Messages;

/// <summary>MSG duties 20 and 21: what the server writes.</summary>
public sealed class SerialiserTests
{
    private static readonly SipFlow Flow = new(
        SipTransport.Udp, new TransportAddress(IPEndPoint.Parse("192.0.2.10:40000")), new TransportAddress(IPEndPoint.Parse("192.0.2.1:5060")), 0);

    [Fact]
    public void MSG_20_NothingThatAPeerSent_EndsALine()
    {
        for (var octet = 0; octet < 256; octet++)
        {
            var bad = $"x{(char)octet}y";
            var response = Answer(new RequestText { Via = $"SIP/2.0/UDP {bad}", From = bad, To = bad, CallId = bad, CSeq = bad });
            Assert.DoesNotContain('\0', response);
            Assert.Equal(response.Count(c => c == '\r'), response.Split("\r\n").Length - 1);
            Assert.Equal(response.Count(c => c == '\n'), response.Split("\r\n").Length - 1);
        }
    }

    [Fact]
    public void MSG_20_AResponse_ReadsAsWhatWasWritten_WithContentLength()
    {
        var request = new RequestText { Via = "SIP/2.0/UDP 192.0.2.10;branch=z9hG4bKx, SIP/2.0/TCP b", From = "\"A, B\" <sip:a@h>;tag=1", To = "<sip:b@h>;tag=2" };
        var response = ParsedMessage.Datagram(Encoding.Latin1.GetBytes(Answer(request)));
        Assert.Equal(SipError.None, response.Error);
        Assert.Equal(200, response.StatusCode);
        Assert.Equal(["SIP/2.0/UDP 192.0.2.10;branch=z9hG4bKx", "SIP/2.0/TCP b"], response.All(HeaderId.Via));
        Assert.Equal(request.From, ParsedMessage.Text(response.Value(HeaderId.From)));
        Assert.Equal(request.To, ParsedMessage.Text(response.Value(HeaderId.To)));
        Assert.Equal(0, response.ContentLength);
    }

    [Fact]
    public void MSG_21_CallIdsTagsAndBranches_OfOurRequests_AreUnguessable_AndDiffer()
    {
        using var harness = new SessionHarness();
        var (callIds, tags, branches) = (new HashSet<string>(), new HashSet<string>(), new HashSet<string>());
        for (var i = 0; i < 200; i++)
        {
            harness.Call();
            var invite = harness.Flows.Last("INVITE");
            Assert.StartsWith("z9hG4bK", invite.Branch, StringComparison.Ordinal);
            Assert.True(callIds.Add(invite.One("Call-ID")) && tags.Add(invite.FromTag) && branches.Add(invite.Branch["z9hG4bK".Length..]));
        }

        foreach (var made in (HashSet<string>[])[callIds, tags, branches])
        {
            // 32 bits and more: of eight places at least, each takes many values.
            var places = made.Min(text => text.Length);
            Assert.True(Enumerable.Range(0, places).Count(place => made.Select(text => text[place]).Distinct().Count() >= 10) >= 8);
        }
    }

    [Fact]
    public void MSG_21_GeneratedToTags_AreSixtyFourBits_AndDifferFromRequestToRequest()
    {
        var tags = new HashSet<string>();
        var factory = new ToTagFactory();
        for (var i = 0; i < 1000; i++)
        {
            var to = new SipResponseText(Encoding.Latin1.GetBytes(Answer(new RequestText { CallId = $"{i}" }, factory))).One("To")!;
            var tag = to[(to.IndexOf(";tag=", StringComparison.Ordinal) + 5)..];
            Assert.Equal(16, tag.Length);
            Assert.True(tags.Add(tag));
        }

        for (var digit = 0; digit < 16; digit++) Assert.Equal(16, tags.Select(t => t[digit]).Distinct().Count());
    }

    private static string Answer(RequestText request, ToTagFactory? tags = null)
    {
        var message = ParsedMessage.Datagram(request.ToOctets());
        var writer = new SipWriter();
        writer.Reset(new byte[4000]);
        ResponseWriter.Begin(writer, message, Flow, 200, "OK"u8, (tags ?? new ToTagFactory()).Create(message));
        ResponseWriter.End(writer);
        return ParsedMessage.Text(writer.Written);
    }
}
