using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Sipstead.Provisioning.Accounts;
using Sipstead.Provisioning.Applications;
using Sipstead.Provisioning.Credentials;
using Sipstead.Provisioning.Store;
using Sipstead.Provisioning.Tests;

namespace Sipstead.Provisioning.Postgres.Tests;

/// <summary>Everything goes from one database to the other, with its ids, or nothing does.</summary>
public sealed class DatabaseMoveTests : IDisposable
{
    private const string Hash = "1be6abcaa8e9956021d30f33a3925b99";

    private readonly TemporaryFolder _folder = new();
    private readonly List<DatabaseMoveProgress> _progress = [];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private ProvisioningOptions Sqlite => new() { DataDirectory = _folder.Path };

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Tables_AreAllThereAre()
    {
        using var provider = ProvisioningDatabase.Of(Sqlite, NullLoggerFactory.Instance);
        await provider.PrepareAsync(Cancel);
        await using var database = provider.CreateContext();
        Assert.Equal(
            database.Model.GetEntityTypes().Select(type => type.ClrType.Name).Order(), StoreTable.All.Select(table => table.RowType.Name).Order());
    }

    [Fact]
    public async Task Move_ThereAndBack_KeepsEveryRowAndGoesOnWithTheIds()
    {
        var first = await PostgresAsync();
        await FillAsync(first);
        var (content, ids) = (await ContentAsync(first), await LastIdsAsync(first));
        Assert.All(StoreTable.All, table => Assert.Contains($"\n{table.Title}: {{", content, StringComparison.Ordinal));

        var counts = await DatabaseMove.RunAsync(first, Sqlite, _progress.Add, Cancel);
        Assert.Equal(12_000, counts.Single(count => count.Rows == "credentials").Count);
        Assert.Equal((10_000, 12_000), (_progress[^1].Copied, _progress[^1].Total));
        Assert.Equal(content, await ContentAsync(Sqlite));
        Assert.Equal(ids, await LastIdsAsync(Sqlite));

        var last = await PostgresAsync();
        await DatabaseMove.RunAsync(Sqlite, last, _progress.Add, Cancel);
        Assert.Equal(content, await ContentAsync(last));
        Assert.Equal(ids, await LastIdsAsync(last));

        await using var harness = await Harness.OpenAsync(_folder, last);
        Assert.Equal(12_000, harness.View.Credentials.Count);
        var realm = (await harness.Realms.FindAsync(ApiHost.Account, "office", Cancel))!;
        var batch = await harness.Credentials.CreateAsync(realm, [new NewSipCredential { UserName = "next", Hash1 = Hash }], Cancel);
        Assert.Equal(12_004, Assert.Single(batch.Value!.Created).Id); // 12,003 was the highest, and is deleted
        Assert.Equal("callback secret", Assert.Single(harness.View.Applications.All).Credentials!.Password);
    }

    [Fact]
    public async Task Move_ToADatabaseWithContent_IsRefused()
    {
        var postgres = await PostgresAsync();
        await FillAsync(postgres, credentials: 1);
        await DatabaseMove.RunAsync(postgres, Sqlite, _progress.Add, Cancel);
        var failure = await Assert.ThrowsAsync<ProvisioningStoreException>(() => DatabaseMove.RunAsync(Sqlite, postgres, _progress.Add, Cancel));
        Assert.Contains("is not empty", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Move_ThatFailsAtTheEnd_LeavesNothing()
    {
        var postgres = await PostgresAsync();
        await FillAsync(postgres, credentials: 1);
        await DatabaseMove.RunAsync(postgres, Sqlite, _progress.Add, Cancel);
        using (var sqlite = ProvisioningDatabase.Of(Sqlite, NullLoggerFactory.Instance))
        {
            await using var database = sqlite.CreateContext();
            await database.Database.OpenConnectionAsync(Cancel);
            await database.Database.ExecuteSqlRawAsync("PRAGMA foreign_keys=0", Cancel);
            await database.Database.ExecuteSqlRawAsync("UPDATE TrunkRoutes SET LocationId = 4711", Cancel);
        }

        var target = await PostgresAsync();
        var failure = await Assert.ThrowsAsync<ProvisioningStoreException>(() => DatabaseMove.RunAsync(Sqlite, target, _progress.Add, Cancel));
        Assert.Contains("Nothing was moved", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('{', await ContentAsync(target));
    }

    private static async Task<ProvisioningOptions> PostgresAsync()
    {
        TestDatabase.Require();
        var server = await PostgresServer.OfThisProcessAsync();
        return new ProvisioningOptions { Database = server.ConnectionTo(await server.CreateDatabaseAsync()) };
    }

    private async Task FillAsync(ProvisioningOptions options, int credentials = 12_000)
    {
        await using var harness = await Harness.OpenAsync(_folder, options);
        await harness.Accounts.CreateAccountAsync(2, Cancel);
        await harness.Accounts.CreateUserAsync("Ünïcode", "a long password", 2, ApiRole.Write, Cancel);
        var realm = await harness.CreateActiveRealmAsync("office", isDefault: true);
        var wish = new NewApplication
        {
            ServiceType = "Voice-V2", AppName = "Ärger", CallInitiatedCallbackUrl = "https://app.example/voice", CallbackCreds = new NewCallbackCredentials("user", "callback secret"),
        };
        var application = (await harness.Applications.CreateAsync(ApiHost.Account, wish, Cancel)).Value!.Id;
        await harness.Store.WriteAsync(
            async (write, cancel) =>
            {
                var sha = new string('a', 64);
                await write.Database.InsertAsync([.. Enumerable.Range(1, credentials + 3).Select(i => new SipCredential
                {
                    RealmId = realm.Id, UserName = $"User{i}", UserNameKey = $"user{i}", Hash1 = Hash, Hash1b = i % 2 == 0 ? Hash : null, HashRevision = i,
                    Hash1Sha256 = i % 3 == 0 ? sha : null, HasDomain = i % 5 == 0, ApplicationId = i % 7 == 0 ? application : null,
                })], cancel);
                await write.Database.SipCredentials.Where(c => c.Id > credentials).ExecuteDeleteAsync(cancel);
                var location = new Location { Name = "Desk", Site = new Site { AccountId = ApiHost.Account, Name = "Head office", OtherElements = "<A>ß</A>" }, IsDefault = true };
                write.Database.Add(new PhoneNumber { AccountId = ApiHost.Account, Number = "+12025550100", Location = location });
                await write.Database.SaveChangesAsync(cancel);
                write.Database.Add(new Recording { Id = "r-1", AccountId = ApiHost.Account, OwnerId = "c-1", ApplicationId = "", To = "+1", From = "ß", Octets = 5_000_000_000 });
                write.Database.Add(new Trunk
                {
                    AccountId = ApiHost.Account, Name = "carrier", Host = "sip.example", Sources = "192.0.2.1", Outbound = "+*", CallerIds = "",
                    Routes = { new TrunkRoute { Pattern = "+*", ApplicationId = application, LocationId = location.Id } },
                });
                return true;
            },
            Cancel);
    }

    /// <summary>Every row of every table, in one order for all databases.</summary>
    private static async Task<string> ContentAsync(ProvisioningOptions options)
    {
        using var store = ProvisioningDatabase.Of(options, NullLoggerFactory.Instance);
        await using var database = store.CreateContext();
        var lines = new List<string>();
        foreach (var table in StoreTable.All)
        {
            var rows = (IQueryable<object>)typeof(DbContext).GetMethod(nameof(DbContext.Set), [])!.MakeGenericMethod(table.RowType).Invoke(database, null)!;
            lines.AddRange((await rows.AsNoTracking().ToListAsync(Cancel)).Select(row => $"\n{table.Title}: {JsonSerializer.Serialize(row, table.RowType)}")
                .Order(StringComparer.Ordinal));
        }

        return string.Concat(lines);
    }

    private static async Task<string> LastIdsAsync(ProvisioningOptions options)
    {
        using var store = ProvisioningDatabase.Of(options, NullLoggerFactory.Instance);
        await using var database = store.CreateContext();
        string[] tables = ["ApiUsers", "Realms", "SipCredentials", "Sites", "Locations", "Trunks", "AuditEntries"];
        var ids = new List<string>();
        foreach (var table in tables) ids.Add($"{table} {await database.LastIdAsync(table, Cancel)}");
        return string.Join(", ", ids);
    }
}
