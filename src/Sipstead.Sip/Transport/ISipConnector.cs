namespace Sipstead.Sip.Transport;

/// <summary>Finds the way to a far end that did not come to us: a UDP socket of ours, or a connection that is open or opened now.</summary>
public interface ISipConnector
{
    /// <summary>
    /// Gives the flow to send over, from the listener of <paramref name="localPort"/> for UDP. Null when there is no way: no local address reaches it, it
    /// must not be sent to, the connection fails or its certificate stands for somebody else.
    /// </summary>
    ValueTask<SipFlow?> ConnectAsync(SipTarget target, int localPort, CancellationToken cancellationToken);

    /// <summary>The same for who tells of a failure in another place than the log: gives the flow, or what is wrong.</summary>
    ValueTask<SipWay> FindWayAsync(SipTarget target, int localPort, CancellationToken cancellationToken);
}
