using Sipstead.Dns;
using Sipstead.Provisioning.View;

namespace Sipstead.Server.Composition;

/// <summary>Keeps the DNS zone in step with the active realms.</summary>
internal sealed class ZoneFeed : IDisposable
{
    private readonly ProvisioningView _view;
    private readonly ZonePublisher _zone;
    private readonly Dictionary<long, string> _published = [];
    private readonly Lock _lock = new();
    private readonly ILogger _logger;
    private readonly int _tlsPort;

    /// <param name="tlsPort">The TLS port of all realms; 0 while TLS is off.</param>
    public ZoneFeed(ProvisioningView view, ZonePublisher zone, int tlsPort, ILogger logger)
    {
        _tlsPort = tlsPort;
        _view = view;
        _zone = zone;
        _logger = logger;
        view.Changed += OnChanged;
        foreach (var realm in view.Realms.All) Publish(realm);
    }

    public void Dispose() => _view.Changed -= OnChanged;

    private void OnChanged(ProvisioningChange change)
    {
        if (change.Kind == ProvisioningChangeKind.RealmActivated && _view.Realms.TryFind(change.RealmId, out var realm)) Publish(realm);
        else if (change.Kind == ProvisioningChangeKind.RealmRemoved) Withdraw(change.RealmId);
    }

    private void Publish(RealmEntry realm)
    {
        try
        {
            lock (_lock)
            {
                _zone.Publish(new RealmRecord(realm.Fqdn, realm.SipPort, _tlsPort));
                _published[realm.Id] = realm.Fqdn;
            }
        }
        catch (ArgumentException e)
        {
            // A realm made under another base domain: its devices still register, only our DNS cannot tell of it.
            ServerLog.RealmNotInZone(_logger, realm.Fqdn, e.Message);
        }
    }

    private void Withdraw(long realmId)
    {
        lock (_lock)
        {
            if (_published.Remove(realmId, out var fqdn)) _zone.Withdraw(fqdn);
        }
    }
}
