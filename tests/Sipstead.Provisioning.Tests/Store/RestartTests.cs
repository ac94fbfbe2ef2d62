using Microsoft.Extensions.Time.Testing;
using Sipstead.Provisioning.Credentials;
using Sipstead.Provisioning.Realms;

namespace Sipstead.Provisioning.Tests.Store;

/// <summary>What a restart finds.</summary>
public sealed class RestartTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Restart_KeepsEverything()
    {
        long realmId;
        string fqdn;
        await using (var before = await Harness.OpenAsync(_folder))
        {
            var realm = await before.CreateActiveRealmAsync("office", isDefault: true);
            (realmId, fqdn) = (realm.Id, realm.Fqdn);
            await before.Credentials.CreateAsync(
                realm, [new NewSipCredential { UserName = "Alice", Hash1 = "1be6abcaa8e9956021d30f33a3925b99" }], Cancel);
        }

        await using var after = await Harness.OpenAsync(_folder, new ProvisioningOptions { BaseDomain = "other.example", SipPort = 5070 });
        Assert.Null(after.GeneratedPassword);
        Assert.True(after.View.Realms.TryFind(System.Text.Encoding.ASCII.GetBytes(fqdn), out var entry));
        Assert.Equal((realmId, ApiHost.Account, 5070), (entry.Id, entry.AccountId, entry.SipPort));
        Assert.True(after.View.Credentials.TryFind(realmId, "Alice"u8, out var credential));
        Assert.Equal((1, true, false), (credential.HashRevision, credential.CanAuthenticate, credential.HasHash1b));
        var stored = await after.Realms.FindAsync(ApiHost.Account, "office", Cancel);
        Assert.Equal((true, 1, RealmStatus.Active), (stored!.IsDefault, stored.SipCredentialCount, stored.Status));
    }

    [Fact]
    public async Task Restart_AfterACrash_CompletesWhatWasPending()
    {
        await using (var before = await Harness.OpenAsync(_folder))
        {
            await before.CreateActiveRealmAsync("leaving");
            await before.Realms.DeleteAsync(ApiHost.Account, "leaving", Cancel);
            await before.Realms.CreateAsync(ApiHost.Account, new NewRealm("coming", null, false), Cancel);
            Assert.Equal(RealmStatus.DeletePending, (await before.Realms.FindAsync(ApiHost.Account, "leaving", Cancel))!.Status);
            Assert.Empty(before.View.Realms.All);
        }

        await using var after = await Harness.OpenAsync(_folder);
        Assert.Null(await after.Realms.FindAsync(ApiHost.Account, "leaving", Cancel));
        Assert.Equal(RealmStatus.Active, (await after.Realms.FindAsync(ApiHost.Account, "coming", Cancel))!.Status);
        Assert.StartsWith("coming.", Assert.Single(after.View.Realms.All).Fqdn, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Serial_RisesWithEveryChangeAlsoWhenTheClockGoesBack()
    {
        var time = new FakeTimeProvider(DateTimeOffset.FromUnixTimeSeconds(2_000_000_000));
        long last;
        await using (var before = await Harness.OpenAsync(_folder, time: time))
        {
            Assert.Equal(2_000_000_000, before.View.Realms.Serial);
            await before.CreateActiveRealmAsync("one");
            var first = before.View.Realms.Serial;
            await before.CreateActiveRealmAsync("two");
            var second = before.View.Realms.Serial;
            await before.Realms.DeleteAsync(ApiHost.Account, "one", Cancel);
            last = before.View.Realms.Serial;
            Assert.True(first < second && second < last);
        }

        await using var after = await Harness.OpenAsync(_folder, time: new FakeTimeProvider(DateTimeOffset.FromUnixTimeSeconds(1_000_000_000)));
        Assert.True(after.View.Realms.Serial >= last);
        var begin = after.View.Realms.Serial;
        await after.CreateActiveRealmAsync("three");
        Assert.True(after.View.Realms.Serial > begin);
    }
}
