using Sipstead.Provisioning.Applications;
using Sipstead.Provisioning.Credentials;
using Sipstead.Provisioning.Realms;
using Sipstead.Provisioning.View;
using static Sipstead.Provisioning.View.ProvisioningChangeKind;

namespace Sipstead.Provisioning.Tests.View;

/// <summary>Whatever a page shows, a change of it can be noticed; and what changes nothing is not told.</summary>
public sealed class ChangeFeedTests : IAsyncLifetime
{
    private const string Hash = "1be6abcaa8e9956021d30f33a3925b99";

    private readonly TemporaryFolder _folder = new();
    private readonly List<ProvisioningChange> _changes = [];
    private Harness _harness = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _harness = await Harness.OpenAsync(_folder);
        _harness.View.Changed += _changes.Add;
    }

    public async ValueTask DisposeAsync()
    {
        await _harness.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Realm_OverItsLife_TellsOfEveryStep()
    {
        var realm = await _harness.CreateActiveRealmAsync("office");
        Assert.Equal([Of(RealmUpdated, realm), Of(RealmActivated, realm)], Taken());
        await _harness.Realms.UpdateAsync(ApiHost.Account, "office", new RealmUpdate(null, "text", null), Cancel);
        Assert.Equal([Of(RealmUpdated, realm)], Taken());
        await _harness.Realms.DeleteAsync(ApiHost.Account, "office", Cancel);
        Assert.Equal([Of(RealmRemoved, realm)], Taken());
        await _harness.CompletePendingAsync();
        Assert.Equal([Of(RealmUpdated, realm)], Taken());
        await _harness.CompletePendingAsync();
        Assert.Empty(Taken());
    }

    [Fact]
    public async Task Realm_ThatBecomesTheDefault_TellsOfTheOneThatCeasesToBeItToo()
    {
        var first = await _harness.CreateActiveRealmAsync("first", isDefault: true);
        Taken();
        var second = await _harness.CreateActiveRealmAsync("second", isDefault: true);
        Assert.Equal([Of(RealmUpdated, first), Of(RealmUpdated, second), Of(RealmActivated, second)], Taken());
        await _harness.Realms.UpdateAsync(ApiHost.Account, "first", new RealmUpdate(null, null, true), Cancel);
        Assert.Equal([Of(RealmUpdated, second), Of(RealmUpdated, first)], Taken());
    }

    [Fact]
    public async Task Realm_DeletedBeforeItWasActive_IsToldToo()
    {
        var created = (await _harness.Realms.CreateAsync(ApiHost.Account, new NewRealm("brief", null, false), Cancel)).Value!;
        await _harness.Realms.DeleteAsync(ApiHost.Account, "brief", Cancel);
        Taken();
        await _harness.CompletePendingAsync();
        Assert.Equal([Of(RealmUpdated, created)], Taken());
    }

    [Fact]
    public async Task Credential_EveryChange_IsToldByWhatItChanged()
    {
        var realm = await _harness.CreateActiveRealmAsync("office");
        var application = await _harness.CreateApplicationAsync("voice");
        Taken();
        var entry = new NewSipCredential { UserName = "alice", Hash1 = Hash };
        var id = Assert.Single((await _harness.Credentials.CreateAsync(realm, [entry], Cancel)).Value!.Created).Id;
        Assert.Equal([Of(CredentialCreated, realm, id)], Taken());
        foreach (var (hash, bound, kinds) in new (string, string?, ProvisioningChangeKind[])[]
        {
            (Hash, null, []),
            (Hash, application.ToString(), [CredentialApplicationChanged]),
            (Hash, application.ToString(), []),
            (Hash.Replace('1', '2'), null, [CredentialHashesChanged]),
            (Hash, "", [CredentialHashesChanged]),
            (Hash, "", []),
        })
        {
            var update = new SipCredentialUpdate { RealmId = $"{realm.Id}", Hash1 = hash, HttpVoiceV2AppId = bound };
            Assert.True((await _harness.Credentials.UpdateAsync(realm, $"{id}", update, Cancel)).IsSuccess);
            Assert.Equal(kinds.Select(kind => Of(kind, realm, id)), Taken());
        }

        await _harness.Credentials.DeleteAsync(realm, $"{id}", Cancel);
        Assert.Equal([Of(CredentialRemoved, realm, id)], Taken());
    }

    [Theory]
    [InlineData("Voice-V2")]
    [InlineData("Messaging-V2")]
    public async Task Application_MadeChangedAndRemoved_IsTold(string type)
    {
        var url = type == "Voice-V2" ? "http://localhost/voice" : null;
        var wish = new NewApplication { ServiceType = type, AppName = "one", CallInitiatedCallbackUrl = url };
        var id = (await _harness.Applications.CreateAsync(ApiHost.Account, wish, Cancel)).Value!.Id;
        ProvisioningChange[] expected = [new(ApplicationChanged, ApiHost.Account, 0, 0, id)];
        Assert.Equal(expected, Taken());
        await _harness.Applications.UpdateAsync(ApiHost.Account, $"{id}", new NewApplication { AppName = "two" }, isPartial: true, Cancel);
        Assert.Equal(expected, Taken());
        await _harness.Applications.UpdateAsync(ApiHost.Account, $"{id}", new NewApplication { AppName = "" }, isPartial: true, Cancel);
        Assert.Empty(Taken());
        await _harness.Applications.DeleteAsync(ApiHost.Account, $"{id}", Cancel);
        Assert.Equal(expected, Taken());
    }

    private static ProvisioningChange Of(ProvisioningChangeKind kind, RealmDetails realm, long credentialId = 0) =>
        new(kind, ApiHost.Account, realm.Id, credentialId);

    private ProvisioningChange[] Taken()
    {
        ProvisioningChange[] taken = [.. _changes];
        _changes.Clear();
        return taken;
    }
}
