using System.Net;
using System.Net.Sockets;
using System.Text;
using Sipstead.Testing;

namespace Sipstead.Server.Tests.Composition;

/// <summary>Ends within 5 s, whoever is connected, and starts again at once, however it ended (ruling 20).</summary>
public sealed class LifetimeTests : IDisposable
{
    /// <summary>The 5 s, and as much for a machine that does other things besides.</summary>
    private static readonly TimeSpan ShutdownLimit = TimeSpan.FromSeconds(10);

    private readonly TemporaryFolder _folder = new();
    private readonly ServerSetup _setup;

    public LifetimeTests() => _setup = new ServerSetup(_folder["data"]);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("TERM")]
    [InlineData("INT")]
    public async Task Signal_WhenIdle_EndsCleanly(string signal)
    {
        await using var server = await ServerProcess.StartAsync(_setup, Cancel);

        var result = await server.StopAsync(ShutdownLimit, Cancel, signal);

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.DoesNotContain("fail:", result.Errors, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder["data/admin.sock"]));
    }

    [Fact]
    public async Task Sigterm_WithConnectionsAndRequestsOpen_EndsInTime()
    {
        await using var server = await ServerProcess.StartAsync(_setup, Cancel);
        var realm = await server.Client.CreateRealmAsync("office", Cancel);
        await server.Client.CreateCredentialAsync(realm, "alice", "wonderland", Cancel);
        using var phone = await SipDevice.ConnectAsync("tcp", _setup.SipPort, Cancel);
        Assert.Equal(200, (await phone.RegisterAsync(realm.Fqdn, "alice", "wonderland", Cancel)).Status);
        using var half = await SendAsync(_setup.SipPort, "REGISTER sip:office SIP/2.0\r\nVia: ");
        using var resolver = await SendAsync(_setup.DnsPort, "\0");
        using var idle = await SendAsync(_setup.HttpPort, "GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n");
        using var upload = await SendAsync(_setup.HttpPort, UnfinishedUpload());

        var result = await server.StopAsync(ShutdownLimit, Cancel);

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.False(result.Errors.Contains("   at ", StringComparison.Ordinal), result.ToString());
    }

    [Fact]
    public async Task Start_AfterKill_WorksAtOnceOnTheSameFolderAndPorts()
    {
        await using (var killed = await ServerProcess.StartAsync(_setup, Cancel))
        {
            await killed.Client.CreateRealmAsync("office", Cancel);
            await killed.KillAsync(Cancel);
        }

        await using var server = await ServerProcess.StartAsync(_setup, Cancel);

        Assert.Contains("<Status>ACTIVE</Status>", (await server.Client.GetAsync("realms/office", Cancel)).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_AfterKillWhilePhonesAreConnected_WorksAtOnce()
    {
        await using (var killed = await ServerProcess.StartAsync(_setup, Cancel))
        {
            using var phone = await SendAsync(_setup.SipPort, "\r\n\r\n");
            using var browser = await SendAsync(_setup.HttpPort, "GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n");
            await killed.KillAsync(Cancel);
        }

        await using var server = await ServerProcess.StartAsync(_setup, Cancel);

        Assert.Equal(HttpStatusCode.OK, (await server.Client.GetAsync("/health/ready", Cancel)).Status);
    }

    private static string UnfinishedUpload()
    {
        var authorization = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{ServerSetup.UserName}:{ServerSetup.Password}"));
        return $"POST /api/accounts/{ServerSetup.Account}/realms HTTP/1.1\r\nHost: x\r\nAuthorization: Basic {authorization}\r\n"
            + "Content-Type: application/xml\r\nContent-Length: 1000\r\n\r\n<Realm>";
    }

    private static async Task<Socket> SendAsync(int port, string text)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port), Cancel);
        await socket.SendAsync(Encoding.UTF8.GetBytes(text), Cancel);
        return socket;
    }
}
