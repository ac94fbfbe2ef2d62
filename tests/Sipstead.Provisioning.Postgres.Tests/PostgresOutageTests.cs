using System.Diagnostics;
using System.Net;
using Npgsql;
using Sipstead.Provisioning.Credentials;
using Sipstead.Provisioning.Realms;
using Sipstead.Provisioning.Store;
using Sipstead.Provisioning.Tests;

namespace Sipstead.Provisioning.Postgres.Tests;

/// <summary>PostgreSQL away, silent, or taken by another server: nothing hangs, and the view never parts from the database.</summary>
public sealed class PostgresOutageTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Session_Ended_IsTakenAgain_AndNobodyNotices()
    {
        await using var harness = await Harness.OpenAsync(_folder);
        await EndSessionsAsync(harness);
        Assert.True((await harness.Realms.CreateAsync(ApiHost.Account, new NewRealm("office", null, false), Cancel)).IsSuccess);
        Assert.NotNull(await harness.Realms.FindAsync(ApiHost.Account, "office", Cancel));
        await EndSessionsAsync(harness);
        await harness.Store.HoldAsync(Cancel);
        await using var other = new TemporaryFolderOf(harness);
        Assert.Contains("in use by another running server", (await Assert.ThrowsAsync<ProvisioningStoreException>(other.OpenAsync)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Session_EndedAndAnotherServerStarted_NothingIsWrittenUntilARestart()
    {
        await using var first = await Harness.OpenAsync(_folder);
        await EndSessionsAsync(first);
        await using (var other = new TemporaryFolderOf(first))
        {
            await using var second = await other.OpenAsync();
            await second.CreateActiveRealmAsync("theirs");
            var held = await Assert.ThrowsAsync<StoreUnavailableException>(() => CreateRealmAsync(first, "ours"));
            Assert.Contains("another server holds it", held.Message, StringComparison.Ordinal);
        }

        for (var i = 0; i < 2; i++)
        {
            var gone = await Assert.ThrowsAsync<StoreUnavailableException>(() => CreateRealmAsync(first, "ours"));
            Assert.Contains("restart this one", gone.Message, StringComparison.Ordinal);
        }

        Assert.Contains("Error 5007", first.Log.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, true)]
    [InlineData(true, false)]
    public async Task Commit_ConnectionLost_IsToldAsItCameOut(bool isBefore, bool isStored)
    {
        await using var proxy = await ProxyAsync();
        await using var harness = await OpenThroughAsync(proxy);
        var realm = await harness.CreateActiveRealmAsync("office");
        proxy.CutNext(isBefore ? Cut.BeforeCommit : Cut.AfterCommit);
        var create = harness.Credentials.CreateAsync(realm, [Entry("alice")], Cancel);
        if (isStored) Assert.Single((await create).Value!.Created);
        else await Assert.ThrowsAsync<StoreUnavailableException>(() => create);
        Assert.Equal(isStored, harness.View.Credentials.TryFind(realm.Id, "alice"u8, out _));
        Assert.Equal(isStored ? 0 : 1, (await harness.Credentials.CreateAsync(realm, [Entry("alice")], Cancel)).Value!.Created.Count);
    }

    [Fact]
    public async Task Commit_ConnectionLostForLonger_IsShownOnceItIsBack()
    {
        await using var proxy = await ProxyAsync();
        await using var harness = await OpenThroughAsync(proxy);
        var realm = await harness.CreateActiveRealmAsync("office");
        proxy.CutNext(Cut.AfterCommit, staysDown: true);
        await Assert.ThrowsAsync<StoreUnavailableException>(() => harness.Credentials.CreateAsync(realm, [Entry("alice")], Cancel));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => harness.Store.HoldAsync(Cancel));
        Assert.False(harness.View.Credentials.TryFind(realm.Id, "alice"u8, out _));
        proxy.Repair();
        await harness.Store.HoldAsync(Cancel);
        Assert.True(harness.View.Credentials.TryFind(realm.Id, "alice"u8, out _));
        Assert.Contains("can be used again", harness.Log.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task S_71_Server_SilentThenStopped_IsAnswered503InTime_AndServesAgain()
    {
        TestDatabase.Require();
        await using var server = await PostgresServer.StartAsync(Cancel);
        var connection = new NpgsqlConnectionStringBuilder(server.ConnectionTo(await server.CreateDatabaseAsync())) { CommandTimeout = 1, Timeout = 1 };
        await using var host = await ApiHost.StartAsync(new ProvisioningOptions { Database = connection.ConnectionString }, _folder);
        Assert.Equal(HttpStatusCode.Created, (await host.PostAsync("realms", Realm("before"))).Status);

        await server.SignalAsync("STOP", Cancel);
        var watch = Stopwatch.StartNew();
        foreach (var answer in await Task.WhenAll(host.GetAsync("realms"), host.PostAsync("realms", Realm("silent")))) ShouldBeUnavailable(answer);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(30), $"{watch.Elapsed}");
        await server.SignalAsync("CONT", Cancel);
        await Provisioning.Tests.Poll.UntilAsync(async () => (await host.PostAsync("realms", Realm("after"))).Status != HttpStatusCode.ServiceUnavailable);
        Assert.Equal(HttpStatusCode.OK, (await host.GetAsync("realms/after")).Status);

        await server.StopAsync();
        ShouldBeUnavailable(await host.GetAsync("realms"));
        ShouldBeUnavailable(await host.PostAsync("realms", Realm("gone")));
        Assert.DoesNotContain(PostgresServer.Password, host.Log.Text, StringComparison.Ordinal);
    }

    private static void ShouldBeUnavailable(ApiHost.Answer answer)
    {
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.Status);
        Assert.Equal("Service is Unavailable", answer.Description);
        Assert.Null(answer.ErrorCode);
        Assert.Equal(TimeSpan.FromSeconds(StoreUnavailableException.RetryAfter), answer.Headers.RetryAfter?.Delta);
    }

    private static string Realm(string name) => $"<Realm><Realm>{name}</Realm><Default>false</Default></Realm>";

    private static NewSipCredential Entry(string name) => new() { UserName = name, Hash1 = "1be6abcaa8e9956021d30f33a3925b99" };

    private static Task<ProvisioningResult<RealmDetails>> CreateRealmAsync(Harness harness, string name) =>
        harness.Realms.CreateAsync(ApiHost.Account, new NewRealm(name, null, false), Cancel);

    private static string ConnectionOf(Harness harness) =>
        ((ProvisioningOptions)harness.Services.GetService(typeof(ProvisioningOptions))!).Database!;

    /// <summary>As a restart of PostgreSQL does.</summary>
    private static async Task EndSessionsAsync(Harness harness)
    {
        var database = new NpgsqlConnectionStringBuilder(ConnectionOf(harness)).Database!;
        var server = await PostgresServer.OfThisProcessAsync();
        await server.ExecuteAsync($"SELECT count(pg_terminate_backend(pid, 5000)) FROM pg_stat_activity WHERE datname = '{database}'");
    }

    private static async Task<CuttingProxy> ProxyAsync()
    {
        TestDatabase.Require();
        return new CuttingProxy((await PostgresServer.OfThisProcessAsync()).Port);
    }

    private async Task<Harness> OpenThroughAsync(CuttingProxy proxy)
    {
        var server = await PostgresServer.OfThisProcessAsync();
        var connection = new NpgsqlConnectionStringBuilder(server.ConnectionTo(await server.CreateDatabaseAsync())) { Port = proxy.Port };
        return await Harness.OpenAsync(_folder, new ProvisioningOptions { Database = connection.ConnectionString });
    }

    /// <summary>The place of a second server on the same database.</summary>
    private sealed class TemporaryFolderOf(Harness first) : IAsyncDisposable
    {
        private readonly TemporaryFolder _folder = new();

        public Task<Harness> OpenAsync() => Harness.OpenAsync(_folder, new ProvisioningOptions { Database = ConnectionOf(first) });

        public ValueTask DisposeAsync()
        {
            _folder.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
