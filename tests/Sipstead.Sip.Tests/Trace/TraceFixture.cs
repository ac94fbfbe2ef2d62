using System.Net;
using System.Text;
using CsCheck;
using Microsoft.Extensions.Time.Testing;
using Sipstead.Sip.Trace;
using Sipstead.Sip.Transport;
using Sipstead.Testing.Sip;

namespace Sipstead.Sip.Tests.Trace;

/// <summary>A trace with a clock that stands, and messages for it.</summary>
internal sealed class TraceFixture : IDisposable
{
    /// <summary>Octets of the smallest ring: two segments.</summary>
    public const int SmallRing = 2 * TraceRing.SegmentSize;

    public TraceFixture(int capacity = SmallRing) => Trace = new SipTrace(Time, new SipMetrics(Meters), capacity);

    public static SipFlow Udp { get; } = FlowOf("192.0.2.10:40000", "192.0.2.1:5060");

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, 678, TimeSpan.Zero));

    public CountingMeters Meters { get; } = new();

    public SipTrace Trace { get; }

    public static SipFlow FlowOf(string peer, string local, SipTransport transport = SipTransport.Udp) => new(
        transport, new TransportAddress(IPEndPoint.Parse(peer)), new TransportAddress(IPEndPoint.Parse(local)), transport.IsStream() ? 7 : 0);

    public static TracedMessage MessageOf(
        string text, TraceDirection direction = TraceDirection.Received, SipFlow? flow = null, int cut = 0, DateTimeOffset? at = null)
    {
        var way = flow ?? Udp;
        return new TracedMessage(
            1, at ?? DateTimeOffset.UnixEpoch, direction, way.Transport, way.Source, way.Local, default, Encoding.Latin1.GetBytes(text)) { CutOctets = cut };
    }

    public static string TextOf(TracedMessage message) => Encoding.Latin1.GetString(message.Octets.Span);

    /// <summary>Generates one of some values.</summary>
    public static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    public void Record(in TraceSubject subject, string text, TraceDirection direction = TraceDirection.Received) =>
        Trace.Record(subject, direction, Udp, Encoding.Latin1.GetBytes(text));

    public void Dispose() => Meters.Dispose();
}
