using System.Net;
using System.Net.Sockets;
using Sipstead.Testing;

namespace Sipstead.Server.Tests.Composition;

/// <summary>What monitoring reads: health and metrics, without a password.</summary>
public sealed class HealthTests(RunningServer running) : IClassFixture<RunningServer>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/health/live", "live\n")]
    [InlineData("/health/ready", "ready\n")]
    public async Task Health_OfARunningServer_IsGood(string path, string body)
    {
        using var http = new HttpClient { BaseAddress = running.Setup.HttpAddress };

        Assert.Equal(body, await http.GetStringAsync(new Uri(path, UriKind.Relative), Cancel));
    }

    [Fact]
    public async Task Ready_MeansThatEveryListenerAnswers()
    {
        Assert.Equal(HttpStatusCode.OK, (await running.Server.Client.GetAsync("/health/ready", Cancel)).Status);

        foreach (var port in new[] { running.Setup.SipPort, running.Setup.DnsPort, running.Setup.HttpPort })
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(IPAddress.Loopback, port, Cancel);
        }
    }

    [Fact]
    public async Task Metrics_CountWhatEachPartDid()
    {
        var realm = await running.Server.Client.CreateRealmAsync("metered", Cancel);
        await running.Server.Client.CreateCredentialAsync(realm, "alice", "wonderland", Cancel);
        using var phone = await SipDevice.ConnectAsync("tcp", running.Setup.SipPort, Cancel);
        Assert.Equal(200, (await phone.RegisterAsync(realm.Fqdn, "alice", "wonderland", Cancel)).Status);

        var text = await Poll.ForAsync("the metrics of this registration", ReadMetricsAsync, Cancel);

        Assert.Contains("sipstead_api_requests", text, StringComparison.Ordinal);
        Assert.Contains("sipstead_api_authentications", text, StringComparison.Ordinal);
        Assert.Contains("dotnet_gc", text, StringComparison.Ordinal);
        Assert.Contains("sipstead_registrar_challenges", text, StringComparison.Ordinal);
    }

    /// <summary>The phone's; one of another test may still be about to end.</summary>
    private static bool HasOneConnection(string metrics) =>
        metrics.Split('\n').Any(line => line.StartsWith("sipstead_sip_connections", StringComparison.Ordinal) && $"{line} ".Contains(" 1 ", StringComparison.Ordinal));

    private async Task<string?> ReadMetricsAsync()
    {
        var text = (await running.Server.Client.GetAsync("/metrics", Cancel)).Body;
        return text.Contains("sipstead_registrar_answers", StringComparison.Ordinal) && text.Contains("sipstead_sip_messages", StringComparison.Ordinal)
            && HasOneConnection(text) ? text : null;
    }
}
