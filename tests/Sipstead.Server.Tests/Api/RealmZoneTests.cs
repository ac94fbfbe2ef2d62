using System.Globalization;
using System.Net;
using Sipstead.Testing;

namespace Sipstead.Server.Tests.Api;

/// <summary>A realm's zone file over HTTP.</summary>
public sealed class RealmZoneTests(RunningServer running) : IClassFixture<RunningServer>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private ApiClient Client => running.Server.Client;

    [Fact]
    public async Task Realm_HasItsRecords_AsAZoneFile()
    {
        var realm = await Client.CreateRealmAsync("office", Cancel);

        var answer = await Client.GetAsync($"realms/{realm.Id}/zone", Cancel);

        Assert.Equal((HttpStatusCode.OK, "text/dns; charset=utf-8"), (answer.Status, answer.ContentType));
        var lines = answer.Body.Split('\n');
        Assert.Equal("$ORIGIN auth.sipstead.localhost.", lines[0]);
        Assert.Contains($"_sip._udp.{realm.Fqdn}. 300 IN SRV 5 50 {running.Setup.SipPort} sip.auth.sipstead.localhost.", lines);
        Assert.Contains($"{realm.Fqdn}. 300 IN NAPTR 10 30 \"s\" \"SIPS+D2T\" \"\" _sips._tcp.{realm.Fqdn}.", lines);
        Assert.Equal(answer.Body, (await Client.GetAsync("realms/office/zone", Cancel)).Body);
    }

    [Fact]
    public async Task Realm_OfAnotherAccount_OrNone_IsNotFound()
    {
        var realm = await Client.CreateRealmAsync("private", Cancel);
        Assert.Equal(0, (await ServerProcess.RunAsync(running.Setup, ["account", "add", "9900001"], Cancel)).ExitCode);
        Assert.Equal(
            0, (await ServerProcess.RunAsync(running.Setup, ["user", "add", "bob", "--account", "9900001", "--role", "read", "--password", "looking glass"], Cancel)).ExitCode);
        using var bob = running.Setup.CreateClient(9_900_001, "bob", "looking glass");

        var foreign = await bob.GetAsync($"realms/{realm.Id}/zone", Cancel);
        var none = await Client.GetAsync("realms/none/zone", Cancel);

        Assert.Equal(HttpStatusCode.NotFound, foreign.Status);
        Assert.Equal(HttpStatusCode.NotFound, none.Status);
        Assert.Equal("ZoneResponse", none.Xml!.Name.LocalName);
    }

    [Fact]
    public async Task DNS_11_Serial_OverARestart_Rises()
    {
        using var folder = new TemporaryFolder();
        var setup = new ServerSetup(folder["data"]);
        uint before;
        await using (var server = await ServerProcess.StartAsync(setup, Cancel))
        {
            await server.Client.CreateRealmAsync("office", Cancel);
            before = await SerialAsync(server.Client);
            await server.KillAsync(Cancel);
        }

        await using var again = await ServerProcess.StartAsync(setup, Cancel);
        Assert.True(await SerialAsync(again.Client) > before);
    }

    [Fact]
    public async Task Method_OtherThanGet_IsNotAllowed()
    {
        var realm = await Client.CreateRealmAsync("readonly", Cancel);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await Client.DeleteAsync($"realms/{realm.Id}/zone", Cancel)).Status);
    }

    private static async Task<uint> SerialAsync(ApiClient client) =>
        uint.Parse((await client.GetAsync("realms/office/zone", Cancel)).Body.Split('\n').First(line => line.Contains(" SOA ", StringComparison.Ordinal)).Split(' ')[6], CultureInfo.InvariantCulture);
}
