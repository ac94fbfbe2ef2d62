using Sipstead.Testing;

namespace Sipstead.Interop.Tests.Sipp;

/// <summary>SIPp plays devices: each scenario checks every answer of the server itself.</summary>
public sealed class SippTests(InteropServer server)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("register", "udp", 0)]
    [InlineData("register", "tcp", 0)]
    [InlineData("register-only", "udp", 1)]
    [InlineData("register-only", "tcp", 1)]
    [InlineData("unregister-all", "udp", 0)]
    [InlineData("unregister-all", "tcp", 0)]
    [InlineData("several-contacts", "udp", 3)]
    [InlineData("several-contacts", "tcp", 3)]
    [InlineData("too-brief", "udp", 1)]
    [InlineData("too-brief", "tcp", 1)]
    [InlineData("invite", "udp", 0)]
    [InlineData("invite", "tcp", 0)]
    [InlineData("options", "udp", 0)]
    [InlineData("options", "tcp", 0)]
    [InlineData("unknown-method", "udp", 0)]
    [InlineData("unknown-method", "tcp", 0)]
    [InlineData("unknown-realm", "udp", 0)]
    [InlineData("unknown-realm", "tcp", 0)]
    public async Task Scenario_GoesAsWritten(string scenario, string transport, int registrations)
    {
        var alice = await SubscribeAsync();

        await PassAsync(scenario, transport, alice.Realm, [Line("alice", "alice", "wonderland", alice.Realm)]);

        Assert.Equal(registrations, (await server.Client.ListRegistrationsAsync(alice.Realm, Cancel)).Count);
    }

    [Theory]
    [InlineData("alice", "guessed", "udp")]
    [InlineData("alice", "guessed", "tcp")]
    [InlineData("mallory", "wonderland", "udp")]
    [InlineData("mallory", "wonderland", "tcp")]
    public async Task WrongPassword_AndUnknownUser_AreAnsweredAlike(string userName, string password, string transport)
    {
        var alice = await SubscribeAsync();

        await PassAsync("wrong-password", transport, alice.Realm, [Line(userName, userName, password, alice.Realm)]);

        Assert.Empty(await server.Client.ListRegistrationsAsync(alice.Realm, Cancel));
    }

    [Theory]
    [InlineData("udp")]
    [InlineData("tcp")]
    public async Task LongUserName_UsesHash1b(string transport)
    {
        var alice = await SubscribeAsync();

        await PassAsync("register", transport, alice.Realm, [Line("alice", $"alice@{alice.Realm.Fqdn}", "wonderland", alice.Realm)]);
    }

    [Fact]
    public async Task Scenario_ThatIsNotMet_Fails()
    {
        // Guards the tests above: a run that passes whatever the server answers would tell nothing.
        var alice = await SubscribeAsync();

        var result = await SippRun.RunAsync(
            "register", "udp", server.Setup.SipPort, alice.Realm.Fqdn, [Line("alice", "alice", "guessed", alice.Realm)], Cancel);

        Assert.Equal(1, result.ExitCode);
    }

    [Theory]
    [InlineData("udp")]
    [InlineData("tcp")]
    public async Task Burst_OfUsers_AllRegister(string transport)
    {
        const int users = 400;
        var realm = (await SubscribeAsync()).Realm;
        var names = Enumerable.Range(0, users).Select(i => $"user{i}").ToList();
        await server.Client.CreateCredentialsAsync(realm, names, "wonderland", Cancel);

        await PassAsync("register-only", transport, realm, [.. names.Select(name => Line(name, name, "wonderland", realm))], callsPerSecond: 200);

        Assert.Equal(users, (await server.Client.ListRegistrationsAsync(realm, Cancel)).Select(r => r.Element("UserName")!.Value).Distinct().Count());
    }

    private static string Line(string user, string digestUser, string password, ApiRealm realm) =>
        $"{user};[authentication username={digestUser} password={password}];{realm.Fqdn};sip:bob@{realm.Fqdn}";

    private Task<Subscriber> SubscribeAsync()
    {
        InteropServer.Require("sipp", "sip-tester");
        return server.SubscribeAsync();
    }

    private async Task PassAsync(string scenario, string transport, ApiRealm realm, IReadOnlyCollection<string> lines, int callsPerSecond = 10)
    {
        var result = await SippRun.RunAsync(scenario, transport, server.Setup.SipPort, realm.Fqdn, lines, Cancel, callsPerSecond);
        Assert.True(result.ExitCode == 0, result.ToString());
    }
}
