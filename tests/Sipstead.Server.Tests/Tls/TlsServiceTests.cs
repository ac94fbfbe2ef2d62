using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Sipstead.Testing;
using Sipstead.Testing.Tls;

namespace Sipstead.Server.Tests.Tls;

/// <summary>Phones register over TLS, https has the same certificates, and changed files take effect while it runs.</summary>
public sealed class TlsServiceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ServerSetup _setup;

    public TlsServiceTests() => _setup = new ServerSetup(_folder["data"]);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task TPT_01_PhoneRegistersOverTls_AndTrustsOurAuthorityForItsRealm()
    {
        await using var server = await ServerProcess.StartAsync(_setup, Cancel);
        var realm = await AddAliceAsync(server);
        using var phone = await ConnectAsync(_setup.TlsPort, realm.Fqdn, X509CertificateLoader.LoadCertificateFromFile(_folder["data/tls/authority.pem"]));

        var answer = await phone.RegisterAsync(realm.Fqdn, "alice", "wonderland", Cancel);

        Assert.True(answer.Status == 200, answer.Text);
        var registration = Assert.Single(await server.Client.ListRegistrationsAsync(realm, Cancel));
        Assert.Equal("TLS", registration.Element("Transport")!.Value.ToUpperInvariant());
        Assert.Equal("true", registration.Element("Reachable")!.Value);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_folder["data/tls/authority.key"]));
        Assert.Contains(_folder["data/tls/authority.pem"], server.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task S_60_ChangedFiles_AreReadOnSighup_PhonesStay_AndBrokenFilesChangeNothing()
    {
        using var authority = new TestAuthority();
        var (first, second) = (authority.Issue(["sip.example.com"]), authority.Issue(["sip.example.com"]));
        TestAuthority.Write(first, _folder["own.pem"], _folder["own.key"]);
        await using var server = await ServerProcess.StartAsync(WithFiles(), Cancel);
        var realm = await AddAliceAsync(server);
        using var before = await ConnectAsync(_setup.TlsPort, "sip.example.com", authority.Certificate);
        Assert.Equal(first.Thumbprint, before.ServerCertificate.Thumbprint);

        TestAuthority.Write(second, _folder["own.pem"], _folder["own.key"]);
        await server.SignalAsync("HUP", Cancel);
        await Poll.UntilAsync("the new certificate", async () => await ThumbprintAsync(authority) == second.Thumbprint, Cancel);

        _folder.Write("own.pem", "no certificate");
        await server.SignalAsync("HUP", Cancel);
        await Poll.UntilAsync("the word of it", () => Task.FromResult(server.Log.Contains("there is no certificate in it", StringComparison.Ordinal)), Cancel);

        Assert.Equal(second.Thumbprint, await ThumbprintAsync(authority));
        Assert.Equal(200, (await before.RegisterAsync(realm.Fqdn, "alice", "wonderland", Cancel)).Status);
        Assert.DoesNotContain("PRIVATE", server.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task S_60_Https_ServesApiAndDashboard_WithTheSameCertificate()
    {
        using var authority = new TestAuthority();
        var certificate = authority.Issue(["127.0.0.1", "sip.example.com"]);
        TestAuthority.Write(certificate, _folder["own.pem"], _folder["own.key"]);
        var https = FreePort.Take();
        await using var server = await ServerProcess.StartAsync(
            WithFiles().With("Sipstead__Http__Url", $"{_setup.HttpAddress},https://127.0.0.1:{https}"), Cancel);
        using var handler = new SocketsHttpHandler { SslOptions = Trusting(authority.Certificate, null) };
        using var client = new HttpClient(handler) { BaseAddress = new Uri($"https://127.0.0.1:{https}") };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{ServerSetup.UserName}:{ServerSetup.Password}")));

        Assert.Equal("ready\n", await client.GetStringAsync("/health/ready", Cancel));
        Assert.Contains("<RealmsResponse", await client.GetStringAsync($"/api/accounts/{ServerSetup.Account}/realms?page=1", Cancel), StringComparison.Ordinal);
        Assert.Equal(certificate.Thumbprint, await ThumbprintAsync(authority));
    }

    [Fact]
    public async Task TlsPort_Zero_MakesNothing()
    {
        await using var server = await ServerProcess.StartAsync(_setup.With("Sipstead__Sip__TlsPort", "0"), Cancel);

        await Assert.ThrowsAnyAsync<System.Net.Sockets.SocketException>(() => SipDevice.ConnectAsync("tls", _setup.TlsPort, Cancel));
        Assert.False(Directory.Exists(_folder["data/tls"]));
    }

    private ServerSetup WithFiles() => _setup.With("Sipstead__Tls__Certificate", _folder["own.pem"]).With("Sipstead__Tls__Key", _folder["own.key"]);

    private static async Task<ApiRealm> AddAliceAsync(ServerProcess server)
    {
        var realm = await server.Client.CreateRealmAsync("office", Cancel);
        await server.Client.CreateCredentialAsync(realm, "alice", "wonderland", Cancel);
        return realm;
    }

    private async Task<string> ThumbprintAsync(TestAuthority authority)
    {
        using var phone = await ConnectAsync(_setup.TlsPort, "sip.example.com", authority.Certificate);
        return phone.ServerCertificate.Thumbprint;
    }

    private static Task<SipDevice> ConnectAsync(int port, string name, X509Certificate2 trusted) =>
        SipDevice.ConnectAsync("tls", port, Cancel, Trusting(trusted, name));

    private static SslClientAuthenticationOptions Trusting(X509Certificate2 authority, string? name) => new()
    {
        TargetHost = name,
        EnabledSslProtocols = SslProtocols.None,
        CertificateChainPolicy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust, CustomTrustStore = { authority }, RevocationMode = X509RevocationMode.NoCheck,
        },
    };
}
