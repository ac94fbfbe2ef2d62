using Microsoft.EntityFrameworkCore;
using Sipstead.Provisioning.Credentials;
using Sipstead.Provisioning.Store;

namespace Sipstead.Provisioning.Tests.Credentials;

/// <summary>What the database does for the account's API: nothing that walks through the credentials of others.</summary>
public sealed class AccountCredentialPlanTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private readonly QueryPlans _plans = new();
    private Harness _harness = null!;
    private SqliteProvisioningContext _database = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _harness = await Harness.OpenAsync(_folder);
        foreach (var name in new[] { "office", "branch" })
        {
            var realm = await _harness.CreateActiveRealmAsync(name);
            var entries = Enumerable.Range(0, 100).Select(i => new NewSipCredential { UserName = $"user{i}", Hash1 = "h" });
            Assert.True((await _harness.Credentials.CreateAsync(realm, [.. entries], Cancel)).IsSuccess);
        }

        _database = new SqliteProvisioningContext(new DbContextOptionsBuilder<SqliteProvisioningContext>()
            .UseSqlite($"Data Source={Path.Combine(_folder.Path, "sipstead.db")};Pooling=False").AddInterceptors(_plans).Options);
    }

    public async ValueTask DisposeAsync()
    {
        await _database.DisposeAsync();
        await _harness.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Find_LooksTheNameUpInEachRealm()
    {
        Assert.NotNull(await AccountCredentialService.FirstAsync(_database, ApiHost.Account, "user7", Cancel));
        var steps = Assert.Single(_plans.All).Steps;
        Assert.Contains(steps, step => step.StartsWith("SEARCH s USING INDEX IX_SipCredentials_RealmId_UserNameKey (RealmId=? AND UserNameKey=?)", StringComparison.Ordinal));
    }

    [Fact]
    public async Task List_ReadsThePageOfEachRealm_NotTheCredentialsOfOthers()
    {
        var query = new SipCredentialQuery { FirstId = 50, Size = 10 };
        Assert.Equal(10, (await AccountCredentialService.ListAsync(_database, ApiHost.Account, query, Cancel)).Value!.Credentials.Count);
        Assert.All(_plans.All, plan => Assert.DoesNotContain(plan.Steps, step => step.StartsWith("SCAN s", StringComparison.Ordinal) || step.Contains("s USING INTEGER PRIMARY KEY (rowid>?)", StringComparison.Ordinal)));
    }
}
