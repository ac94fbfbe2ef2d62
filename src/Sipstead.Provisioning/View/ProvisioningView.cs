using Microsoft.Extensions.Logging;

namespace Sipstead.Provisioning.View;

/// <summary>
/// Realms, credentials, applications, telephone numbers and trunks in memory, read by the SIP, DNS and voice side (ruling 38). Reads never wait. Changes come
/// from the store alone, one at a time, after they are committed.
/// </summary>
public sealed class ProvisioningView
{
    private readonly ILogger<ProvisioningView> _log;
    private volatile RealmSnapshot _realms = RealmSnapshot.Empty(0);
    private volatile ApplicationSnapshot _applications = ApplicationSnapshot.Empty;
    private volatile NumberSnapshot _numbers = NumberSnapshot.Empty;
    private volatile TrunkSnapshot _trunks = TrunkSnapshot.Empty;

    internal ProvisioningView(ILogger<ProvisioningView> log) => _log = log;

    /// <summary>
    /// Raised after the view holds the change, in the order of changes. Handlers must be quick and must not call the store. What a
    /// start loads raises nothing.
    /// </summary>
    public event Action<ProvisioningChange>? Changed;

    /// <summary>The ACTIVE realms: an immutable snapshot that is swapped whole.</summary>
    public RealmSnapshot Realms => _realms;

    /// <summary>The voice applications: an immutable snapshot that is swapped whole.</summary>
    public ApplicationSnapshot Applications => _applications;

    /// <summary>The telephone numbers: an immutable snapshot that is swapped whole.</summary>
    public NumberSnapshot Numbers => _numbers;

    /// <summary>The trunks: an immutable snapshot that is swapped whole.</summary>
    public TrunkSnapshot Trunks => _trunks;

    /// <summary>The credentials, updated in place.</summary>
    public CredentialTable Credentials { get; } = new();

    /// <summary>Takes the realms that a start finds; no change is reported.</summary>
    internal void Load(IEnumerable<RealmEntry> realms, long serial) =>
        _realms = realms.Aggregate(RealmSnapshot.Empty(serial), (snapshot, realm) => snapshot.With(realm, serial));

    /// <summary>Takes the voice applications that a start finds.</summary>
    internal void Load(IEnumerable<ApplicationEntry> applications) => _applications = ApplicationSnapshot.Of(applications);

    /// <summary>Takes the telephone numbers that a start finds.</summary>
    internal void Load(NumberSnapshot numbers) => _numbers = numbers;

    /// <summary>Takes the trunks that a start finds.</summary>
    internal void Load(TrunkSnapshot trunks) => _trunks = trunks;

    internal void SetTrunk(TrunkEntry trunk)
    {
        _trunks = _trunks.With(trunk);
        Report(new ProvisioningChange(ProvisioningChangeKind.TrunkChanged, trunk.AccountId, 0, 0));
    }

    internal void RemoveTrunk(long accountId, long id)
    {
        _trunks = _trunks.Without(id);
        Report(new ProvisioningChange(ProvisioningChangeKind.TrunkChanged, accountId, 0, 0));
    }

    /// <summary>Another application takes the calls of a location's numbers, or none does.</summary>
    internal void SetLocation(long accountId, long locationId, Guid? applicationId)
    {
        _numbers = _numbers.WithApplication(locationId, applicationId);
        ReportLocations(accountId);
    }

    internal void SetNumbers(long accountId, long locationId, IEnumerable<string> numbers)
    {
        _numbers = _numbers.With(accountId, locationId, numbers);
        ReportLocations(accountId);
    }

    internal void RemoveNumber(long accountId, string number)
    {
        _numbers = _numbers.Without(accountId, number);
        ReportLocations(accountId);
    }

    /// <summary>Tells of a change to sites, locations or their numbers.</summary>
    internal void ReportLocations(long accountId) => Report(new ProvisioningChange(ProvisioningChangeKind.LocationsChanged, accountId, 0, 0));

    internal void SetApplication(ApplicationEntry application)
    {
        _applications = _applications.With(application);
        ReportApplication(application.AccountId, application.Id);
    }

    internal void RemoveApplication(Guid id)
    {
        var snapshot = _applications;
        if (!snapshot.TryFind(id, out var application)) return;
        _applications = snapshot.Without(id);
        ReportApplication(application.AccountId, id);
    }

    /// <summary>Tells of a change to an application that is not for voice: the view does not hold it.</summary>
    internal void ReportApplication(long accountId, Guid id) =>
        Report(new ProvisioningChange(ProvisioningChangeKind.ApplicationChanged, accountId, 0, 0, id));

    /// <summary>Tells of a change to what the view does not hold of a realm.</summary>
    internal void ReportRealm(long accountId, long realmId) =>
        Report(new ProvisioningChange(ProvisioningChangeKind.RealmUpdated, accountId, realmId, 0));

    internal void AddRealms(IReadOnlyCollection<RealmEntry> realms, long serial)
    {
        if (realms.Count == 0) return;
        _realms = realms.Aggregate(_realms, (snapshot, realm) => snapshot.With(realm, serial));
        foreach (var realm in realms) Report(new ProvisioningChange(ProvisioningChangeKind.RealmActivated, realm.AccountId, realm.Id, 0));
    }

    /// <summary>Other settings of a realm: they hold for the next request, and end nothing.</summary>
    internal void SetRealm(RealmEntry realm)
    {
        var snapshot = _realms;
        if (snapshot.TryFind(realm.Id, out var old)) _realms = snapshot.Replace(old, realm);
        ReportRealm(realm.AccountId, realm.Id);
    }

    internal void RemoveRealm(long realmId, long serial)
    {
        var snapshot = _realms;
        if (!snapshot.TryFind(realmId, out var realm)) return;
        _realms = snapshot.Without(realm, serial);
        Report(new ProvisioningChange(ProvisioningChangeKind.RealmRemoved, realm.AccountId, realm.Id, 0));
    }

    internal void AddCredential(
        long accountId, in CredentialSecret secret, string userName, Guid? application = null, PackedShaHashes shaHashes = default)
    {
        Credentials.Set(secret, userName, application, shaHashes);
        Report(new ProvisioningChange(ProvisioningChangeKind.CredentialCreated, accountId, secret.RealmId, secret.Id));
    }

    internal void SetHashes(
        long accountId, in CredentialSecret secret, string userName, Guid? application = null, PackedShaHashes shaHashes = default)
    {
        Credentials.Set(secret, userName, application, shaHashes);
        Report(new ProvisioningChange(ProvisioningChangeKind.CredentialHashesChanged, accountId, secret.RealmId, secret.Id));
    }

    /// <summary>Another application, the same hashes: it holds for the next call and ends nothing.</summary>
    internal void SetApplication(
        long accountId, in CredentialSecret secret, string userName, Guid? application, PackedShaHashes shaHashes = default)
    {
        Credentials.Set(secret, userName, application, shaHashes);
        Report(new ProvisioningChange(ProvisioningChangeKind.CredentialApplicationChanged, accountId, secret.RealmId, secret.Id));
    }

    internal void RemoveCredential(long accountId, long realmId, long credentialId)
    {
        if (Credentials.Remove(credentialId))
            Report(new ProvisioningChange(ProvisioningChangeKind.CredentialRemoved, accountId, realmId, credentialId));
    }

    /// <summary>A subscriber's failure is logged: it must neither undo a committed change nor starve the other subscribers.</summary>
    private void Report(ProvisioningChange change)
    {
        foreach (var handler in Delegate.EnumerateInvocationList(Changed))
        {
            try
            {
                handler(change);
            }
#pragma warning disable CA1031 // any failure of a subscriber
            catch (Exception failure)
#pragma warning restore CA1031
            {
                ProvisioningLog.ChangeHandlerFailed(_log, change.Kind, change.RealmId, change.CredentialId, failure);
            }
        }
    }
}
