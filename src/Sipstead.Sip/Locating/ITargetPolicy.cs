using Sipstead.Sip.Transport;

namespace Sipstead.Sip.Locating;

/// <summary>Says where requests that do not go to a flow may be sent (ruling 9).</summary>
public interface ITargetPolicy
{
    /// <summary>True when a request may be sent to exactly this address and port.</summary>
    bool Allows(TransportAddress address);
}
