using System.Net;
using Sipstead.Sip.Messages;
using Sipstead.Sip.Transport;

namespace Sipstead.Testing.Sip;

/// <summary>Reads octets as a connection does, through framer and worker, and tells what each message was.</summary>
internal static class StreamReading
{
    private static readonly SipFlow Flow = new(
        SipTransport.Tcp, new TransportAddress(IPEndPoint.Parse("192.0.2.10:40000")), new TransportAddress(IPEndPoint.Parse("192.0.2.1:5060")), 1);

    private static readonly CountingMeters Meters = new();

    /// <summary>One for each thread, as its buffers are large.</summary>
    private static readonly ThreadLocal<Reader> Readers = new(NewReader);

    /// <summary>All octets in one read.</summary>
    public static List<string> Whole(ReadOnlySpan<byte> octets) => Read(octets, octets.Length, out _);

    /// <summary>One octet in each read.</summary>
    public static List<string> OctetByOctet(ReadOnlySpan<byte> octets) => Read(octets, 1, out _);

    /// <summary>In reads of so many octets; says also whether the stream broke.</summary>
    public static List<string> Read(ReadOnlySpan<byte> octets, int step, out bool broken)
    {
        var (snapshots, worker) = Readers.Value ?? throw new InvalidOperationException("no reader");
        snapshots.Messages.Clear();
        var lineBreaks = 0;
        var kept = 0;
        broken = false;
        for (var at = 0; at < octets.Length && !broken; at += step)
        {
            var piece = octets.Slice(at, Math.Min(step, octets.Length - at));
            piece.CopyTo(worker.Input.Span[kept..]);
            kept += piece.Length;
            var consumed = worker.Process(kept, Flow, ref lineBreaks, out broken);
            worker.Input.Span[consumed..kept].CopyTo(worker.Input.Span);
            kept -= consumed;
        }

        return [.. snapshots.Messages];
    }

    private static Reader NewReader()
    {
        var snapshots = new Snapshots();
        return new Reader(snapshots, new StreamWorker(snapshots, new SipMetrics(Meters)));
    }

    private sealed record Reader(Snapshots Snapshots, StreamWorker Worker);

    private sealed class Snapshots : ISipReceiver
    {
        public List<string> Messages { get; } = [];

        public void Receive(SipMessage message, in SipFlow flow, SipReply reply) => Messages.Add(MessageSnapshot.Of(message));

        public bool Commit() => true;

        public void Refuse(SipMessage message, in SipFlow flow, SipReply reply) => throw new InvalidOperationException("nothing awaits a commit");
    }
}
