using Sipstead.Sip.Writing;

namespace Sipstead.Sip.Transport;

/// <summary>What goes back for one received message: nothing while <see cref="Writer"/> is empty. Used again for each message of a receiving loop.</summary>
public sealed class SipReply
{
    /// <summary>The reply.</summary>
    public SipWriter Writer { get; } = new();

    /// <summary>Where a datagram goes; ignored on streams, where the reply takes the connection.</summary>
    public TransportAddress Destination { get; set; }

    /// <summary>True when the reply may leave only after <see cref="ISipReceiver.Commit"/> succeeded, else it becomes a 503.</summary>
    public bool AwaitsCommit { get; set; }

    /// <summary>Starts the reply to the next message.</summary>
    public void Reset(Memory<byte> buffer, TransportAddress destination)
    {
        Writer.Reset(buffer);
        Destination = destination;
        AwaitsCommit = false;
    }
}
