using Sipstead.Provisioning.View;
using Sipstead.Sip.Uas;

namespace Sipstead.Registrar.Authentication;

/// <summary>The realms as the SIP side asks for them.</summary>
internal sealed class RealmDirectory(ProvisioningView view) : IServedDomains
{
    public bool Contains(ReadOnlySpan<byte> host) => view.Realms.TryFind(host, out _);
}
