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
        Publish(view.Realms.All);
    }

    public void Dispose() => _view.Changed -= OnChanged;

    private void OnChanged(ProvisioningChange change)
    {
        if (change.Kind == ProvisioningChangeKind.RealmActivated && _view.Realms.TryFind(change.RealmId, out var realm)) Publish([realm]);
        else if (change.Kind == ProvisioningChangeKind.RealmRemoved) Withdraw(change.RealmId);
    }

    /// <summary>Publishes realms as one change. One that was made under another base domain is left out: its devices still register, only our DNS cannot tell of it.</summary>
    private void Publish(IEnumerable<RealmEntry> realms)
    {
        lock (_lock)
        {
            var records = new List<RealmRecord>();
            foreach (var realm in realms)
            {
                var record = new RealmRecord(realm.Fqdn, realm.SipPort, _tlsPort);
                if (_zone.Problem(record) is { } problem)
                {
                    ServerLog.RealmNotInZone(_logger, realm.Fqdn, problem);
                    continue;
                }

                records.Add(record);
                _published[realm.Id] = realm.Fqdn;
            }

            _zone.Change(records, []);
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
