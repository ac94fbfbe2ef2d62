namespace Sipstead.Sip.Transport;

/// <summary>Finds ways over UDP alone, from the listener of a port.</summary>
public sealed class UdpConnector : ISipConnector
{
    public ValueTask<SipFlow?> ConnectAsync(SipTarget target, int localPort, CancellationToken cancellationToken)
    {
        if (target.Transport != SipTransport.Udp || LocalAddresses.Facing(target.Address) is not { } local) return ValueTask.FromResult<SipFlow?>(null);
        return ValueTask.FromResult<SipFlow?>(new SipFlow(SipTransport.Udp, target.Address, local.WithPort(localPort), 0));
    }
}
