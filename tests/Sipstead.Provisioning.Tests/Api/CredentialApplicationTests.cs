using System.Globalization;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Sipstead.Provisioning.Accounts;
using Sipstead.Provisioning.View;

namespace Sipstead.Provisioning.Tests.Api;

/// <summary>Contract 5.2, 5.3 and 7: the application that a credential names.</summary>
public sealed class CredentialApplicationTests(ApiFixture fixture) : IClassFixture<ApiFixture>
{
    private const string Hash1 = "1be6abcaa8e9956021d30f33a3925b99";
    private const string OtherHash = "fe438bddfc087dda89d29e637f5684ab";
    private const string Unknown = "68092813-741b-4afe-b198-91f425bce81e";

    private readonly ApiHost _host = fixture.Host;

    private static string Entry(string name, string? application) =>
        $"<SipCredential><UserName>{name}</UserName><Hash1>{Hash1}</Hash1>{Bound(application)}</SipCredential>";

    private static string Bound(string? application) => application is null ? "" : $"<HttpVoiceV2AppId>{application}</HttpVoiceV2AppId>";

    private static string List(params string[] entries) => $"<SipCredentials>{string.Concat(entries)}</SipCredentials>";

    private static string Rotation(long realm, string hash1, string? application) =>
        $"<SipCredential><RealmId>{realm}</RealmId><Hash1>{hash1}</Hash1>{Bound(application)}</SipCredential>";

    private async Task<(long Realm, string Path)> RealmAsync()
    {
        var id = await _host.CreateActiveRealmAsync($"r{Guid.NewGuid():N}"[..30]);
        return (id, $"realms/{id}/sipcredentials");
    }

    private Guid? Shown(string? credential) =>
        _host.View.Credentials.TryGetApplication(long.Parse(credential!, CultureInfo.InvariantCulture), out var application) ? application : null;

    [Fact]
    public async Task Create_ApplicationOfTheAccount_IsBoundInTheViewBeforeTheAnswer()
    {
        var (realm, path) = await RealmAsync();
        var application = await _host.CreateApplicationAsync("bound");
        var answer = await _host.PostAsync(path, List(Entry("alice", application.ToUpperInvariant()), Entry("bob", null), Entry("carol", "")));
        Assert.Equal(HttpStatusCode.Created, answer.Status);
        Assert.Equal([application], answer.Values("HttpVoiceV2AppId"));
        Assert.Equal([Guid.Parse(application), null, null], answer.Values("Id").Select(Shown));
        Assert.True(_host.View.Credentials.TryFind(realm, "alice"u8, out var alice));
        Assert.True(_host.View.Credentials.TryGetApplication(alice.Id, out var found) && _host.View.Applications.TryFind(found, out _));
    }

    [Fact]
    public async Task Create_NoApplicationOfTheAccount_Is23019ForThisEntryAlone()
    {
        var (_, path) = await RealmAsync();
        var application = await _host.CreateApplicationAsync("present");
        var messaging = (await _host.PostAsync(
            "applications", "<Application><ServiceType>Messaging-V2</ServiceType><AppName>m</AppName></Application>")).Value("ApplicationId");
        await _host.Services.GetRequiredService<AccountService>().CreateAccountAsync(79, TestContext.Current.CancellationToken);
        using var other = await _host.CreateUserAsync("far away", ApiRole.Write, account: 79);
        using var wish = new StringContent(
            "<Application><ServiceType>Voice</ServiceType><AppName>n</AppName><CallInitiatedCallbackUrl>http://localhost/</CallInitiatedCallbackUrl></Application>");
        var foreign = (await _host.SendAsync(HttpMethod.Post, "/api/accounts/79/applications", wish, other)).Value("ApplicationId");

        var answer = await _host.PostAsync(path, List(
            Entry("unknown", Unknown), Entry("good", application), Entry("foreign", foreign), Entry("messaging", messaging), Entry("form", "no-uuid")));
        Assert.Equal(HttpStatusCode.Created, answer.Status);
        Assert.Equal(["23019", "23019", "23019", "23020"], answer.Values("ErrorCode"));
        Assert.Equal(["unknown", "foreign", "messaging", "form"], answer.Xml!.Element("Errors")!.Descendants("UserName").Select(e => e.Value));
        Assert.Equal(["good"], answer.Xml.Element("ValidSipCredentials")!.Descendants("UserName").Select(e => e.Value));

        var alone = await _host.PostAsync(path, List(Entry("unknown", Unknown)));
        Assert.Equal((HttpStatusCode.BadRequest, "23019", Unknown), (alone.Status, alone.Value("ErrorCode"), alone.Value("HttpVoiceV2AppId")));
    }

    [Fact]
    public async Task Create_ManyEntriesWithApplications_AskForThemOnce()
    {
        var (_, path) = await RealmAsync();
        string[] applications = [await _host.CreateApplicationAsync("a"), await _host.CreateApplicationAsync("b"), await _host.CreateApplicationAsync("c")];
        var entries = Enumerable.Range(0, 300).Select(i => Entry($"u{i}", i % 4 == 3 ? Guid.NewGuid().ToString() : applications[i % 4])).ToArray();
        var from = _host.Log.Text.Length;
        var answer = await _host.PostAsync(path, List(entries));
        Assert.Equal((225, 75), (answer.Values("Id").Count, answer.Values("ErrorCode").Count));
        var commands = _host.Log.Text[from..].Split("Executing DbCommand")[1..].Select(text => text.Split("Executed DbCommand")[0]);
        Assert.Single(commands, command => command.Contains("FROM \"Applications\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Update_Application_KeepsBindsAndUnbindsWithoutEndingAnything()
    {
        var (realm, path) = await RealmAsync();
        string[] applications = [await _host.CreateApplicationAsync("first"), await _host.CreateApplicationAsync("second")];
        var id = (await _host.PostAsync(path, List(Entry("alice", applications[0])))).Value("Id");
        var target = $"{path}/{id}";
        var changes = new List<ProvisioningChangeKind>();
        void Record(ProvisioningChange change)
        {
            if (change.RealmId == realm) changes.Add(change.Kind);
        }

        _host.View.Changed += Record;
        Assert.Equal(applications[0], (await _host.PutAsync(target, Rotation(realm, Hash1, null))).Value("HttpVoiceV2AppId"));
        Assert.Equal(applications[1], (await _host.PutAsync(target, Rotation(realm, Hash1, applications[1]))).Value("HttpVoiceV2AppId"));
        Assert.Equal(Guid.Parse(applications[1]), Shown(id));
        (await _host.PutAsync(target, Rotation(realm, OtherHash, Unknown))).ShouldBeError(400, "SipCredentialResponse", 23019);
        Assert.Equal((Hash1, applications[1]), ((await _host.GetAsync(target)).Value("Hash1"), (await _host.GetAsync(target)).Value("HttpVoiceV2AppId")));
        Assert.Null((await _host.PutAsync(target, Rotation(realm, Hash1, ""))).Value("HttpVoiceV2AppId"));
        Assert.Null(Shown(id));
        Assert.Equal([ProvisioningChangeKind.CredentialApplicationChanged, ProvisioningChangeKind.CredentialApplicationChanged], changes);

        Assert.Equal(applications[0], (await _host.PutAsync(target, Rotation(realm, OtherHash, applications[0]))).Value("HttpVoiceV2AppId"));
        Assert.Equal(Guid.Parse(applications[0]), Shown(id));
        Assert.Equal(ProvisioningChangeKind.CredentialHashesChanged, Assert.Single(changes.Skip(2)));
        _host.View.Changed -= Record;
    }

    [Fact]
    public async Task Delete_ApplicationInUse_Is409UntilTheLastCredentialLetsGo()
    {
        var (realm, path) = await RealmAsync();
        var application = await _host.CreateApplicationAsync("used");
        var ids = (await _host.PostAsync(path, List(Entry("alice", application), Entry("bob", application)))).Values("Id");
        (await _host.DeleteAsync($"applications/{application}")).ShouldBeError(409, "ApplicationProvisioningResponse", 12107);
        await _host.PutAsync($"{path}/{ids[0]}", Rotation(realm, Hash1, ""));
        (await _host.DeleteAsync($"applications/{application}")).ShouldBeError(409, "ApplicationProvisioningResponse", 12107);
        Assert.True(_host.View.Applications.TryFind(Guid.Parse(application), out _));
        await _host.DeleteAsync($"{path}/{ids[1]}");
        Assert.Equal(HttpStatusCode.OK, (await _host.DeleteAsync($"applications/{application}")).Status);
    }

    [Fact]
    public async Task List_ApplicationNameFragment_FiltersByTheNameInAnyCase()
    {
        var (realm, path) = await RealmAsync();
        string[] applications = [await _host.CreateApplicationAsync("Front Desk"), await _host.CreateApplicationAsync("100%_night")];
        await _host.PostAsync(path, List(Entry("alice", applications[0]), Entry("bob", applications[1]), Entry("carol", null), Entry("dave", applications[0])));
        Assert.Equal(["alice", "dave"], await NamesAsync("FRONT"));
        Assert.Equal(["bob"], await NamesAsync("%25_n"));
        Assert.Empty(await NamesAsync("%25%25%25"));
        Assert.Equal(["dave"], await NamesAsync("desk&userNamefragment=dav"));
        Assert.Equal(["alice"], (await _host.GetAsync($"{path}?page=1&size=1&applicationNameFragment=desk")).Values("UserName"));

        await _host.PatchAsync($"applications/{applications[0]}", "<Application><AppName>Reception</AppName></Application>");
        Assert.Empty(await NamesAsync("front"));
        Assert.Equal(["alice", "dave"], await NamesAsync("rECEPtion"));

        async Task<IReadOnlyList<string>> NamesAsync(string fragment) =>
            (await _host.GetAsync($"{path}?page=1&applicationNameFragment={fragment}")).Values("UserName");
    }
}
