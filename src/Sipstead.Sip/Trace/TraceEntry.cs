using Sipstead.Sip.Transport;

namespace Sipstead.Sip.Trace;

/// <summary>What stands in the ring before the octets of a message.</summary>
/// <param name="Length">Octets that are kept.</param>
/// <param name="PreviousOfDevice">Position of the message before it of the same device, or of the same realm's unknown users.</param>
/// <param name="PreviousOfCall">Position of the message before it of the same call.</param>
internal readonly record struct TraceEntry(
    long Number, DateTimeOffset At, TraceDirection Direction, SipFlow Flow, TraceSubject Subject, int Length, int CutOctets, long PreviousOfDevice,
    long PreviousOfCall)
{
    public TracedMessage ToMessage(ReadOnlySpan<byte> octets) =>
        new(Number, At, Direction, Flow.Transport, Flow.Source, Flow.Local, Subject, octets.ToArray()) { CutOctets = CutOctets };
}
