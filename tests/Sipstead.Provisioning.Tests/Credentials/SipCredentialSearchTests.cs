using CsCheck;
using Sipstead.Provisioning.Credentials;
using Sipstead.Provisioning.Realms;

namespace Sipstead.Provisioning.Tests.Credentials;

/// <summary>Tables of the credentials of an account, compared with the same wish over a list.</summary>
public sealed class SipCredentialSearchTests : IAsyncLifetime
{
    private const string Hash = "1be6abcaa8e9956021d30f33a3925b99";

    private readonly TemporaryFolder _folder = new();
    private readonly List<RealmDetails> _realms = [];
    private readonly List<(Guid Id, string Name)> _applications = [];
    private readonly List<SipCredentialRow> _all = [];
    private Harness _harness = null!;
    private RealmDetails _foreign = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _harness = await Harness.OpenAsync(_folder);
        await _harness.Accounts.CreateAccountAsync(2, Cancel);
        _foreign = await _harness.CreateActiveRealmAsync("foreign", account: 2);
        foreach (var name in new[] { "west", "east", "north" }) _realms.Add(await _harness.CreateActiveRealmAsync(name));
        foreach (var name in new[] { "Zulu", "alpha", "Mike" }) _applications.Add((await _harness.CreateApplicationAsync(name), name));
        for (var realm = 0; realm < _realms.Count; realm++)
        {
            var numbers = Enumerable.Range(0, 120).Where(i => i % 7 % _realms.Count == realm);
            await CreateAsync(_realms[realm], [.. numbers.Select(i => Entry($"{(i % 2 == 0 ? "User" : "phone")}{i * 37 % 100}", i % 5))]);
        }

        await _harness.Credentials.CreateAsync(_foreign, [new NewSipCredential { UserName = "User1", Hash1 = Hash }], Cancel);
    }

    public async ValueTask DisposeAsync()
    {
        await _harness.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public Task Search_AnyWish_EqualsTheSameOverAList()
    {
        long?[] realms = [null, null, _realms[0].Id, _realms[2].Id];
        string?[] texts = [null, "", "u", "SER1", "1", "nothing"];
        Guid?[] applications = [null, null, _applications[0].Id, _applications[1].Id];
        var wish = Gen.Select(
            Gen.Int[0, realms.Length - 1].Select(i => realms[i]),
            Gen.Int[0, texts.Length - 1].Select(i => texts[i]),
            Gen.Int[0, applications.Length - 1].Select(i => applications[i]),
            Gen.Enum<SipCredentialSort>(),
            Gen.Bool,
            Gen.Int[-1, 130],
            Gen.Int[-1, 60]);
        return wish.SampleAsync(
            async drawn =>
            {
                var (realm, text, application, sort, descending, skip, take) = drawn;
                var search = new SipCredentialSearch
                {
                    RealmId = realm, Text = text, ApplicationId = application, Sort = sort, Descending = descending, Skip = skip, Take = take,
                };
                var expected = Expected(search).ToList();
                var found = await _harness.Credentials.SearchAsync(ApiHost.Account, search, Cancel);
                Assert.Equal(expected.Count, found.Total);
                Assert.Equal(expected.Skip(skip).Take(take).Select(Text), found.Rows.Select(Text));
            },
            iter: 300,
            threads: 1);
    }

    [Fact]
    public async Task Search_Take_IsCapped()
    {
        var names = Enumerable.Range(0, SipCredentialSearch.MaximumTake).Select(i => new NewSipCredential { UserName = $"x{i}", Hash1 = Hash });
        await _harness.Credentials.CreateAsync(_realms[0], [.. names], Cancel);
        var found = await _harness.Credentials.SearchAsync(ApiHost.Account, new SipCredentialSearch { Take = int.MaxValue, Skip = 1 }, Cancel);
        Assert.Equal(SipCredentialSearch.MaximumTake, found.Rows.Count);
        Assert.Equal(_all.Count + SipCredentialSearch.MaximumTake, found.Total);
        Assert.Equal(25, (await _harness.Credentials.SearchAsync(ApiHost.Account, new SipCredentialSearch(), Cancel)).Rows.Count);
    }

    [Fact]
    public async Task Search_RealmOrAccountOfOthers_FindsNothing()
    {
        var realm = await _harness.Credentials.SearchAsync(ApiHost.Account, new SipCredentialSearch { RealmId = _foreign.Id }, Cancel);
        Assert.Equal((0, 0), (realm.Total, realm.Rows.Count));
        foreach (var sort in Enum.GetValues<SipCredentialSort>())
            Assert.Equal(0, (await _harness.Credentials.SearchAsync(3, new SipCredentialSearch { Sort = sort }, Cancel)).Total);
        Assert.Equal(1, (await _harness.Credentials.SearchAsync(2, new SipCredentialSearch(), Cancel)).Total);
    }

    [Fact]
    public async Task Search_Text_TakesNoWildcards()
    {
        await CreateAsync(_realms[0], [Entry("under_score")]);
        Assert.Equal(1, (await _harness.Credentials.SearchAsync(ApiHost.Account, new SipCredentialSearch { Text = "R_S" }, Cancel)).Total);
        Assert.Equal(0, (await _harness.Credentials.SearchAsync(ApiHost.Account, new SipCredentialSearch { Text = "u%r" }, Cancel)).Total);
    }

    [Fact]
    public async Task Export_GivesEverythingOnceByRealmAndId()
    {
        await _harness.Credentials.CreateAsync(
            _realms[1], [.. Enumerable.Range(0, 1000).Select(i => new NewSipCredential { UserName = $"x{i}", Hash1 = Hash })], Cancel);
        var all = await ExportAsync(new SipCredentialSearch { Take = 1, Skip = 5 });
        Assert.Equal(_all.Count + 1000, all.Count);
        Assert.Equal(all.OrderBy(r => r.Credential.RealmFqdn, StringComparer.Ordinal).ThenBy(r => r.Credential.Id).Select(Text), all.Select(Text));
        Assert.Equal(all.Count, all.Select(r => r.Credential.Id).Distinct().Count());
    }

    [Fact]
    public async Task Export_Filter_GivesWhatTheSearchFinds()
    {
        var search = new SipCredentialSearch { RealmId = _realms[0].Id, ApplicationId = _applications[1].Id, Text = "USER" };
        var expected = Expected(search).Select(Text).Order().ToList();
        Assert.NotEmpty(expected);
        Assert.Equal(expected, (await ExportAsync(search)).Select(Text).Order());
    }

    [Fact]
    public async Task Find_ById_KeepsToTheAccount()
    {
        var row = _all[3];
        Assert.Equal(Text(row), Text((await _harness.Credentials.FindAsync(ApiHost.Account, row.Credential.Id, Cancel))!));
        Assert.Null(await _harness.Credentials.FindAsync(2, row.Credential.Id, Cancel));
        Assert.Null(await _harness.Credentials.FindAsync(ApiHost.Account, 4711, Cancel));
    }

    private static string Text(SipCredentialRow row) =>
        $"{row.Credential.Id} {row.Credential.RealmId} {row.Credential.RealmFqdn} {row.Credential.UserName} {row.Credential.Hash1} "
        + $"{row.Credential.Hash1b} {row.Credential.HttpVoiceV2AppId} {row.ApplicationName}";

    /// <summary>A wish for a credential; from 3 on there is no application of the number.</summary>
    private NewSipCredential Entry(string name, int application = 3) => new()
    {
        UserName = name, Hash1 = Hash, HttpVoiceV2AppId = application < _applications.Count ? _applications[application].Id.ToString() : null,
    };

    private async Task CreateAsync(RealmDetails realm, IReadOnlyList<NewSipCredential> entries)
    {
        var batch = (await _harness.Credentials.CreateAsync(realm, entries, Cancel)).Value!;
        foreach (var created in batch.Created)
        {
            var name = _applications.Find(application => application.Id.ToString() == created.HttpVoiceV2AppId).Name;
            _all.Add(new SipCredentialRow(created, name));
        }
    }

    private async Task<List<SipCredentialRow>> ExportAsync(SipCredentialSearch search)
    {
        var all = new List<SipCredentialRow>();
        await foreach (var row in _harness.Credentials.ExportAsync(ApiHost.Account, search, Cancel)) all.Add(row);
        return all;
    }

    private IEnumerable<SipCredentialRow> Expected(SipCredentialSearch search)
    {
        var rows = _all
            .Where(r => search.RealmId is null || r.Credential.RealmId == search.RealmId)
            .Where(r => r.Credential.UserName.Contains(search.Text ?? "", StringComparison.OrdinalIgnoreCase))
            .Where(r => search.ApplicationId is null || r.Credential.HttpVoiceV2AppId == search.ApplicationId.ToString());
        var ordered = search.Sort switch
        {
            SipCredentialSort.Realm => rows.OrderBy(r => r.Credential.RealmFqdn, StringComparer.Ordinal),
            SipCredentialSort.Application => rows.OrderBy(r => r.ApplicationName?.ToLowerInvariant() ?? "", StringComparer.Ordinal),
            SipCredentialSort.Id => rows.OrderBy(r => r.Credential.Id),
            _ => rows.OrderBy(_ => 0),
        };
        ordered = ordered.ThenBy(r => r.Credential.UserName.ToLowerInvariant(), StringComparer.Ordinal).ThenBy(r => r.Credential.Id);
        return search.Descending ? ordered.Reverse() : ordered;
    }
}
