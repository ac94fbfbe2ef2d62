using System.Net;
using Sipstead.Sip.Parsing;
using Sipstead.Sip.Transport;
using Sipstead.Sip.Uas;
using Sipstead.Sip.Writing;
using Sipstead.Testing.Sip;
using Xunit;

namespace Sipstead.Conformance.Tests.Torture;

/// <summary>TORT and FUZZ: no part and no damage of a torture message throws, hangs, or is answered with something that is no message.</summary>
public sealed class RobustnessTests : IDisposable
{
    private const int Seed = 4475;

    private static readonly SipFlow Flow = new(
        SipTransport.Udp, new TransportAddress(IPEndPoint.Parse("192.0.2.10:40000")), new TransportAddress(IPEndPoint.Parse("192.0.2.1:5060")), 0);

    private readonly CountingMeters _meters = new();
    private readonly UasCore _core;
    private readonly SipReply _reply = new();
    private readonly byte[] _out = new byte[SipLimits.StreamMessage];

    public RobustnessTests() => _core = new UasCore([], NoBatch.Instance, new ToTagFactory(), new SipMetrics(_meters));

    public static TheoryData<string> Names => [.. ClassificationTests.Outcomes.Select(row => row.Data.Item1)];

    public void Dispose() => _meters.Dispose();

    [Theory]
    [MemberData(nameof(Names))]
    public void TORT_49_EveryPrefix_IsHandled(string name)
    {
        var octets = TortureMessages.Read(name);
        for (var length = 0; length < octets.Length; length++) Handle(octets.AsSpan(0, length));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void TORT_49_EverySplitOverAStream_GivesTheSame(string name)
    {
        var octets = TortureMessages.Read(name);
        var whole = StreamReading.Read(octets, octets.Length, out var broke);
        foreach (var step in (int[])[1, 2, 3, 17, 100, octets.Length / 2])
        {
            Assert.Equal(whole, StreamReading.Read(octets, step, out var alsoBroke));
            Assert.Equal(broke, alsoBroke);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void TORT_49_DamagedOctets_AreHandled(string name)
    {
        var octets = TortureMessages.Read(name);
        var random = new Random(Seed);
        for (var round = 0; round < 2000; round++)
        {
            var damaged = octets.ToArray();
            for (var i = 0; i < 1 + (round % 4); i++) damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            Handle(damaged);
        }
    }

    /// <summary>Dropped without a word, and counted as what they are.</summary>
    [Theory]
    [InlineData("scalarlg", "sipstead.sip.malformed BadCSeq")]
    [InlineData("bigcode", "sipstead.sip.malformed BadStatusCode")]
    [InlineData("bcast", "sipstead.sip.dropped stray response")]
    [InlineData("unreason", "sipstead.sip.dropped stray response")]
    [InlineData("noreason", "sipstead.sip.dropped stray response")]
    public void TORT_18_32_43_ResponsesThatNobodyWaitsFor_AreCounted(string name, string counter)
    {
        Handle(TortureMessages.Read(name));
        Assert.Equal(0, _reply.Writer.Length);
        Assert.Equal(1, _meters[counter]);
    }

    /// <summary>Takes octets through parser and UAS core; an answer must read as one.</summary>
    private void Handle(ReadOnlySpan<byte> octets)
    {
        _reply.Reset(_out, Flow.Source);
        _core.Receive(ParsedMessage.Datagram(octets), Flow, _reply);
        if (_reply.Writer.Length == 0) return;
        Assert.False(_reply.Writer.Overflowed);
        var answer = ParsedMessage.Datagram(_reply.Writer.Written);
        Assert.Equal(SipError.None, answer.Error);
        Assert.InRange(answer.StatusCode, 400, 699);
        Assert.Equal(0, answer.ContentLength);
    }

    private sealed class NoBatch : IRequestBatch
    {
        public static readonly NoBatch Instance = new();

        public bool Commit() => true;
    }
}
