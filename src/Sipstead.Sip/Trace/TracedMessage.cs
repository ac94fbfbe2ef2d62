using Sipstead.Sip.Transport;

namespace Sipstead.Sip.Trace;

/// <summary>
/// One message of the trace, as it was on the wire but for masked secrets; where it was parsed before, folded lines are joined in place. It has its length,
/// unless its end was cut.
/// </summary>
/// <param name="Number">Rises with each message traced; tells what is new since a look before.</param>
/// <param name="Local">Our address that it was sent to or from.</param>
public sealed record TracedMessage(
    long Number, DateTimeOffset At, TraceDirection Direction, SipTransport Transport, TransportAddress Peer, TransportAddress Local, TraceSubject Subject,
    ReadOnlyMemory<byte> Octets)
{
    /// <summary>Octets that are missing at its end, since only the first <see cref="SipTrace.MaxMessage"/> are kept.</summary>
    public int CutOctets { get; init; }

    /// <summary>Where it came from.</summary>
    public TransportAddress From => Direction == TraceDirection.Received ? Peer : Local;

    /// <summary>Where it went.</summary>
    public TransportAddress To => Direction == TraceDirection.Received ? Local : Peer;
}
