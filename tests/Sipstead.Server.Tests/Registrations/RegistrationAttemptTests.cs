using System.Globalization;
using System.Net;
using System.Xml.Linq;
using Sipstead.Testing;

namespace Sipstead.Server.Tests.Registrations;

/// <summary>Why does my phone not register? Asked over HTTP, after phones have tried over SIP.</summary>
public sealed class RegistrationAttemptTests(RunningServer running) : IClassFixture<RunningServer>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private ApiClient Client => running.Server.Client;

    [Fact]
    public async Task WrongPasswordThenRight_AreSeenInOrder_NewestFirst_WithWords()
    {
        var realm = await Client.CreateRealmAsync("office", Cancel);
        var credential = await Client.CreateCredentialAsync(realm, "alice", "wonderland", Cancel);
        using var phone = await SipDevice.ConnectAsync("tcp", running.Setup.SipPort, Cancel);
        Assert.Equal(401, (await phone.RegisterAsync(realm.Fqdn, "alice", "looking glass", Cancel)).Status);
        Assert.Equal(200, (await phone.RegisterAsync(realm.Fqdn, "alice", "wonderland", Cancel)).Status);

        var attempts = await ListAsync($"realms/{realm.Id}/sipcredentials/{credential}");

        Assert.Equal(["Registered", "WrongPassword"], attempts.Select(attempt => Of(attempt, "Outcome")));
        Assert.Equal(["200", "401"], attempts.Select(attempt => Of(attempt, "Status")));
        Assert.All(attempts, attempt =>
        {
            Assert.Equal(("alice", credential.ToString(CultureInfo.InvariantCulture), "TCP"), (Of(attempt, "UserName"), Of(attempt, "CredentialId"), Of(attempt, "Transport")));
            Assert.StartsWith("127.0.0.1:", Of(attempt, "Source"), StringComparison.Ordinal);
            Assert.True(DateTime.TryParseExact(
                Of(attempt, "At"), "yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture, DateTimeStyles.None, out _));
        });
        Assert.Contains("Wrong password", Of(attempts[1], "Reason"), StringComparison.Ordinal);
        Assert.Contains("rotate the credential", Of(attempts[1], "Advice"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Realm_ListsUnknownUsersToo_PagedBelowAnId()
    {
        var realm = await Client.CreateRealmAsync("branch", Cancel);
        var credential = await Client.CreateCredentialAsync(realm, "alice", "wonderland", Cancel);
        using var phone = await SipDevice.ConnectAsync("udp", running.Setup.SipPort, Cancel);
        await phone.RegisterAsync(realm.Fqdn, "alice", "guess", Cancel);
        await phone.RegisterAsync(realm.Fqdn, "nobody", "guess", Cancel);
        await phone.RegisterAsync(realm.Fqdn, "alice", "wonderland", Cancel);

        var all = await ListAsync($"realms/{realm.Id}");
        Assert.Equal(["alice", "nobody", "alice"], all.Select(attempt => Of(attempt, "UserName")));
        Assert.Null(all[1].Element("CredentialId"));
        Assert.Equal(2, (await ListAsync($"realms/branch/sipcredentials/{credential}")).Count);

        var first = (await Client.GetAsync($"realms/{realm.Id}/registrationattempts?size=2", Cancel)).Xml!;
        Assert.Equal(all.Take(2).Select(Id), first.Descendants("RegistrationAttempt").Select(Id));
        Assert.Contains($"page={Id(all[1])}&size=2", first.Element("Links")!.Element("next")!.Value, StringComparison.Ordinal);
        var second = (await Client.GetAsync($"realms/{realm.Id}/registrationattempts?page={Id(all[1])}&size=2", Cancel)).Xml!;
        Assert.Equal([Id(all[2])], second.Descendants("RegistrationAttempt").Select(Id));
        Assert.Null(second.Element("Links")!.Element("next"));
    }

    [Fact]
    public async Task Accounts_DoNotSeeEachOthersAttempts()
    {
        var realm = await Client.CreateRealmAsync("private", Cancel);
        var credential = await Client.CreateCredentialAsync(realm, "alice", "wonderland", Cancel);
        using var phone = await SipDevice.ConnectAsync("udp", running.Setup.SipPort, Cancel);
        await phone.RegisterAsync(realm.Fqdn, "alice", "wonderland", Cancel);
        Assert.Equal(0, (await ServerProcess.RunAsync(running.Setup, ["account", "add", "9900001"], Cancel)).ExitCode);
        Assert.Equal(
            0, (await ServerProcess.RunAsync(running.Setup, ["user", "add", "bob", "--account", "9900001", "--password", "looking glass"], Cancel)).ExitCode);
        using var bob = running.Setup.CreateClient(9_900_001, "bob", "looking glass");

        Assert.Equal(HttpStatusCode.NotFound, (await bob.GetAsync($"realms/{realm.Id}/registrationattempts", Cancel)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await bob.GetAsync($"realms/{realm.Id}/sipcredentials/{credential}/registrationattempts", Cancel)).Status);
        var own = await bob.CreateRealmAsync("private", Cancel);
        Assert.Empty((await bob.GetAsync($"realms/{own.Id}/registrationattempts", Cancel)).Xml!.Descendants("RegistrationAttempt"));
        Assert.Single(await ListAsync($"realms/{realm.Id}"));
    }

    [Theory]
    [InlineData("realms/none/registrationattempts", HttpStatusCode.NotFound)]
    [InlineData("realms/errors/sipcredentials/999999/registrationattempts", HttpStatusCode.NotFound)]
    [InlineData("realms/errors/registrationattempts?size=1001", HttpStatusCode.BadRequest)]
    [InlineData("realms/errors/registrationattempts?page=x", HttpStatusCode.BadRequest)]
    [InlineData("realms/errors/registrationattempts?size=1000", HttpStatusCode.OK)]
    public async Task Request_IsJudgedAsThoseOfRegistrations(string path, HttpStatusCode status)
    {
        if ((await Client.GetAsync("realms/errors", Cancel)).Status == HttpStatusCode.NotFound) await Client.CreateRealmAsync("errors", Cancel);
        var answer = await Client.GetAsync(path, Cancel);
        Assert.Equal(status, answer.Status);
        Assert.Equal("RegistrationAttemptsResponse", answer.Xml!.Name.LocalName);
    }

    private static string Of(XElement attempt, string element) => attempt.Element(element)!.Value;

    private static string Id(XElement attempt) => Of(attempt, "Id");

    private async Task<IReadOnlyList<XElement>> ListAsync(string resource)
    {
        var answer = await Client.GetAsync($"{resource}/registrationattempts", Cancel);
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        return [.. answer.Xml!.Descendants("RegistrationAttempt")];
    }
}
