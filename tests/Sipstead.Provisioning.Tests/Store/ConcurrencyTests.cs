using System.Text;
using CsCheck;
using Microsoft.EntityFrameworkCore;
using Sipstead.Provisioning.Credentials;
using Sipstead.Provisioning.Realms;

namespace Sipstead.Provisioning.Tests.Store;

/// <summary>Rules that hold however requests interleave, and the view that never parts from the database.</summary>
public sealed class ConcurrencyTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Create_SameRealmInParallel_OneWins()
    {
        await using var harness = await Harness.OpenAsync(_folder);
        var results = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(
            () => harness.Realms.CreateAsync(ApiHost.Account, new NewRealm("office", null, true), Cancel), Cancel)));
        Assert.Single(results, r => r.IsSuccess);
        Assert.All(results.Where(r => !r.IsSuccess), r => Assert.Equal(33002, r.Error!.Code));
    }

    [Fact]
    public async Task Create_DefaultRealmsInParallel_LeavesOneDefault()
    {
        await using var harness = await Harness.OpenAsync(_folder);
        var results = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Run(
            () => harness.Realms.CreateAsync(ApiHost.Account, new NewRealm($"r{i}", null, true), Cancel), Cancel)));
        Assert.All(results, r => Assert.True(r.IsSuccess));
        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Run(
            () => harness.Realms.UpdateAsync(ApiHost.Account, $"r{i}", new RealmUpdate(null, null, true), Cancel), Cancel)));
        var realms = await harness.Realms.ListAsync(ApiHost.Account, null, Cancel);
        Assert.Equal(20, realms.Value!.Count);
        Assert.Single(realms.Value, r => r.IsDefault);
    }

    [Fact]
    public async Task Create_SameCredentialsInParallel_EachNameOnce()
    {
        await using var harness = await Harness.OpenAsync(_folder);
        var realm = await harness.CreateActiveRealmAsync("office");
        var batches = await Task.WhenAll(Enumerable.Range(0, 10).Select(n => Task.Run(
            () => harness.Credentials.CreateAsync(realm, [.. Enumerable.Range(0, 50).Select(i => Entry($"user{i + n}"))], Cancel), Cancel)));
        var created = batches.SelectMany(b => b.Value!.Created).ToList();
        Assert.Equal(59, created.Count);
        Assert.Equal(59, created.Select(c => c.UserName).Distinct().Count());
        Assert.Equal(59, harness.View.Credentials.Count);
    }

    [Fact]
    public async Task Delete_RealmWhileCredentialsCome_NeverLeavesACredentialWithoutRealm()
    {
        await using var harness = await Harness.OpenAsync(_folder);
        for (var round = 0; round < 10; round++)
        {
            var realm = await harness.CreateActiveRealmAsync($"round{round}");
            var create = Task.Run(() => harness.Credentials.CreateAsync(realm, [Entry("alice")], Cancel), Cancel);
            var delete = Task.Run(() => harness.Realms.DeleteAsync(ApiHost.Account, realm.Name, Cancel), Cancel);
            var isCreated = (await create).Value!.Created.Count == 1;
            Assert.NotEqual(isCreated, (await delete).IsSuccess);
            await harness.CompletePendingAsync();
            Assert.Equal(isCreated, harness.View.Realms.TryFind(realm.Id, out _));
            Assert.Equal(isCreated, harness.View.Credentials.TryFind(realm.Id, "alice"u8, out _));
        }
    }

    [Fact]
    public async Task Write_ThatFails_LeavesDatabaseAndViewAsTheyWere()
    {
        await using var harness = await Harness.OpenAsync(_folder);
        var realm = await harness.CreateActiveRealmAsync("office");
        await Assert.ThrowsAsync<DbUpdateException>(() => harness.Store.WriteAsync(
            async (write, cancel) =>
            {
                write.OnCommitted(_ => Assert.Fail("shown without a commit"));
                await write.Database.Realms.ExecuteUpdateAsync(s => s.SetProperty(r => r.Description, "half done"), cancel);
                write.Database.Realms.Add(new Provisioning.Store.Realm { AccountId = ApiHost.Account, Name = "office", Fqdn = realm.Fqdn });
                return true;
            },
            Cancel));
        Assert.Null((await harness.Realms.FindAsync(ApiHost.Account, "office", Cancel))!.Description);
    }

    [Fact]
    public async Task Write_CallerGone_IsWholeOrNotAtAll()
    {
        await using var harness = await Harness.OpenAsync(_folder);
        var realm = await harness.CreateActiveRealmAsync("office");
        for (var i = 0; i < 30; i++)
        {
            using var leaving = new CancellationTokenSource();
            var batch = harness.Credentials.CreateAsync(realm, [.. Enumerable.Range(0, 20).Select(n => Entry($"u{i}x{n}"))], leaving.Token);
            await leaving.CancelAsync();
            try
            {
                await batch;
            }
            catch (OperationCanceledException)
            {
            }
        }

        var stored = await harness.Store.ReadAsync((database, cancel) => database.SipCredentials.Select(c => c.Id).ToListAsync(cancel), Cancel);
        Assert.Equal(0, stored.Count % 20);
        Assert.Equal(stored.Count, harness.View.Credentials.Count);
        Assert.All(stored, id => Assert.True(harness.View.Credentials.TryGet(id, out _)));
    }

    [Fact]
    public Task View_AfterRandomChanges_EqualsTheStoreAndAFreshStart()
    {
        TestDatabase.Require();
        return Gen.Select(Gen.Int[0, 5], Gen.Int[0, 3], Gen.Int[0, 5]).Array[120].SampleAsync(CheckViewAsync, iter: 5, threads: 1);
    }

    private static async Task CheckViewAsync((int Kind, int Realm, int User)[] steps)
    {
        using var folder = new TemporaryFolder();
        int count;
        HashSet<string> names;
        await using (var harness = await Harness.OpenAsync(folder))
        {
            foreach (var (kind, realm, user) in steps) await ApplyAsync(harness, kind, $"r{realm}", $"User{user}");
            await AssertViewEqualsStoreAsync(harness);
            await harness.CompletePendingAsync();
            names = harness.View.Realms.All.Select(r => r.Fqdn).ToHashSet();
            count = harness.View.Credentials.Count;
        }

        await using var restarted = await Harness.OpenAsync(folder);
        await AssertViewEqualsStoreAsync(restarted);
        Assert.Equal(count, restarted.View.Credentials.Count);
        Assert.Equal(names, restarted.View.Realms.All.Select(r => r.Fqdn).ToHashSet());
    }

    private static NewSipCredential Entry(string name) => new() { UserName = name, Hash1 = "1be6abcaa8e9956021d30f33a3925b99" };

    private static async Task ApplyAsync(Harness harness, int kind, string realmName, string userName)
    {
        var realm = await harness.Realms.FindAsync(ApiHost.Account, realmName, Cancel);
        switch (kind)
        {
            case 0:
                await harness.Realms.CreateAsync(ApiHost.Account, new NewRealm(realmName, null, false), Cancel);
                break;
            case 1:
                await harness.Realms.DeleteAsync(ApiHost.Account, realmName, Cancel);
                break;
            case 2:
                await harness.CompletePendingAsync();
                break;
            case 3 when realm is not null:
                await harness.Credentials.CreateAsync(realm, [Entry(userName), Entry(userName + "b")], Cancel);
                break;
            case 4 when realm is not null && harness.View.Credentials.TryFind(realm.Id, Encoding.UTF8.GetBytes(userName), out var rotated):
                await harness.Credentials.UpdateAsync(
                    realm,
                    $"{rotated.Id}",
                    new SipCredentialUpdate { RealmId = $"{realm.Id}", Hash1 = $"{rotated.HashRevision:x32}", Hash1b = $"{rotated.Id:x32}" },
                    Cancel);
                break;
            case 5 when realm is not null && harness.View.Credentials.TryFind(realm.Id, Encoding.UTF8.GetBytes(userName), out var removed):
                await harness.Credentials.DeleteAsync(realm, $"{removed.Id}", Cancel);
                break;
        }
    }

    private static async Task AssertViewEqualsStoreAsync(Harness harness)
    {
        var realms = await harness.Store.ReadAsync(
            (database, cancel) => database.Realms.Where(r => r.Status == RealmStatus.Active).OrderBy(r => r.Id).ToListAsync(cancel), Cancel);
        Assert.Equal(realms.Select(r => (r.Id, r.Fqdn)), harness.View.Realms.All.OrderBy(r => r.Id).Select(r => (r.Id, r.Fqdn)));
        var credentials = await harness.Store.ReadAsync((database, cancel) => database.SipCredentials.ToListAsync(cancel), Cancel);
        Assert.Equal(credentials.Count, harness.View.Credentials.Count);
        foreach (var stored in credentials)
        {
            Assert.True(harness.View.Credentials.TryFind(stored.RealmId, Encoding.UTF8.GetBytes(stored.UserName), out var shown));
            Assert.Equal(
                (stored.Id, stored.HashRevision, stored.Hash1, stored.Hash1b),
                (shown.Id, shown.HashRevision, $"{shown.Hash1:x32}", shown.HasHash1b ? $"{shown.Hash1b:x32}" : null));
        }
    }
}
