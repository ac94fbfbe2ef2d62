using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Sipstead.Provisioning.Credentials;
using Sipstead.Provisioning.Store;
using Sipstead.Provisioning.Tests;

namespace Sipstead.Provisioning.Postgres.Tests;

/// <summary>What a start on PostgreSQL finds and refuses, in one line and without the password.</summary>
public sealed class PostgresStartTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Model_HasNoChangeWithoutAMigration()
    {
        using var database = new PostgresDatabase("Host=nowhere;Database=none", NullLoggerFactory.Instance).CreateContext();
        Assert.False(database.Database.HasPendingModelChanges());
    }

    [Fact]
    public async Task Open_EmptyDatabase_MakesTheTables_WhateverItsCollation()
    {
        var connection = await EmptyAsync();
        await using var harness = await OpenAsync(connection);
        Assert.NotNull(harness.GeneratedPassword);
        var realm = await harness.CreateActiveRealmAsync("office");
        string[] names = ["b", "B2", "a", "A_1", "a.1", "a1", "C"];
        NewSipCredential[] entries = [.. names.Select(name => new NewSipCredential { UserName = name, Hash1 = "x" })];
        Assert.Equal(names.Length, (await harness.Credentials.CreateAsync(realm, entries, Cancel)).Value!.Created.Count);
        var sorted = await harness.Store.ReadAsync(
            (database, cancel) => database.SipCredentials.OrderBy(c => c.UserName).Select(c => c.UserName).ToListAsync(cancel), Cancel);
        Assert.Equal(names.Order(StringComparer.Ordinal), sorted);
    }

    [Fact]
    public async Task Open_WrongPassword_NamesTheUser() =>
        await ShouldFailAsync(await EmptyAsync(), c => c.Password = "another secret", "refuses the user sipstead", "Correct Sipstead__Database");

    [Fact]
    public async Task Open_NoSuchDatabase_SaysHowToMakeIt() =>
        await ShouldFailAsync(await EmptyAsync(), c => c.Database = "nothing", "nothing of PostgreSQL at 127.0.0.1", "does not exist", "createdb");

    [Fact]
    public async Task Open_NobodyListens_NamesTheAddress() =>
        await ShouldFailAsync(await EmptyAsync(), c => c.Port = FreePort.Take(), "cannot be reached", "127.0.0.1");

    [Fact]
    public async Task Open_UserWithoutRights_SaysWhatIsMissing()
    {
        var connection = await EmptyAsync();
        await (await PostgresServer.OfThisProcessAsync()).ExecuteAsync($"CREATE ROLE guest LOGIN PASSWORD '{PostgresServer.Password}'");
        await ShouldFailAsync(connection, c => c.Username = "guest", "The user guest may not make tables", "own the database");
    }

    [Fact]
    public async Task Open_NewerSchema_IsRefusedAndLeftAlone()
    {
        var connection = await EmptyAsync();
        await (await OpenAsync(connection)).DisposeAsync();
        var database = new NpgsqlConnectionStringBuilder(connection).Database!;
        var server = await PostgresServer.OfThisProcessAsync();
        await server.ExecuteAsync("INSERT INTO \"__EFMigrationsHistory\" VALUES ('29990101000000_FromTheFuture', '99.0')", database);
        await ShouldFailAsync(connection, _ => { }, "29990101000000_FromTheFuture", "newer version");
    }

    [Fact]
    public async Task Open_WhileAnotherServerHasIt_IsRefused()
    {
        var connection = await EmptyAsync();
        await using (await OpenAsync(connection)) await ShouldFailAsync(connection, _ => { }, "in use by another running server");
        await using var next = await OpenAsync(connection);
        Assert.Null(next.GeneratedPassword);
    }

    private static async Task<string> EmptyAsync()
    {
        TestDatabase.Require();
        var server = await PostgresServer.OfThisProcessAsync();
        return server.ConnectionTo(await server.CreateDatabaseAsync());
    }

    private Task<Harness> OpenAsync(string connection) => Harness.OpenAsync(_folder, new ProvisioningOptions { Database = connection });

    private async Task ShouldFailAsync(string connection, Action<NpgsqlConnectionStringBuilder> change, params string[] words)
    {
        var changed = new NpgsqlConnectionStringBuilder(connection);
        change(changed);
        var failure = await Assert.ThrowsAsync<ProvisioningStoreException>(() => OpenAsync(changed.ConnectionString));
        Assert.All(words, word => Assert.Contains(word, failure.Message, StringComparison.Ordinal));
        Assert.DoesNotContain('\n', failure.Message);
        Assert.DoesNotContain(changed.Password!, failure.ToString(), StringComparison.Ordinal);
    }
}
