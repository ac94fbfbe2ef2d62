using System.Text;
using System.Text.Json;
using CsCheck;
using Microsoft.Extensions.Time.Testing;
using Sipstead.Provisioning.Applications;
using Sipstead.Provisioning.Credentials;
using Sipstead.Provisioning.Realms;
using Sipstead.Provisioning.View;

namespace Sipstead.Provisioning.Tests.Applications;

/// <summary>Contract 7 without HTTP: what the view holds, and rules that hold however requests interleave.</summary>
public sealed class ApplicationServiceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static NewApplication Full { get; } = new()
    {
        ServiceType = "Voice-V2",
        AppName = "full",
        CallInitiatedCallbackUrl = "https://app.example/voice",
        CallInitiatedMethod = "GET",
        CallInitiatedFallbackUrl = "http://backup.example/voice",
        CallInitiatedFallbackMethod = "GET",
        CallStatusCallbackUrl = "https://app.example/status",
        CallStatusMethod = "GET",
        CallbackCreds = new NewCallbackCredentials("user", "secret password"),
        CallInitiatedFallbackCreds = new NewCallbackCredentials("fallback user", "fallback secret"),
        CallbackTimeout = "2.5",
    };

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task View_AfterCreateAndARestart_HoldsEveryPart()
    {
        Guid id;
        await using (var harness = await Harness.OpenAsync(_folder))
        {
            id = (await harness.Applications.CreateAsync(ApiHost.Account, Full, Cancel)).Value!.Id;
            AssertIsFull(harness.View, id);
        }

        await using var restarted = await Harness.OpenAsync(_folder);
        AssertIsFull(restarted.View, id);
    }

    [Fact]
    public async Task View_LeastApplication_HasTheDefaults()
    {
        await using var harness = await Harness.OpenAsync(_folder);
        var id = await harness.CreateApplicationAsync("least");
        Assert.True(harness.View.Applications.TryFind(id, out var entry));
        Assert.Equal((false, false, false), (entry.CallInitiatedIsGet, entry.CallInitiatedFallbackIsGet, entry.CallStatusIsGet));
        Assert.Equal((null, null), (entry.CallInitiatedFallbackUrl, entry.CallStatusUrl));
        Assert.Equal((null, null), (entry.Credentials, entry.FallbackCredentials));
        Assert.Equal(TimeSpan.FromSeconds(15), entry.CallbackTimeout);
    }

    [Fact]
    public async Task Restart_KeepsMessagingApplicationsOutOfTheViewAndTheBindingsInIt()
    {
        Guid application;
        long credential;
        await using (var before = await Harness.OpenAsync(_folder))
        {
            var realm = await before.CreateActiveRealmAsync("office");
            application = await before.CreateApplicationAsync("voice");
            var messaging = new NewApplication { ServiceType = "Messaging", AppName = "texts", InboundCallbackUrl = "https://a.example/" };
            Assert.True((await before.Applications.CreateAsync(ApiHost.Account, messaging, Cancel)).IsSuccess);
            var batch = await before.Credentials.CreateAsync(realm, [Entry("alice", application), Entry("bob", null)], Cancel);
            credential = batch.Value!.Created[0].Id;
        }

        await using var after = await Harness.OpenAsync(_folder);
        Assert.Equal(2, (await after.Applications.ListAsync(ApiHost.Account, Cancel)).Count);
        Assert.Equal(application, Assert.Single(after.View.Applications.All).Id);
        Assert.True(after.View.Credentials.TryGetApplication(credential, out var bound));
        Assert.Equal(application, bound);
        Assert.False(after.View.Credentials.TryGetApplication(credential + 1, out _));
    }

    [Fact]
    public async Task Create_UnknownAccount_Is4022()
    {
        await using var harness = await Harness.OpenAsync(_folder);
        var result = await harness.Applications.CreateAsync(1, Full, Cancel);
        Assert.Equal((ProvisioningErrorKind.NotFound, 4022), (result.Error!.Kind, result.Error.Code));
        Assert.Equal(0, harness.View.Applications.Count);
    }

    [Fact]
    public async Task List_IsOldestFirst()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(60));
        await using var harness = await Harness.OpenAsync(_folder, time: time);
        for (var i = 0; i < 20; i++)
        {
            await harness.CreateApplicationAsync($"a{i}");
            time.Advance(TimeSpan.FromMilliseconds(1));
        }

        Assert.Equal(
            Enumerable.Range(0, 20).Select(i => $"a{i}"),
            (await harness.Applications.ListAsync(ApiHost.Account, Cancel)).Select(a => a.Name));
    }

    /// <summary>What a start with sample data does: each step finds or makes.</summary>
    [Fact]
    public async Task InProcess_RealmCredentialsAndApplication_AreReadyWithoutWaiting()
    {
        await using var harness = await Harness.OpenAsync(_folder);
        for (var start = 0; start < 2; start++)
        {
            var realm = await harness.Realms.FindAsync(ApiHost.Account, "demo", Cancel);
            if (realm is null)
            {
                Assert.True((await harness.Realms.CreateAsync(ApiHost.Account, new NewRealm("demo", null, true), Cancel)).IsSuccess);
                await harness.Realms.CompletePendingAsync(Cancel);
                realm = await harness.Realms.FindAsync(ApiHost.Account, "demo", Cancel);
            }

            Assert.Equal(RealmStatus.Active, realm!.Status);
            var application = (await harness.Applications.ListAsync(ApiHost.Account, Cancel)).FirstOrDefault(a => a.Name == "demo")?.Id
                ?? await harness.CreateApplicationAsync("demo");
            var batch = await harness.Credentials.CreateAsync(realm, [Entry("alice", application), Entry("bob", application)], Cancel);
            Assert.Equal(start == 0 ? 2 : 0, batch.Value!.Created.Count);
            Assert.All(batch.Value.Rejected, rejected => Assert.Equal(23026, rejected.Error.Code));
            Assert.True(harness.View.Credentials.TryFind(realm.Id, "alice"u8, out var alice));
            Assert.True(harness.View.Credentials.TryGetApplication(alice.Id, out var bound) && harness.View.Applications.TryFind(bound, out _));
        }
    }

    [Fact]
    public async Task Delete_WhileCredentialsAreBound_NeverLeavesABindingToNothing()
    {
        await using var harness = await Harness.OpenAsync(_folder);
        var realm = await harness.CreateActiveRealmAsync("office");
        for (var round = 0; round < 20; round++)
        {
            var application = await harness.CreateApplicationAsync($"round{round}");
            var bind = Task.Run(() => harness.Credentials.CreateAsync(realm, [Entry($"user{round}", application)], Cancel), Cancel);
            var delete = Task.Run(() => harness.Applications.DeleteAsync(ApiHost.Account, application.ToString(), Cancel), Cancel);
            var batch = (await bind).Value!;
            var deleted = await delete;
            Assert.NotEqual(batch.Created.Count == 1, deleted.IsSuccess);
            Assert.Equal(deleted.IsSuccess, !harness.View.Applications.TryFind(application, out _));
            if (deleted.IsSuccess) Assert.Equal(23019, Assert.Single(batch.Rejected).Error.Code);
            else Assert.Equal(12107, deleted.Error!.Code);
        }
    }

    [Fact]
    public async Task Patch_DifferentFieldsInParallel_LosesNone()
    {
        await using var harness = await Harness.OpenAsync(_folder);
        var reference = (await harness.CreateApplicationAsync("start")).ToString();
        NewApplication[] changes =
        [
            new() { AppName = "end" },
            new() { CallStatusCallbackUrl = "http://localhost/status" },
            new() { CallInitiatedFallbackUrl = "http://localhost/fallback" },
            new() { CallbackTimeout = "7" },
            new() { CallbackCreds = new NewCallbackCredentials("u", "p") },
        ];
        var results = await Task.WhenAll(changes.Select(change => Task.Run(
            () => harness.Applications.UpdateAsync(ApiHost.Account, reference, change, isPartial: true, Cancel), Cancel)));
        Assert.All(results, result => Assert.True(result.IsSuccess));
        var stored = (await harness.Applications.FindAsync(ApiHost.Account, reference, Cancel))!;
        Assert.Equal(
            ("end", "http://localhost/status", "http://localhost/fallback", 7, "u"),
            (stored.Name, stored.Voice.CallStatusUrl, stored.Voice.FallbackUrl, stored.Voice.TimeoutSeconds, stored.Voice.UserId));
        Assert.True(harness.View.Applications.TryFind(stored.Id, out var entry));
        Assert.Equal(("end", TimeSpan.FromSeconds(7), "p"), (entry.Name, entry.CallbackTimeout, entry.Credentials!.Password));
    }

    [Fact]
    public Task View_AfterRandomChanges_EqualsTheStoreAndAFreshStart()
    {
        TestDatabase.Require();
        return Gen.Select(Gen.Int[0, 4], Gen.Int[0, 3], Gen.Int[0, 3]).Array[80].SampleAsync(CheckViewAsync, iter: 5, threads: 1);
    }

    [Fact]
    public async Task Text_OfEveryType_HasNoPassword()
    {
        await using var harness = await Harness.OpenAsync(_folder);
        var details = (await harness.Applications.CreateAsync(ApiHost.Account, Full, Cancel)).Value!;
        Assert.True(harness.View.Applications.TryFind(details.Id, out var entry));
        object[] all = [Full, Full.CallbackCreds!, details, details.Voice, entry, entry.Credentials!, entry.FallbackCredentials!];
        Assert.All(all, one => Assert.DoesNotContain("secret", one.ToString(), StringComparison.Ordinal));
        Assert.DoesNotContain("secret", JsonSerializer.Serialize(details), StringComparison.Ordinal);
        Assert.DoesNotContain("secret", harness.Log.Text, StringComparison.Ordinal);
    }

    private static async Task CheckViewAsync((int Kind, int Application, int User)[] steps)
    {
        using var folder = new TemporaryFolder();
        var ids = new Guid[4];
        string[] shown;
        await using (var harness = await Harness.OpenAsync(folder))
        {
            var realm = await harness.CreateActiveRealmAsync("office");
            foreach (var (kind, application, user) in steps) await ApplyAsync(harness, realm, ids, kind, application, $"user{user}");
            shown = Shown(harness.View);
            Assert.Equal(await StoredAsync(harness), shown);
        }

        await using var restarted = await Harness.OpenAsync(folder);
        Assert.Equal(shown, Shown(restarted.View));
    }

    private static async Task ApplyAsync(Harness harness, RealmDetails realm, Guid[] ids, int kind, int application, string user)
    {
        var id = ids[application];
        harness.View.Credentials.TryFind(realm.Id, Encoding.UTF8.GetBytes(user), out var credential);
        switch (kind)
        {
            case 0 when !harness.View.Applications.TryFind(id, out _):
                ids[application] = await harness.CreateApplicationAsync($"a{application}");
                break;
            case 1:
                await harness.Applications.DeleteAsync(ApiHost.Account, id.ToString(), Cancel);
                break;
            case 2:
                var change = new NewApplication { AppName = $"renamed by {user}", CallbackTimeout = $"{application + 1}" };
                await harness.Applications.UpdateAsync(ApiHost.Account, id.ToString(), change, isPartial: true, Cancel);
                break;
            case 3 when credential.Id == 0:
                await harness.Credentials.CreateAsync(realm, [Entry(user, id)], Cancel);
                break;
            case 3:
                await harness.Credentials.DeleteAsync(realm, $"{credential.Id}", Cancel);
                break;
            case 4:
                var rotation = new SipCredentialUpdate
                {
                    RealmId = $"{realm.Id}",
                    Hash1 = $"{application:x32}",
                    HttpVoiceV2AppId = application == 0 ? "" : id.ToString(),
                };
                await harness.Credentials.UpdateAsync(realm, $"{credential.Id}", rotation, Cancel);
                break;
        }
    }

    private static string[] Shown(ProvisioningView view) =>
    [
        .. view.Applications.All.OrderBy(a => a.Id).Select(a => $"{a.Id} {a.Name} {a.CallInitiatedUrl} {a.CallbackTimeout.TotalSeconds}"),
        .. Enumerable.Range(1, 200).Where(id => view.Credentials.TryGetApplication(id, out _)).Select(id =>
        {
            view.Credentials.TryGetApplication(id, out var application);
            return $"{id} {application}";
        }),
    ];

    private static Task<string[]> StoredAsync(Harness harness) => harness.Store.ReadAsync(
        (database, _) => Task.FromResult<string[]>(
        [
            .. database.Applications.AsEnumerable().OrderBy(a => a.Id)
                .Select(a => $"{a.Id} {a.Name} {a.Voice.CallInitiatedUrl} {a.Voice.TimeoutSeconds ?? 15}"),
            .. database.SipCredentials.AsEnumerable().Where(c => c.ApplicationId is not null).OrderBy(c => c.Id)
                .Select(c => $"{c.Id} {c.ApplicationId}"),
        ]),
        Cancel);

    private static NewSipCredential Entry(string name, Guid? application) =>
        new() { UserName = name, Hash1 = "1be6abcaa8e9956021d30f33a3925b99", HttpVoiceV2AppId = application?.ToString() };

    private static void AssertIsFull(ProvisioningView view, Guid id)
    {
        Assert.True(view.Applications.TryFind(id, out var entry));
        Assert.Equal((id, ApiHost.Account, "full"), (entry.Id, entry.AccountId, entry.Name));
        Assert.Equal((new Uri("https://app.example/voice"), true), (entry.CallInitiatedUrl, entry.CallInitiatedIsGet));
        Assert.Equal((new Uri("http://backup.example/voice"), true), (entry.CallInitiatedFallbackUrl, entry.CallInitiatedFallbackIsGet));
        Assert.Equal((new Uri("https://app.example/status"), true), (entry.CallStatusUrl, entry.CallStatusIsGet));
        Assert.Equal(new CallbackCredentials("user", "secret password"), entry.Credentials);
        Assert.Equal(new CallbackCredentials("fallback user", "fallback secret"), entry.FallbackCredentials);
        Assert.Equal(TimeSpan.FromSeconds(2.5), entry.CallbackTimeout);
    }
}
