using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Sipstead.Provisioning.Credentials;
using Sipstead.Provisioning.Store;

namespace Sipstead.Provisioning.Tests.Store;

/// <summary>The file of SQLite: its modes, and what a start refuses, repairs and upgrades.</summary>
public sealed class SqliteFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string File => Path.Combine(_folder.Path, "sipstead.db");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Database_IsInWalModeAndReadableByNobodyElse()
    {
        await using var harness = await Harness.OpenAsync(_folder);
        await harness.CreateActiveRealmAsync("office");
        await using var connection = new SqliteConnection($"Data Source={File};Pooling=False");
        await connection.OpenAsync(Cancel);
        await using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA journal_mode";
        Assert.Equal("wal", await command.ExecuteScalarAsync(Cancel));
        if (OperatingSystem.IsWindows()) return;
        foreach (var file in Directory.GetFiles(_folder.Path))
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, System.IO.File.GetUnixFileMode(file));
    }

    [Fact]
    public async Task Open_FileThatIsNoDatabase_FailsWithOneClearLine()
    {
        await System.IO.File.WriteAllTextAsync(File, string.Concat(Enumerable.Repeat("this is no database ", 1000)), Cancel);
        var failure = await Assert.ThrowsAsync<ProvisioningStoreException>(() => Harness.OpenAsync(_folder));
        Assert.Contains(File, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', failure.Message);
    }

    [Fact]
    public async Task Open_FolderThatIsAFile_FailsWithOneClearLine()
    {
        await System.IO.File.WriteAllTextAsync(Path.Combine(_folder.Path, "data"), "", Cancel);
        var services = new Microsoft.Extensions.DependencyInjection.ServiceCollection();
        using var store = new ProvisioningStore(
            new ProvisioningOptions { DataDirectory = Path.Combine(_folder.Path, "data", "deeper") },
            new Provisioning.View.ProvisioningView(Microsoft.Extensions.Logging.Abstractions.NullLogger<Provisioning.View.ProvisioningView>.Instance),
            TimeProvider.System,
            Microsoft.Extensions.Logging.Abstractions.NullLoggerFactory.Instance);
        var failure = await Assert.ThrowsAsync<ProvisioningStoreException>(() => store.OpenAsync(Cancel));
        Assert.DoesNotContain('\n', failure.Message);
    }

    [Fact]
    public async Task Open_NewerSchema_IsRefusedAndLeftAlone()
    {
        await using (await Harness.OpenAsync(_folder))
        {
        }

        await ExecuteAsync("INSERT INTO __EFMigrationsHistory VALUES ('29990101000000_FromTheFuture', '99.0')");
        var failure = await Assert.ThrowsAsync<ProvisioningStoreException>(() => Harness.OpenAsync(_folder));
        Assert.Contains("29990101000000_FromTheFuture", failure.Message, StringComparison.Ordinal);
        Assert.Contains("newer version", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', failure.Message);
    }

    /// <summary>Before there were applications a credential could name anything; such a name leads nowhere and goes.</summary>
    [Fact]
    public async Task Open_SchemaBeforeApplications_KeepsTheCredentialsAndChecksTheirApplicationsFromThenOn()
    {
        var options = new DbContextOptionsBuilder<SqliteProvisioningContext>().UseSqlite($"Data Source={File};Pooling=False").Options;
        await using (var old = new SqliteProvisioningContext(options)) await old.Database.MigrateAsync("Initial", Cancel);
        await ExecuteAsync(
            "INSERT INTO Accounts VALUES (9900000, 'abcdef', NULL, 1);"
            + "INSERT INTO Realms VALUES (7, 9900000, 'office', 'office.abcdef.auth.sipstead.localhost', NULL, 1, 2);"
            + "INSERT INTO SipCredentials (Id, RealmId, UserName, UserNameKey, Hash1, HashRevision, HttpVoiceV2AppId) VALUES"
            + " (1, 7, 'Alice', 'alice', '1be6abcaa8e9956021d30f33a3925b99', 3, '68092813-741b-4afe-b198-91f425bce81e'),"
            + " (2, 7, 'bob', 'bob', '1be6abcaa8e9956021d30f33a3925b99', 1, NULL)");

        await using var harness = await Harness.OpenAsync(_folder);
        var realm = (await harness.Realms.FindAsync(ApiHost.Account, "office", Cancel))!;
        var alice = (await harness.Credentials.FindAsync(realm, "1", Cancel))!;
        Assert.Equal(("Alice", null), (alice.UserName, alice.HttpVoiceV2AppId));
        Assert.True(harness.View.Credentials.TryGet(1, out var shown) && shown.HashRevision == 3);
        Assert.Equal(2, harness.View.Credentials.Count);

        var application = await harness.CreateApplicationAsync("later");
        var rotation = new SipCredentialUpdate { RealmId = "7", Hash1 = alice.Hash1, HttpVoiceV2AppId = application.ToString() };
        Assert.True((await harness.Credentials.UpdateAsync(realm, "1", rotation, Cancel)).IsSuccess);
        await Assert.ThrowsAsync<SqliteException>(() => ExecuteAsync("PRAGMA foreign_keys=1; DELETE FROM Applications"));
        await Assert.ThrowsAsync<SqliteException>(
            () => ExecuteAsync("PRAGMA foreign_keys=1; UPDATE SipCredentials SET ApplicationId = 'nothing'"));
    }

    [Fact]
    public async Task Open_AfterAKilledMigration_DoesNotWaitForItsLock()
    {
        await ExecuteAsync(
            "CREATE TABLE __EFMigrationsLock (Id INTEGER NOT NULL PRIMARY KEY, Timestamp TEXT NOT NULL); INSERT INTO __EFMigrationsLock VALUES (1, 'x')");
        await using var harness = await Harness.OpenAsync(_folder).WaitAsync(TimeSpan.FromSeconds(30), Cancel);
        Assert.NotNull(harness.GeneratedPassword);
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var connection = new SqliteConnection($"Data Source={File};Pooling=False");
        await connection.OpenAsync(Cancel);
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync(Cancel);
    }
}
