using Microsoft.EntityFrameworkCore;
using Sipstead.Provisioning.Credentials;
using Sipstead.Provisioning.Realms;
using Sipstead.Provisioning.Store;

namespace Sipstead.Provisioning.Tests.Credentials;

/// <summary>What SQLite does for tables of credentials and for the account's API: nothing that walks through the credentials of others.</summary>
public sealed class SipCredentialPlanTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private readonly QueryPlans _plans = new();
    private Harness _harness = null!;
    private RealmDetails _realm = null!;
    private SqliteProvisioningContext _database = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _harness = await Harness.OpenAsync(_folder);
        foreach (var name in new[] { "office", "branch" })
        {
            _realm = await _harness.CreateActiveRealmAsync(name);
            var entries = Enumerable.Range(0, 100).Select(i => new NewSipCredential { UserName = $"user{i}", Hash1 = "h" });
            Assert.True((await _harness.Credentials.CreateAsync(_realm, [.. entries], Cancel)).IsSuccess);
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

    /// <summary>What makes a page of 100,000 quick: nothing is read but a covering index, and within one realm nothing is sorted.</summary>
    [Theory]
    [InlineData(SipCredentialSort.UserName)]
    [InlineData(SipCredentialSort.Realm)]
    [InlineData(SipCredentialSort.Application)]
    [InlineData(SipCredentialSort.Id)]
    public async Task Search_Plan_KeepsToCoveringIndexes(SipCredentialSort sort)
    {
        SipCredentialSearch[] searches =
        [
            new() { Sort = sort }, new() { Sort = sort, Text = "u" }, new() { Sort = sort, RealmId = _realm.Id, Descending = true },
        ];
        foreach (var search in searches)
        {
            var before = _plans.All.Count;
            Assert.NotEmpty((await SipCredentialQueries.SearchAsync(_database, ApiHost.Account, search, Cancel)).Rows);
            var ofCredentials = _plans.All.Skip(before).Where(plan => plan.Query.Contains("\"SipCredentials\"", StringComparison.Ordinal)).ToList();
            Assert.InRange(ofCredentials.Count, 3, 20);
            foreach (var (_, steps) in ofCredentials.SkipLast(1))
            {
                Assert.Contains(steps, step => step.StartsWith("SEARCH s USING COVERING INDEX", StringComparison.Ordinal));
                if (search.RealmId is not null) Assert.Single(steps);
            }

            Assert.Contains("SEARCH s USING INTEGER PRIMARY KEY (rowid=?)", ofCredentials[^1].Steps);
        }
    }
}
