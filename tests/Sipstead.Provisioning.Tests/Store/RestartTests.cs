using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Time.Testing;
using Sipstead.Provisioning.Credentials;
using Sipstead.Provisioning.Realms;
using Sipstead.Provisioning.Store;

namespace Sipstead.Provisioning.Tests.Store;

/// <summary>What a restart finds, and what a start refuses.</summary>
public sealed class RestartTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string File => Path.Combine(_folder.Path, "sipstead.db");

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
