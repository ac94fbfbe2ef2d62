using Sipstead.Sip.Messages;
using Sipstead.Sip.Transport;
using Sipstead.Sip.Uas;

namespace Sipstead.Registrar.Register;

/// <summary>
/// Contacts that are refused (ruling 9, REG-26): our own listeners, our own addresses-of-record, multicast, broadcast and port 0, and sips that did not come
/// over TLS (RFC 5630 5.1.1). All others are kept as sent, private addresses included, since requests go to the observed source.
/// </summary>
internal sealed class ContactRules(IServedDomains domains, ISipFlows flows)
{
    public bool MayRegister(in SipUri contact, SipTransport transport)
    {
        if (contact.Scheme == UriScheme.Sips && !transport.IsSecure()) return false; // requests to it take the connection that it came by
        if (contact.Port == 0 || domains.Contains(contact.Host)) return false;
        var port = contact.Port > 0 ? contact.Port : contact.Scheme == UriScheme.Sips ? 5061 : 5060;
        if (!TransportAddress.TryParseHost(contact.Host, port, out var address)) return true;
        return DestinationPolicy.MayReceive(address) && !flows.IsOwnListener(address);
    }
}
