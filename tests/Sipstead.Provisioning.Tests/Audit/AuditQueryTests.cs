using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Sipstead.Provisioning.Accounts;

namespace Sipstead.Provisioning.Tests.Audit;

/// <summary>Who may read the audit, and how it is searched.</summary>
public sealed class AuditQueryTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Start = new(2026, 11, 27, 12, 0, 0, TimeSpan.Zero);

    private readonly FakeTimeProvider _time = new(Start);
    private ApiHost _host = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await ApiHost.StartAsync(time: _time);
        for (var i = 0; i < 5; i++)
        {
            _time.Advance(TimeSpan.FromHours(1));
            Assert.Equal(HttpStatusCode.Created, (await _host.PostAsync("sites", $"<Site><Name>site{i}</Name></Site>")).Status);
        }
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    private static string Path(string query = "", long account = ApiHost.Account) => $"/api/v2/accounts/{account}/audit{query}";

    private async Task<(List<string?> Names, string? Next)> ListAsync(string query)
    {
        var answer = await _host.SendAsync(HttpMethod.Get, Path(query));
        Assert.True(answer.Status == HttpStatusCode.OK, answer.Body);
        var body = JsonDocument.Parse(answer.Body).RootElement;
        return ([.. body.GetProperty("entries").EnumerateArray().Select(e => e.TryGetProperty("name", out var name) ? name.GetString() : null)],
            body.TryGetProperty("nextPage", out var next) ? next.GetString() : null);
    }

    [Theory]
    [InlineData("?kind=site", "site4 site3 site2 site1 site0")]
    [InlineData("?kind=SITE&size=2", "site4 site3")]
    [InlineData("?kind=site&from=2026-11-27T15:00:00Z", "site4 site3 site2")]
    [InlineData("?kind=site&to=2026-11-27T15:00:00Z", "site1 site0")]
    [InlineData("?kind=site&from=2026-11-27T15:00:00%2B01:00&to=2026-11-27T15:00:00Z", "site1")]
    [InlineData("?kind=site&from=2026-11-28", "")]
    [InlineData("?actor=ADMIN&kind=site&id=2", "site1")]
    [InlineData("?actor=nobody", "")]
    [InlineData("?actor=system&kind=user", "admin")]
    [InlineData("?kind=trunk", "")]
    [InlineData("?kind=user&id=admin", "admin")]
    public async Task Filters_FindTheirs_NewestFirst(string query, string names) =>
        Assert.Equal(names, string.Join(' ', (await ListAsync(query)).Names));

    [Fact]
    public async Task Pages_GoOnWhereTheLastOneEnded_WhateverCameMeanwhile()
    {
        var (first, next) = await ListAsync("?kind=site&size=2");
        await _host.PostAsync("sites", "<Site><Name>newer</Name></Site>");
        var (second, afterwards) = await ListAsync($"?kind=site&size=2&page={next}");
        var (third, end) = await ListAsync($"?kind=site&size=2&page={afterwards}");
        Assert.Equal(["site4", "site3", "site2", "site1", "site0"], first.Concat(second).Concat(third));
        Assert.Null(end);
    }

    [Theory]
    [InlineData("?kind=sheep", "none of account, user, realm")]
    [InlineData("?size=0", "within the range [1, 1000]")]
    [InlineData("?size=1001", "within the range")]
    [InlineData("?page=-1", "nextPage")]
    [InlineData("?from=yesterday", "write it like")]
    [InlineData("?to=99999999999", "write it like")]
    public async Task Filter_ThatMakesNoSense_Is400(string query, string words)
    {
        var answer = await _host.SendAsync(HttpMethod.Get, Path(query));
        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Contains(words, JsonDocument.Parse(answer.Body).RootElement.GetProperty("description").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task S_10_Audit_IsForTheAccountsAdminsAlone()
    {
        await _host.Services.GetRequiredService<AccountService>().CreateAccountAsync(4711, TestContext.Current.CancellationToken);
        using var writer = await _host.CreateUserAsync("audit writer", ApiRole.Write);
        using var stranger = await _host.CreateUserAsync("audit stranger", ApiRole.Admin, account: 4711);
        Assert.Equal(HttpStatusCode.Forbidden, (await _host.SendAsync(HttpMethod.Get, Path(), null, writer)).Status);
        var theirs = await _host.SendAsync(HttpMethod.Get, Path(), null, stranger);
        var nobodys = await _host.SendAsync(HttpMethod.Get, Path(account: 1), null, stranger);
        Assert.Equal((HttpStatusCode.Forbidden, nobodys.Body), (theirs.Status, theirs.Body));
        var own = await _host.SendAsync(HttpMethod.Get, Path(account: 4711), null, stranger);
        Assert.DoesNotContain("site", own.Body, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await _host.SendAsync(HttpMethod.Delete, Path())).Status);
    }
}
