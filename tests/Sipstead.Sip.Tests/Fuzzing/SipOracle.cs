using System.Net;
using System.Text;
using Sipstead.Sip.Messages;
using Sipstead.Sip.Parsing;
using Sipstead.Sip.Transport;
using Sipstead.Sip.Uas;
using Sipstead.Sip.Writing;
using Sipstead.Testing.Sip;
using Xunit;

namespace Sipstead.Sip.Tests.Fuzzing;

/// <summary>What must hold of any octets that come for a SIP message.</summary>
internal sealed class SipOracle : IDisposable
{
    private static readonly SipFlow Flow = new(
        SipTransport.Udp, new TransportAddress(IPEndPoint.Parse("192.0.2.10:40000")), new TransportAddress(IPEndPoint.Parse("192.0.2.1:5060")), 0);

    private readonly CountingMeters _meters = new();
    private readonly UasCore _core;
    private readonly SipReply _reply = new();
    private readonly byte[] _out = new byte[2 * SipLimits.StreamMessage];

    public SipOracle() => _core = new UasCore([], new NoBatch(), new ToTagFactory(), new SipMetrics(_meters));

    /// <summary>All of them.</summary>
    public void Check(byte[] octets)
    {
        AssertPlainReaderAgrees(octets);
        AssertSameTwice(octets);
        AssertSameOnAStream(octets);
        AssertSameWhenWrittenAgain(octets);
        AssertAnswerIsAMessage(octets);
        ReadAll(ParsedMessage.Datagram(octets));
    }

    /// <summary>FUZZ-04: a second reader takes and refuses the same, and reads the same.</summary>
    public static void AssertPlainReaderAgrees(byte[] octets)
    {
        var message = ParsedMessage.Datagram(octets);
        var plain = PlainReader.Read(octets);
        Assert.True(plain is not null == (message.Error == SipError.None), $"the parser says {message.Error}");
        if (plain is null) return;
        Assert.Equal(plain.Headers, message.Headers.ToArray().Select(h => (ParsedMessage.Text(message.NameOf(h)), ParsedMessage.Text(message.ValueOf(h)))));
        Assert.Equal(plain.Body, ParsedMessage.Text(message.Body));
        Assert.Equal(plain.IsRequest, message.IsRequest);
        var isRead = SipRequest.TryRead(message, out var request, out var error);
        if (!plain.IsRequest) return;
        Assert.True(plain.IsProperRequest() == isRead, $"the parser says {error}");
        if (!isRead) return;
        Assert.Equal((plain.Method, plain.Uri), (ParsedMessage.Text(message.MethodToken), ParsedMessage.Text(request.Uri.Text)));
        Assert.Equal((plain.CSeq.TrimStart('0'), plain.Branch), (request.CSeq == 0 ? "" : $"{request.CSeq}", ParsedMessage.Text(request.Via.Branch)));
        Assert.Equal((plain.FromTag, plain.ToTag), (ParsedMessage.Text(request.From.Tag), ParsedMessage.Text(request.To.Tag)));
    }

    /// <summary>The framer reads the head of a stream again and again.</summary>
    private static void AssertSameTwice(byte[] octets)
    {
        var copy = octets.ToArray();
        var message = new SipMessage();
        SipParser.TryParseDatagram(copy, 0, copy.Length, message);
        var first = MessageSnapshot.Of(message);
        SipParser.TryParseDatagram(copy, 0, copy.Length, message);
        Assert.Equal(first, MessageSnapshot.Of(message));
    }

    /// <summary>A stream gives the same however it is split, and where it gives the whole as one message, what a datagram gives.</summary>
    private static void AssertSameOnAStream(byte[] octets)
    {
        if (octets.Length > SipLimits.StreamMessage) return;
        var whole = StreamReading.Read(octets, octets.Length, out var broken);
        foreach (var step in octets.Length > 2_000 ? (int[])[251] : [1, 13])
        {
            Assert.Equal(whole, StreamReading.Read(octets, step, out var alsoBroken));
            Assert.Equal(broken, alsoBroken);
        }

        var datagram = ParsedMessage.Datagram(octets);
        if (datagram.ContentLength >= 0 && !broken && whole.Count > 0 && !octets.AsSpan().StartsWith("\r\n"u8))
            Assert.Equal(MessageSnapshot.Of(datagram), whole[0]);
    }

    /// <summary>parse(serialise(x)) = x.</summary>
    private static void AssertSameWhenWrittenAgain(byte[] octets)
    {
        var message = ParsedMessage.Datagram(octets);
        if (message.Error == SipError.None) Assert.Equal(MessageSnapshot.Of(message), MessageSnapshot.Of(ParsedMessage.Datagram(Serialise(message))));
    }

    /// <summary>An answer reads as one, ends as one, and its lines are ours.</summary>
    private void AssertAnswerIsAMessage(byte[] octets)
    {
        _reply.Reset(_out, Flow.Source);
        _core.Receive(ParsedMessage.Datagram(octets), Flow, _reply);
        if (_reply.Writer.Length == 0) return;
        Assert.False(_reply.Writer.Overflowed);
        var answer = ParsedMessage.Datagram(_reply.Writer.Written);
        Assert.True(IsReadable(answer.Error), answer.Error.ToString());
        Assert.InRange(answer.StatusCode, 400, 699);
        Assert.Equal(_reply.Writer.Length, answer.Length);
    }

    /// <summary>What it copies may be as long as the request may be, and is then answered with a tag besides.</summary>
    private static bool IsReadable(SipError error) => error is SipError.None or SipError.LineTooLong or SipError.HeaderSectionTooLarge or SipError.TooManyHeaders;

    /// <summary>Reads every view there is.</summary>
    private static void ReadAll(SipMessage message)
    {
        foreach (var id in Enum.GetValues<HeaderId>())
        {
            if (id == HeaderId.Count) continue;
            foreach (var value in message.Values(id))
            {
                _ = NameAddress.TryParse(value, out _);
                _ = Via.TryParse(value, out _);
                _ = SipUriComparison.AreEqual(value, message.RequestUri);
            }
        }

        _ = MultipartBody.Find(message, "application/sdp"u8);
    }

    private static byte[] Serialise(SipMessage message)
    {
        var text = new StringBuilder(message.IsRequest
            ? $"{ParsedMessage.Text(message.MethodToken)} {ParsedMessage.Text(message.RequestUri)} {VersionOf(message)}\r\n"
            : $"SIP/2.0 {message.StatusCode} {ParsedMessage.Text(message.Reason)}\r\n");
        foreach (ref readonly var header in message.Headers)
            text.Append(ParsedMessage.Text(message.NameOf(header))).Append(':').Append(ParsedMessage.Text(message.ValueOf(header))).Append("\r\n");
        return Encoding.Latin1.GetBytes(text.Append("\r\n").Append(ParsedMessage.Text(message.Body)).ToString());
    }

    private static string VersionOf(SipMessage message)
    {
        var line = ParsedMessage.Text(message.Octets);
        line = line[..line.IndexOf("\r\n", StringComparison.Ordinal)];
        return line[(line.LastIndexOf(' ') + 1)..];
    }

    public void Dispose() => _meters.Dispose();

    private sealed class NoBatch : IRequestBatch
    {
        public bool Commit() => true;
    }
}
