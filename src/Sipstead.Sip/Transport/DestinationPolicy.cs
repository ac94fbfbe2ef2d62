namespace Sipstead.Sip.Transport;

/// <summary>Addresses that nothing is ever sent to (TPT-12).</summary>
public static class DestinationPolicy
{
    /// <summary>False for multicast, broadcast, the unspecified address and port 0.</summary>
    public static bool MayReceive(TransportAddress destination) =>
        destination.Port != 0 && !destination.IsAny && !destination.IsMulticastOrBroadcast;
}
