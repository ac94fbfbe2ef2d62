using System.Globalization;
using System.Net;
using System.Xml.Linq;
using Sipstead.Testing;

namespace Sipstead.Server.Tests.Registrations;

/// <summary>A registration outlives the process; a new password or the end of its credential or realm ends it (rulings 10, 12, 39).</summary>
public sealed class DurabilityTests : IDisposable
{
    private const int Lifetime = 600;

    private static readonly string[] LastingElements = ["Id", "UserName", "Contact", "Received", "Transport", "CallId", "CSeq", "RegisteredAt"];

    private readonly TemporaryFolder _folder = new();
    private readonly ServerSetup _setup;

    public DurabilityTests() => _setup = new ServerSetup(_folder["data"]);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("second")]
    [InlineData("always")]
    public async Task Registration_SurvivesKill_AndTcpIsNotReachable(string fsync)
    {
        var setup = _setup.With("Sipstead__Journal__Fsync", fsync);
        ApiRealm realm;
        IReadOnlyList<XElement> before;
        using var udp = await SipDevice.ConnectAsync("udp", setup.SipPort, Cancel);
        await using (var killed = await ServerProcess.StartAsync(setup, Cancel))
        {
            realm = await killed.Client.CreateRealmAsync("office", Cancel);
            await killed.Client.CreateCredentialAsync(realm, "alice", "wonderland", Cancel);
            using var tcp = await SipDevice.ConnectAsync("tcp", setup.SipPort, Cancel);
            Assert.Equal(200, (await udp.RegisterAsync(realm.Fqdn, "alice", "wonderland", Cancel, Lifetime)).Status);
            Assert.Equal(200, (await tcp.RegisterAsync(realm.Fqdn, "alice", "wonderland", Cancel, Lifetime)).Status);
            before = await killed.Client.ListRegistrationsAsync(realm, Cancel);
            Assert.All(before, registration => Assert.Equal("true", Of(registration, "Reachable")));
            await killed.KillAsync(Cancel);
        }

        await using var server = await ServerProcess.StartAsync(setup, Cancel);

        var after = await server.Client.ListRegistrationsAsync(realm, Cancel);
        Assert.Equal(2, after.Count);
        Assert.Equal(before.Select(Lasting), after.Select(Lasting));
        Assert.Equal("true", Of(after.Single(r => Of(r, "Transport") == "UDP"), "Reachable"));
        Assert.Equal("false", Of(after.Single(r => Of(r, "Transport") == "TCP"), "Reachable"));
        Assert.All(after, registration => Assert.InRange(int.Parse(Of(registration, "ExpiresIn"), CultureInfo.InvariantCulture), Lifetime - 120, Lifetime - 1));
        Assert.Equal(200, (await udp.RegisterAsync(realm.Fqdn, "alice", "wonderland", Cancel, Lifetime)).Status);
        Assert.Equal(2, (await server.Client.ListRegistrationsAsync(realm, Cancel)).Count);
    }

    [Fact]
    public async Task Rotation_EndsWhatTheOldPasswordRegistered_AlsoAcrossARestart()
    {
        ApiRealm realm;
        long credential;
        using var phone = await SipDevice.ConnectAsync("udp", _setup.SipPort, Cancel);
        await using (var first = await ServerProcess.StartAsync(_setup, Cancel))
        {
            realm = await first.Client.CreateRealmAsync("office", Cancel);
            credential = await first.Client.CreateCredentialAsync(realm, "alice", "wonderland", Cancel);
            Assert.Equal(200, (await phone.RegisterAsync(realm.Fqdn, "alice", "wonderland", Cancel)).Status);

            Assert.Equal(HttpStatusCode.OK, (await RotateAsync(first.Client, realm, credential, "wonderland")).Status);
            Assert.Single(await first.Client.ListRegistrationsAsync(realm, Cancel));

            Assert.Equal(HttpStatusCode.OK, (await RotateAsync(first.Client, realm, credential, "looking glass")).Status);
            await ShouldHaveNoneAsync(first.Client, realm);
            Assert.Equal(401, (await phone.RegisterAsync(realm.Fqdn, "alice", "wonderland", Cancel)).Status);
            await first.KillAsync(Cancel);
        }

        await using var server = await ServerProcess.StartAsync(_setup, Cancel);
        Assert.Empty(await server.Client.ListRegistrationsAsync(realm, Cancel));
        Assert.Equal(200, (await phone.RegisterAsync(realm.Fqdn, "alice", "looking glass", Cancel)).Status);
    }

    [Fact]
    public async Task Delete_OfACredential_EndsItsRegistrations()
    {
        await using var server = await ServerProcess.StartAsync(_setup, Cancel);
        var realm = await server.Client.CreateRealmAsync("office", Cancel);
        var credential = await server.Client.CreateCredentialAsync(realm, "alice", "wonderland", Cancel);
        using var phone = await SipDevice.ConnectAsync("tcp", _setup.SipPort, Cancel);
        Assert.Equal(200, (await phone.RegisterAsync(realm.Fqdn, "alice", "wonderland", Cancel)).Status);

        Assert.Equal(HttpStatusCode.OK, (await server.Client.DeleteAsync($"realms/{realm.Id}/sipcredentials/{credential}", Cancel)).Status);

        await ShouldHaveNoneAsync(server.Client, realm);
        Assert.Equal(401, (await phone.RegisterAsync(realm.Fqdn, "alice", "wonderland", Cancel)).Status);
        Assert.Equal(HttpStatusCode.Accepted, (await server.Client.DeleteAsync($"realms/{realm.Id}", Cancel)).Status);
        Assert.Equal(404, (await phone.RegisterAsync(realm.Fqdn, "alice", "wonderland", Cancel)).Status);
    }

    [Fact]
    public async Task Delete_OfARegistration_EndsItForGood()
    {
        ApiRealm realm;
        await using (var first = await ServerProcess.StartAsync(_setup, Cancel))
        {
            realm = await first.Client.CreateRealmAsync("office", Cancel);
            await first.Client.CreateCredentialAsync(realm, "alice", "wonderland", Cancel);
            using var phone = await SipDevice.ConnectAsync("udp", _setup.SipPort, Cancel);
            Assert.Equal(200, (await phone.RegisterAsync(realm.Fqdn, "alice", "wonderland", Cancel)).Status);
            var id = Of((await first.Client.ListRegistrationsAsync(realm, Cancel))[0], "Id");

            Assert.Equal(HttpStatusCode.OK, (await first.Client.DeleteAsync($"realms/{realm.Id}/registrations/{id}", Cancel)).Status);
            Assert.Equal(HttpStatusCode.NotFound, (await first.Client.DeleteAsync($"realms/{realm.Id}/registrations/{id}", Cancel)).Status);
            await first.KillAsync(Cancel);
        }

        await using var server = await ServerProcess.StartAsync(_setup, Cancel);
        Assert.Empty(await server.Client.ListRegistrationsAsync(realm, Cancel));
    }

    private static Task<ApiAnswer> RotateAsync(ApiClient client, ApiRealm realm, long credential, string password) => client.PutAsync(
        $"realms/{realm.Id}/sipcredentials/{credential}",
        $"<SipCredential><RealmId>{realm.Id}</RealmId><Hash1>{DigestHashes.Hash1("alice", realm.Fqdn, password)}</Hash1>"
        + $"<Hash1b>{DigestHashes.Hash1b("alice", realm.Fqdn, password)}</Hash1b></SipCredential>",
        Cancel);

    private static Task ShouldHaveNoneAsync(ApiClient client, ApiRealm realm) =>
        Poll.UntilAsync("the registrations to end", async () => (await client.ListRegistrationsAsync(realm, Cancel)).Count == 0, Cancel);

    private static string Of(XElement registration, string element) => registration.Element(element)!.Value;

    /// <summary>What a restart must not change.</summary>
    private static string Lasting(XElement registration) =>
        string.Join(' ', LastingElements.Select(name => Of(registration, name)));
}
