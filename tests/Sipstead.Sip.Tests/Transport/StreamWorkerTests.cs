using System.Net;
using System.Text;
using Sipstead.Sip.Parsing;
using Sipstead.Sip.Transport;
using Sipstead.Testing.Sip;
using Xunit;

namespace Sipstead.Sip.Tests.Transport;

public sealed class StreamWorkerTests : IDisposable
{
    private static readonly SipFlow Flow = new(
        SipTransport.Tcp, new TransportAddress(IPEndPoint.Parse("192.0.2.10:40000")), new TransportAddress(IPEndPoint.Parse("192.0.2.1:5060")), 1);

    private readonly CountingMeters _meters = new();
    private readonly FakeReceiver _receiver = new();
    private readonly StreamWorker _worker;
    private string _partial = "";
    private int _lineBreaks;

    public StreamWorkerTests() => _worker = new StreamWorker(_receiver, new SipMetrics(_meters));

    public void Dispose() => _meters.Dispose();

    [Theory]
    [InlineData("\r\n\r\n", "\r\n")]
    [InlineData("\r\n", "")]
    [InlineData("\r\n\r\n\r\n\r\n", "\r\n\r\n")]
    [InlineData("\r\n\r\n\r\n", "\r\n")]
    public void Process_Ping_GetsOnePongForEachTwoLineBreaks_HoweverSplit(string octets, string pongs)
    {
        foreach (var split in Splits(octets)) Assert.Equal(pongs, Feed(split));
        Assert.Empty(_receiver.Received);
    }

    [Fact]
    public void Process_LineBreaksBeforeMessage_AreSkipped()
    {
        var message = new RequestText { Body = "x" }.ToString();
        foreach (var split in Splits("\r\n" + message + "\r\n" + message + "\r\n")) Assert.Equal("", Feed(split));
        Assert.All(_receiver.Bodies, body => Assert.Equal("x", body));
    }

    [Theory]
    [InlineData("\r")]
    [InlineData("\r\r\n")]
    [InlineData("\n")]
    [InlineData("\r\n\r")]
    [InlineData("\n\r\n")]
    public void Process_LoneLineBreakBeforeMessage_BreaksTheStreamHoweverSplit(string before)
    {
        foreach (var split in Splits(before + new RequestText()))
        {
            _receiver.Received.Clear();
            Feed(split, expectBroken: true);
            Assert.Single(_receiver.Received);
            Assert.DoesNotContain("None", _receiver.Received[0].Split('\n')[0], StringComparison.Ordinal);
        }
    }

    [Fact]
    public void S_60_Process_TlsRecordInThePlaceOfAMessage_BreaksTheStreamWithoutAnAnswer()
    {
        AnswerWithBody();
        Assert.Equal("a,", Feed([Message("a") + "\x16\x03\x01" + Message("b")], expectBroken: true));
        Assert.Single(_receiver.Received);
    }

    [Fact]
    public void Process_SeveralMessages_AnswersInOrder()
    {
        AnswerWithBody();
        Assert.Equal("a,b,c,", Feed([string.Concat(Message("a"), Message("b"), Message("c"))]));
        Assert.Equal(1, _receiver.Commits);
        Assert.Equal(3, _meters["sipstead.sip.messages TCP"]);
    }

    [Fact]
    public void Process_BehindABrokenMessage_NothingIsTaken()
    {
        AnswerWithBody();
        var broken = new RequestText { ContentLength = "-1", Body = "x" }.ToString();
        Assert.Equal("a,,", Feed([Message("a") + broken + Message("c")], expectBroken: true));
        Assert.Equal(2, _receiver.Received.Count);
    }

    [Fact]
    public void Process_CommitFails_RefusesEachThatAwaitsAndKeepsTheOthersInPlace()
    {
        _receiver.CommitSucceeds = false;
        _receiver.Answer = (message, reply) =>
        {
            var body = ParsedMessage.Text(message.Body);
            reply.Writer.Text(Encoding.ASCII.GetBytes($"ok {body}\n"));
            reply.AwaitsCommit = body.StartsWith('w');
        };
        Assert.Equal("refused w1\nok x\nrefused w2\nrefused w3\nok y\n", Feed([string.Concat(Message("w1"), Message("x"), Message("w2"), Message("w3"), Message("y"))]));
    }

    [Fact]
    public void Process_CommitFails_TheRefusalMayBeLongerThanWhatItReplaces()
    {
        _receiver.CommitSucceeds = false;
        _receiver.Answer = (_, reply) =>
        {
            reply.Writer.Text("."u8);
            reply.AwaitsCommit = true;
        };
        var bodies = Enumerable.Range(0, 20).Select(i => new string((char)('a' + i), 50)).ToList();
        Assert.Equal(string.Concat(bodies.Select(b => $"refused {b}\n")), Feed([string.Concat(bodies.Select(Message))]));
    }

    [Fact]
    public void Process_ReplyLargerThanItsBuffer_IsDroppedAndCounted()
    {
        _receiver.Answer = (message, reply) =>
        {
            if (message.Body[0] == 'l') reply.Writer.Text(new byte[SipLimits.StreamMessage]);
            reply.Writer.Text("."u8);
        };
        Assert.Equal("..", Feed([Message("s") + Message("l") + Message("s")]));
        Assert.Equal(1, _meters["sipstead.sip.dropped reply too large"]);
    }

    [Fact]
    public void Process_RepliesLargerThanTheOutput_ComeInSeveralRounds()
    {
        _receiver.Answer = (message, reply) =>
        {
            reply.Writer.Text(new byte[SipLimits.StreamMessage - 1]);
            reply.Writer.Text(message.Body);
        };
        var output = Feed([string.Concat("abcdefghij".Select(c => Message(c.ToString())))]);
        Assert.Equal(10 * SipLimits.StreamMessage, output.Length);
        Assert.Equal("abcdefghij", output.Replace("\0", "", StringComparison.Ordinal));
    }

    private void AnswerWithBody() => _receiver.Answer = (message, reply) =>
    {
        reply.Writer.Value(message.Body);
        reply.Writer.Text(","u8);
    };

    private static string Message(string body) => new RequestText { Body = body }.ToString();

    /// <summary>In one piece, in two at every place, and octet by octet.</summary>
    private static IEnumerable<string[]> Splits(string octets)
    {
        yield return [octets];
        for (var at = 1; at < octets.Length; at++) yield return [octets[..at], octets[at..]];
        yield return [.. octets.Select(c => c.ToString())];
    }

    /// <summary>Feeds pieces as a connection does: what is not consumed is shown again with the next. Returns all output.</summary>
    private string Feed(string[] pieces, bool expectBroken = false)
    {
        _partial = "";
        _lineBreaks = 0;
        var output = new StringBuilder();
        var broken = false;
        foreach (var piece in pieces)
        {
            if (broken) break;
            _partial += piece;
            do
            {
                Encoding.Latin1.GetBytes(_partial, _worker.Input.Span);
                var consumed = _worker.Process(_partial.Length, Flow, ref _lineBreaks, out broken);
                output.Append(Encoding.Latin1.GetString(_worker.Output.Span));
                _partial = _partial[consumed..];
            }
            while (_worker.IsFull);
        }

        Assert.Equal(expectBroken, broken);
        return output.ToString();
    }
}
