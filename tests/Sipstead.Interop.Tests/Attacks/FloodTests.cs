using System.Globalization;
using System.Net.Http.Headers;
using Sipstead.Interop.Tests.Calls;
using Sipstead.Interop.Tests.Sipp;
using Sipstead.Testing;

namespace Sipstead.Interop.Tests.Attacks;

/// <summary>Many strangers send as fast as they can; who is registered goes on (S-18).</summary>
public sealed class FloodTests(FloodedServer server) : IClassFixture<FloodedServer>
{
    private const int Calls = 3;

    /// <summary>Far below what some hundred thousand requests would take if anything of them were kept.</summary>
    private const double MaxGrowth = 128 << 20;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task S_18_CallsAndRegistrationsGoOn_WhileFiftySourcesFlood()
    {
        InteropServer.Require("sipp", "sip-tester");
        await using var scene = await CallScene.CreateAsync(server);
        scene.Application.AnswerBxml("/answer", "<Response><Hangup/></Response>");
        scene.Application.AnswerBxml("/initiate", "<Response><Pause/><Hangup/></Response>"); // answers: a call that is hung up before is declined
        var phone = await SippPhone.RegisterAsync(server, scene.Alice);
        var before = await MetricAsync("dotnet_process_memory_working_set_bytes");

        await using (var flood = UdpFlood.Start(server.Setup.SipPort, scene.Alice.Realm.Fqdn))
        {
            await Poll.UntilAsync("the flood to be limited", async () => await LimitedAsync() > 1_000, Cancel);
            for (var i = 0; i < Calls; i++)
            {
                await using var device = await phone.TakeCallAsync("answer");
                await scene.CallAsync();
                await scene.ExpectEndAsync("hangup");
                await device.PassAsync(Cancel);
            }

            await using var caller = SippPhone.Call(server, scene.Alice, "call-and-listen");
            await scene.ExpectEndAsync("hangup");
            await caller.PassAsync(Cancel);

            using var newcomer = await SipDevice.ConnectAsync("udp", server.Setup.SipPort, Cancel);
            Assert.Equal(200, (await newcomer.RegisterAsync(scene.Alice.Realm.Fqdn, scene.Alice.UserName, scene.Alice.Password, Cancel)).Status);
            Assert.True(flood.Sent > 1_000);
        }

        var growth = await MetricAsync("dotnet_process_memory_working_set_bytes") - before;
        Assert.True(growth < MaxGrowth, string.Create(CultureInfo.InvariantCulture, $"grew by {growth / (1 << 20):0} MB"));
    }

    /// <summary>Those above the limit of a source, and of sources that are slowed for the users they tried, which these soon are.</summary>
    private async Task<double> LimitedAsync() =>
        await MetricAsync("sipstead_sip_dropped_total", "reason=\"source over limit\"") + await MetricAsync("sipstead_sip_dropped_total", "reason=\"slowed source\"");

    /// <summary>The sum of a metric's series that have a label; 0 for none yet.</summary>
    private async Task<double> MetricAsync(string name, string label = "")
    {
        using var http = new HttpClient { BaseAddress = server.Setup.HttpAddress };
        http.DefaultRequestHeaders.Accept.Add(new MediaTypeWithQualityHeaderValue("text/plain"));
        var text = await http.GetStringAsync(new Uri("/metrics", UriKind.Relative), Cancel);
        return text.Split('\n').Where(line => line.StartsWith(name + "{", StringComparison.Ordinal) && line.Contains(label, StringComparison.Ordinal))
            .Sum(line => double.Parse(line.Split(' ')[^1], CultureInfo.InvariantCulture));
    }
}
