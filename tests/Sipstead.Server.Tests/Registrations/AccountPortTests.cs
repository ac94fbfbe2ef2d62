using Sipstead.Testing;

namespace Sipstead.Server.Tests.Registrations;

/// <summary>Each account has a SIP port, opened with its first realm (ruling 15).</summary>
public sealed class AccountPortTests : IDisposable
{
    private const long Second = 9_900_001;

    private readonly TemporaryFolder _folder = new();
    private readonly ServerSetup _setup;

    public AccountPortTests() => _setup = new ServerSetup(_folder["data"]);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Port_OfASecondAccount_OpensWithItsFirstRealmAndServesUdpAndTcp()
    {
        await using var server = await ServerProcess.StartAsync(_setup, Cancel);
        using var bob = await AddAccountAsync();
        await Assert.ThrowsAnyAsync<System.Net.Sockets.SocketException>(() => SipDevice.ConnectAsync("tcp", _setup.FirstAccountPort, Cancel));

        var realm = await bob.CreateRealmAsync("office", Cancel);
        await bob.CreateCredentialAsync(realm, "alice", "wonderland", Cancel);

        await RegisterAsync(realm, "udp", _setup.FirstAccountPort);
        await RegisterAsync(realm, "tcp", _setup.FirstAccountPort);
        Assert.Equal(["tcp", "udp"], (await bob.ListRegistrationsAsync(realm, Cancel)).Select(r => r.Element("Transport")!.Value.ToLowerInvariant()).Order());
    }

    /// <summary>Contract 8: an operator reads port and records where no DNS is at hand.</summary>
    [Fact]
    public async Task EdgeManagement_TellsTheAccountsPortAndTheRecordsOfItsRealms()
    {
        await using var server = await ServerProcess.StartAsync(_setup, Cancel);
        using var bob = await AddAccountAsync();
        var realm = await bob.CreateRealmAsync("office", Cancel);

        var answer = (await bob.GetAsync("products/edgemanagement/settings/sipauthentication", Cancel)).Xml!.Element("SipAuthentication")!;

        var port = _setup.FirstAccountPort.ToString(System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal(port, answer.Element("SBC")!.Element("Zone")!.Element("SipSigPort")!.Element("PortNumber")!.Value);
        var dns = Assert.Single(answer.Element("RealmDnsList")!.Elements("RealmDns"));
        Assert.Equal(realm.Fqdn, dns.Element("Realm")!.Value);
        var records = dns.Element("DNSRecords")!.Elements("DNSRecord").ToList();
        var udp = Assert.Single(records, record => record.Element("Name")!.Value == $"_sip._udp.{realm.Fqdn}");
        Assert.Equal(("SRV", port), (udp.Element("Type")!.Value, udp.Element("Data")!.Value.Split(' ')[2]));
        Assert.Contains(records, record => record.Element("Type")!.Value == "A" && record.Element("Data")!.Value == "127.0.0.1");
        Assert.All(records, record => Assert.InRange(int.Parse(record.Element("TTL")!.Value, System.Globalization.CultureInfo.InvariantCulture), 1, 86_400));
    }

    [Fact]
    public async Task Port_OfAnAccountWithRealms_IsOpenAfterARestart()
    {
        ApiRealm realm;
        await using (var first = await ServerProcess.StartAsync(_setup, Cancel))
        {
            using var bob = await AddAccountAsync();
            realm = await bob.CreateRealmAsync("office", Cancel);
            await bob.CreateCredentialAsync(realm, "alice", "wonderland", Cancel);
            await first.KillAsync(Cancel);
        }

        await using var server = await ServerProcess.StartAsync(_setup, Cancel);

        await RegisterAsync(realm, "udp", _setup.FirstAccountPort);
        await RegisterAsync(realm, "tcp", _setup.FirstAccountPort);
    }

    [Fact]
    public async Task Port_ThatIsTaken_LeavesTheOtherAccountsServed()
    {
        await using var server = await ServerProcess.StartAsync(_setup, Cancel);
        using var bob = await AddAccountAsync();
        using var holder = new System.Net.Sockets.UdpClient(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, _setup.FirstAccountPort));

        await bob.CreateRealmAsync("office", Cancel);
        var realm = await server.Client.CreateRealmAsync("office", Cancel);
        await server.Client.CreateCredentialAsync(realm, "alice", "wonderland", Cancel);

        await RegisterAsync(realm, "udp", _setup.SipPort);
        await Poll.UntilAsync(
            "the error in the log", () => Task.FromResult(server.Log.Contains($"The SIP port {_setup.FirstAccountPort}", StringComparison.Ordinal)), Cancel);
    }

    [Fact]
    public async Task Realm_OfAnyAccount_IsServedOnEveryPort()
    {
        await using var server = await ServerProcess.StartAsync(_setup, Cancel);
        using var bob = await AddAccountAsync();
        var realm = await bob.CreateRealmAsync("office", Cancel);
        await bob.CreateCredentialAsync(realm, "alice", "wonderland", Cancel);

        await RegisterAsync(realm, "udp", _setup.SipPort);
    }

    private async Task<ApiClient> AddAccountAsync()
    {
        Assert.Equal(0, (await ServerProcess.RunAsync(_setup, ["account", "add", "9900001"], Cancel)).ExitCode);
        Assert.Equal(
            0, (await ServerProcess.RunAsync(_setup, ["user", "add", "bob", "--account", "9900001", "--password", "looking glass"], Cancel)).ExitCode);
        return _setup.CreateClient(Second, "bob", "looking glass");
    }

    private static async Task RegisterAsync(ApiRealm realm, string transport, int port)
    {
        using var phone = await SipDevice.ConnectAsync(transport, port, Cancel);
        var answer = await phone.RegisterAsync(realm.Fqdn, "alice", "wonderland", Cancel);
        Assert.True(answer.Status == 200, answer.Text);
    }
}
