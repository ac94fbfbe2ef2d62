using Microsoft.Extensions.Logging.Abstractions;
using Sipstead.Provisioning.View;

namespace Sipstead.Provisioning.Tests.View;

public sealed class ProvisioningViewTests
{
    private readonly ProvisioningView _view = new(NullLogger<ProvisioningView>.Instance);

    [Fact]
    public void Changed_EveryKind_ComesAfterTheViewHoldsIt()
    {
        var seen = new List<(ProvisioningChange Change, bool RealmIsThere, bool CredentialIsThere, int Revision)>();
        _view.Changed += change =>
        {
            var isThere = _view.Credentials.TryGet(5, out var credential);
            seen.Add((change, _view.Realms.TryFind(1, out _), isThere, credential.HashRevision));
        };
        _view.AddRealms([new RealmEntry(1, 99, "a.example", 5060)], 10);
        _view.AddCredential(99, new CredentialSecret(5, 1, 1, 1, null), "alice");
        _view.SetHashes(99, new CredentialSecret(5, 1, 2, 2, null), "alice");
        _view.RemoveCredential(99, 1, 5);
        _view.RemoveRealm(1, 11);
        Assert.Equal(
            [
                (new ProvisioningChange(ProvisioningChangeKind.RealmActivated, 99, 1, 0), true, false, 0),
                (new ProvisioningChange(ProvisioningChangeKind.CredentialCreated, 99, 1, 5), true, true, 1),
                (new ProvisioningChange(ProvisioningChangeKind.CredentialHashesChanged, 99, 1, 5), true, true, 2),
                (new ProvisioningChange(ProvisioningChangeKind.CredentialRemoved, 99, 1, 5), true, false, 0),
                (new ProvisioningChange(ProvisioningChangeKind.RealmRemoved, 99, 1, 0), false, false, 0),
            ],
            seen);
    }

    [Fact]
    public void Changed_AnotherApplication_IsToldApartFromAChangeOfHashes()
    {
        _view.AddCredential(99, new CredentialSecret(5, 1, 1, 1, null), "alice");
        var seen = new List<(ProvisioningChange Change, Guid Application)>();
        _view.Changed += change => seen.Add((change, _view.Credentials.TryGetApplication(5, out var found) ? found : default));
        var application = Guid.NewGuid();
        _view.SetApplication(99, new CredentialSecret(5, 1, 1, 1, null), "alice", application);
        Assert.Equal([(new ProvisioningChange(ProvisioningChangeKind.CredentialApplicationChanged, 99, 1, 5), application)], seen);
    }

    [Fact]
    public void Changed_OneHandlerFails_TheOthersAreStillCalled()
    {
        var calls = 0;
        _view.Changed += _ => throw new InvalidOperationException("a subscriber's bug");
        _view.Changed += _ => calls++;
        _view.AddRealms([new RealmEntry(1, 99, "a.example", 5060)], 10);
        Assert.Equal(1, calls);
    }

    [Fact]
    public void Load_RealmsOfAStart_ReportsNothing()
    {
        _view.Changed += _ => Assert.Fail("a start is no change");
        _view.Load([new RealmEntry(1, 99, "a.example", 5060)], 10);
        Assert.Equal(10, _view.Realms.Serial);
        Assert.Single(_view.Realms.All);
    }
}
