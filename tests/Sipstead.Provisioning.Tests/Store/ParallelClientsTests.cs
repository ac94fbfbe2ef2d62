using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Sipstead.Provisioning.Audit;
using Sipstead.Provisioning.Realms;
using Sipstead.Provisioning.Store;

namespace Sipstead.Provisioning.Tests.Store;

/// <summary>Clients that fight over the same names by HTTP: what holds at every moment, and what is left in the end.</summary>
public sealed class ParallelClientsTests
{
    private const int Clients = 8;
    private const int RequestsOfEach = 60;
    private const string Hash = "1be6abcaa8e9956021d30f33a3925b99";

    private readonly Lock _counting = new();
    private readonly Dictionary<(AuditAction, AuditKind), int> _changes = [];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task SameNames_StayUnique_WithOneDefault_AndEachChangeIsToldOnce(int seed)
    {
        await using var host = await ApiHost.StartAsync();
        await host.CreateActiveRealmAsync("r0", isDefault: true);
        Count(AuditAction.Create, AuditKind.Realm);
        using var done = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var watching = WatchAsync(host, done.Token);
        await Task.WhenAll(Enumerable.Range(0, Clients).Select(client => Task.Run(() => FightAsync(host, new Random((seed * Clients) + client)), Cancel)));
        await done.CancelAsync();
        Assert.True(await watching > 0);

        await Poll.UntilAsync(async () => (await host.GetAsync("realms")).Values("Status").All(status => status == "ACTIVE"));
        await CheckAsync(host);
    }

    private async Task FightAsync(ApiHost host, Random random)
    {
        for (var i = 0; i < RequestsOfEach; i++)
        {
            var (realm, user) = ($"r{random.Next(4)}", $"u{random.Next(6)}");
            var answer = await (random.Next(8) switch
            {
                0 or 1 => CountedAsync(
                    host.PostAsync("realms", $"<Realm><Realm>{realm}</Realm><Default>{(random.Next(2) == 0 ? "true" : "false")}</Default></Realm>"),
                    AuditAction.Create, AuditKind.Realm),
                2 => CountedAsync(host.DeleteAsync($"realms/{realm}"), AuditAction.Delete, AuditKind.Realm),
                3 => host.PutAsync($"realms/{realm}", "<Realm><Default>true</Default></Realm>"),
                4 or 5 => CountedAsync(
                    host.PostAsync($"realms/{realm}/sipcredentials", $"<SipCredentials>{Entry(user)}{Entry(user + "b")}</SipCredentials>"),
                    AuditAction.Create, AuditKind.Credential),
                6 => CountedAsync(
                    host.PostAsync("sipcredentials", $"<SipCredentials>{Entry(user + "@example.com", $"<Realm>{realm}</Realm>")}</SipCredentials>"),
                    AuditAction.Create, AuditKind.Credential),
                _ => CountedAsync(host.DeleteAsync($"sipcredentials/{user}"), AuditAction.Delete, AuditKind.Credential),
            });
            Assert.True(answer.Status < HttpStatusCode.InternalServerError, answer.Body);
        }
    }

    /// <summary>Reads the realms over and over: each list is of one moment.</summary>
    private static async Task<int> WatchAsync(ApiHost host, CancellationToken done)
    {
        var looks = 0;
        while (!done.IsCancellationRequested)
        {
            var list = await host.GetAsync("realms");
            var names = list.Xml!.Descendants("Realm").Where(element => !element.HasElements).Select(element => element.Value).ToList();
            Assert.Equal(names.Distinct(), names);
            Assert.Single(list.Values("Default"), "true");
            looks++;
        }

        return looks;
    }

    private async Task CheckAsync(ApiHost host)
    {
        var store = host.Services.GetRequiredService<ProvisioningStore>();
        var realms = await store.ReadAsync((database, cancel) => database.Realms.ToListAsync(cancel), Cancel);
        var credentials = await store.ReadAsync((database, cancel) => database.SipCredentials.ToListAsync(cancel), Cancel);
        var entries = await store.ReadAsync((database, cancel) => database.AuditEntries.ToListAsync(cancel), Cancel);

        Assert.Equal(realms.Count, realms.Select(realm => realm.Name).Distinct().Count());
        Assert.Equal(credentials.Count, credentials.Select(one => (one.RealmId, one.UserNameKey)).Distinct().Count());
        Assert.Single(realms, realm => realm.IsDefault);
        Assert.All(credentials, one => Assert.Contains(realms, realm => realm.Id == one.RealmId));

        Assert.Equal(realms.Select(realm => realm.Id).Order(), host.View.Realms.All.Select(realm => realm.Id).Order());
        Assert.Equal(credentials.Count, host.View.Credentials.Count);
        Assert.All(credentials, one => Assert.True(host.View.Credentials.TryGet(one.Id, out var shown) && shown.RealmId == one.RealmId));
        Assert.Equal(
            realms.OrderBy(realm => realm.Id).Select(realm => credentials.Count(one => one.RealmId == realm.Id).ToString(System.Globalization.CultureInfo.InvariantCulture)),
            (await host.GetAsync("realms")).Values("SipCredentialCount"));

        int Told(AuditAction action, AuditKind kind) => entries.Where(entry => entry.Action == action && entry.Kind == kind).Sum(entry => entry.Count);
        var realmsDeleted = Told(AuditAction.Delete, AuditKind.Realm);
        Assert.InRange(Changes(AuditAction.Delete, AuditKind.Realm), realmsDeleted, int.MaxValue); // 202 also to who deletes one that is being deleted
        foreach (var ((action, kind), count) in _changes.Where(change => change.Key != (AuditAction.Delete, AuditKind.Realm)))
            Assert.Equal((action, kind, count), (action, kind, Told(action, kind)));
        Assert.Equal(realms.Count, Changes(AuditAction.Create, AuditKind.Realm) - realmsDeleted);
        Assert.Equal(credentials.Count, Changes(AuditAction.Create, AuditKind.Credential) - Changes(AuditAction.Delete, AuditKind.Credential));
        Assert.All(realms, realm => Assert.Equal(RealmStatus.Active, realm.Status));
    }

    private async Task<ApiHost.Answer> CountedAsync(Task<ApiHost.Answer> asking, AuditAction action, AuditKind kind)
    {
        var answer = await asking;
        if (answer.Status >= HttpStatusCode.Ambiguous) return answer;
        Count(action, kind, (action, kind) == (AuditAction.Create, AuditKind.Credential) ? answer.Xml!.Descendants("SipCredential").Count(one => one.Element("Id") is not null) : 1);
        return answer;
    }

    private void Count(AuditAction action, AuditKind kind, int count = 1)
    {
        lock (_counting) _changes[(action, kind)] = Changes(action, kind) + count;
    }

    private int Changes(AuditAction action, AuditKind kind) => _changes.GetValueOrDefault((action, kind));

    private static string Entry(string name, string more = "") => $"<SipCredential><UserName>{name}</UserName><Hash1>{Hash}</Hash1>{more}</SipCredential>";
}
