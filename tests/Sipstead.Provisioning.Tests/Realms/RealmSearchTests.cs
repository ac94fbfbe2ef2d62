using Sipstead.Provisioning.Credentials;
using Sipstead.Provisioning.Realms;

namespace Sipstead.Provisioning.Tests.Realms;

/// <summary>Pages of realms for tables and choices.</summary>
public sealed class RealmSearchTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private Harness _harness = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _harness = await Harness.OpenAsync(_folder);
        foreach (var (name, credentials) in new[] { ("charlie", 2), ("alpha", 0), ("delta", 3), ("bravo", 2) })
        {
            var realm = await _harness.CreateActiveRealmAsync(name);
            var entries = Enumerable.Range(0, credentials).Select(i => new NewSipCredential { UserName = $"u{i}", Hash1 = "1be6abcaa8e9956021d30f33a3925b99" });
            if (credentials > 0) Assert.Equal(credentials, (await _harness.Credentials.CreateAsync(realm, [.. entries], Cancel)).Value!.Created.Count);
        }

        Assert.True((await _harness.Realms.UpdateAsync(ApiHost.Account, "delta", new RealmUpdate(null, null, true), Cancel)).IsSuccess);
    }

    public async ValueTask DisposeAsync()
    {
        await _harness.DisposeAsync();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(RealmSort.Name, false, "alpha bravo charlie delta")]
    [InlineData(RealmSort.Name, true, "delta charlie bravo alpha")]
    [InlineData(RealmSort.Credentials, false, "alpha bravo charlie delta")]
    [InlineData(RealmSort.Credentials, true, "delta bravo charlie alpha")]
    [InlineData(RealmSort.DefaultFirst, false, "delta alpha bravo charlie")]
    public async Task Search_InEachOrder_PageByPage(RealmSort sort, bool isDescending, string names)
    {
        var search = new RealmSearch { Sort = sort, Descending = isDescending, Take = 3 };
        var first = await _harness.Realms.SearchAsync(ApiHost.Account, search, Cancel);
        var second = await _harness.Realms.SearchAsync(ApiHost.Account, search with { Skip = 3 }, Cancel);
        Assert.Equal((3, 1), (first.Rows.Count, second.Rows.Count));
        Assert.Equal((4, 4), (first.Total, second.Total));
        Assert.Equal(names, string.Join(' ', first.Rows.Concat(second.Rows).Select(realm => realm.Name)));
        Assert.All(first.Rows, realm => Assert.Equal(RealmStatus.Active, realm.Status));
    }

    [Fact]
    public async Task Search_ByAPartOfTheName_InAnyCase_CountsWhatItFinds()
    {
        var found = await _harness.Realms.SearchAsync(ApiHost.Account, new RealmSearch { Text = "LT" }, Cancel);
        Assert.Equal((1, "delta", 3), (found.Total, Assert.Single(found.Rows).Name, found.Rows[0].SipCredentialCount));
        Assert.Equal(0, (await _harness.Realms.SearchAsync(ApiHost.Account + 1, new RealmSearch(), Cancel)).Total);
        Assert.Equal((4, 0), ((await _harness.Realms.SearchAsync(ApiHost.Account, new RealmSearch { Take = 0 }, Cancel)).Total, 0));
    }

    [Fact]
    public async Task Count_FollowsEachChange_AndARestart()
    {
        var realm = (await _harness.Realms.FindAsync(ApiHost.Account, "delta", Cancel))!;
        var some = await _harness.Credentials.ListAsync(realm, new SipCredentialQuery { Size = 1 }, Cancel);
        Assert.True((await _harness.Credentials.DeleteAsync(realm, $"{some.Value!.Credentials[0].Id}", Cancel)).IsSuccess);
        Assert.Equal(2, (await _harness.Realms.FindAsync(ApiHost.Account, "delta", Cancel))!.SipCredentialCount);
        Assert.Equal(2, (await _harness.Realms.UpdateAsync(ApiHost.Account, "delta", new RealmUpdate(null, "d", null), Cancel)).Value!.SipCredentialCount);
        await _harness.DisposeAsync();
        _harness = await Harness.OpenAsync(_folder);
        var listed = await _harness.Realms.ListAsync(ApiHost.Account, null, Cancel);
        Assert.Equal([2, 0, 2, 2], listed.Value!.Select(one => one.SipCredentialCount));
    }
}
