using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Time.Testing;
using Sipstead.Provisioning.Realms;

namespace Sipstead.Provisioning.Tests.Realms;

/// <summary>What happens behind a CREATE_PENDING and a DELETE_PENDING (contract 4.1).</summary>
public sealed class RealmLifecycleTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Create_InTheBackground_IsActivatedAndShownInTheView()
    {
        await using var harness = await Harness.OpenAsync(_folder);
        await harness.StartAsync();
        var created = await harness.Realms.CreateAsync(ApiHost.Account, new NewRealm("office", null, false), Cancel);
        Assert.Equal(RealmStatus.CreatePending, created.Value!.Status);
        await Poll.UntilAsync(async () => (await StatusAsync(harness)) == RealmStatus.Active);
        Assert.True(harness.View.Realms.TryFind(created.Value.Id, out _));
        await harness.Realms.DeleteAsync(ApiHost.Account, "office", Cancel);
        await Poll.UntilAsync(async () => (await StatusAsync(harness)) is null);
    }

    [Fact]
    public async Task Find_CommittedButNotYetInTheView_IsStillPending()
    {
        await using var harness = await Harness.OpenAsync(_folder);
        await harness.Realms.CreateAsync(ApiHost.Account, new NewRealm("office", null, false), Cancel);
        await harness.Store.WriteAsync(
            (write, cancel) => write.Database.Realms.ExecuteUpdateAsync(s => s.SetProperty(r => r.Status, RealmStatus.Active), cancel), Cancel);
        Assert.Equal(RealmStatus.CreatePending, await StatusAsync(harness));
    }

    [Fact]
    public async Task Activation_ThatFails_IsTriedAgain()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(60));
        await using var harness = await Harness.OpenAsync(_folder, time: time);
        await ExecuteAsync(harness, "ALTER TABLE \"RealmSerials\" RENAME TO \"Hidden\"");
        await harness.StartAsync();
        await harness.Realms.CreateAsync(ApiHost.Account, new NewRealm("office", null, false), Cancel);
        await Poll.UntilAsync(() => Task.FromResult(harness.Log.Text.Contains("Error 5002", StringComparison.Ordinal)));
        Assert.Equal(RealmStatus.CreatePending, await StatusAsync(harness));
        Assert.Empty(harness.View.Realms.All);

        await ExecuteAsync(harness, "ALTER TABLE \"Hidden\" RENAME TO \"RealmSerials\"");
        await Poll.UntilAsync(async () =>
        {
            time.Advance(TimeSpan.FromSeconds(1));
            return await StatusAsync(harness) == RealmStatus.Active;
        });
    }

    private static async Task<RealmStatus?> StatusAsync(Harness harness) =>
        (await harness.Realms.FindAsync(ApiHost.Account, "office", Cancel))?.Status;

    private static Task<int> ExecuteAsync(Harness harness, string sql) =>
        harness.Store.WriteAsync((write, cancel) => write.Database.Database.ExecuteSqlRawAsync(sql, cancel), Cancel);
}
