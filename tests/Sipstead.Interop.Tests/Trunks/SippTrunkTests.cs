using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sipstead.Interop.Tests.Sipp;
using Sipstead.Testing;

namespace Sipstead.Interop.Tests.Trunks;

/// <summary>A server that checks trunks as often as may be set.</summary>
public sealed class BusyTrunkServer() : InteropServer(("Sipstead__Voice__TrunkCheckInterval", "5"));

/// <summary>The health of a trunk whose far end SIPp plays: it answers, dies and comes back.</summary>
public sealed class SippTrunkTests(BusyTrunkServer server) : IClassFixture<BusyTrunkServer>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Trunk_IsUpWhileItsFarEndAnswers_AndDownAfterItDied()
    {
        InteropServer.Require("sipp", "sip-tester");
        var port = FreePort.Take();
        var first = await SippRun.ListenAsync("answer-options", port, "-", Cancel);
        var created = await server.Voice.SendAsync(
            HttpMethod.Post, "trunks",
            new JsonObject { ["name"] = "carrier", ["host"] = "127.0.0.1", ["port"] = port, ["transport"] = "udp", ["userName"] = "acme", ["password"] = "secret word" }.ToJsonString(),
            Cancel);
        Assert.True(created.Status == HttpStatusCode.Created, created.ToString());
        var trunk = $"trunks/{created["id"]}";

        await using (first)
        {
            var up = await HealthAsync(trunk, "up");
            await first.PassAsync(Cancel);
            Assert.Equal(200, up.GetProperty("answer").GetInt32());
            Assert.True(up.GetProperty("roundTrip").GetDouble() >= 0);
            Assert.False(up.TryGetProperty("reason", out _));
        }

        var down = await HealthAsync(trunk, "down");
        Assert.Equal($"no answer within 8 s from 127.0.0.1:{port} over UDP", down.GetProperty("reason").GetString());

        await using var second = await SippRun.ListenAsync("answer-options", port, "-", Cancel);
        await HealthAsync(trunk, "up");
        await second.PassAsync(Cancel);
        Assert.Equal(HttpStatusCode.NoContent, (await server.Voice.SendAsync(HttpMethod.Delete, trunk, null, Cancel)).Status);
    }

    private async Task<JsonElement> HealthAsync(string trunk, string state)
    {
        JsonElement health = default;
        await Poll.UntilAsync(
            $"a trunk that is {state}",
            async () =>
            {
                health = (await server.Voice.SendAsync(HttpMethod.Get, trunk, null, Cancel)).Json.GetProperty("health");
                return health.GetProperty("state").GetString() == state;
            },
            Cancel,
            TimeSpan.FromSeconds(60));
        return health;
    }
}
