using System.Net;
using System.Text.Json.Nodes;
using Sipstead.Interop.Tests.Calls;
using Sipstead.Interop.Tests.Sipp;
using Sipstead.Testing;

namespace Sipstead.Interop.Tests.Trunks;

/// <summary>A server that asks no trunk whether it lives.</summary>
public sealed class QuietTrunkServer() : InteropServer(("Sipstead__Voice__TrunkCheckInterval", "0"));

/// <summary>Calls over trunks whose far ends SIPp plays: it asks for a password, refuses, and calls in.</summary>
public sealed class SippTrunkCallTests(QuietTrunkServer server) : IClassFixture<QuietTrunkServer>
{
    private const string Number = "+12025550123";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("secretword", "hangup")]
    [InlineData("otherword", "rejected")] // guards the other: a digest that is wrong is seen
    public async Task AUTH_21_TrunkThatAsksForAPassword_GetsIt(string password, string cause)
    {
        InteropServer.Require("sipp", "sip-tester");
        await using var scene = await CallScene.CreateAsync(server);
        scene.Application.AnswerBxml("/answer", "<Response><Hangup/></Response>");
        var port = FreePort.Take();
        await using var carrier = await SippRun.ListenAsync("answer-with-password", port, "acme;secretword", Cancel);
        await using var trunk = await TrunkAsync(port, ("userName", "acme"), ("password", password));

        var callId = await scene.CallAsync(("to", Number));

        await scene.ExpectEndAsync(cause);
        if (cause != "hangup") return;
        await carrier.PassAsync(Cancel);
        var media = await server.Voice.SendAsync(HttpMethod.Get, $"calls/{callId}/media", null, Cancel);
        Assert.Equal($"carrier {port}", media.Json.GetProperty("legs")[0].GetProperty("trunk").GetString());
        Assert.DoesNotContain(password, server.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TrunkWithoutRoom_IsFollowedByTheNext()
    {
        InteropServer.Require("sipp", "sip-tester");
        await using var scene = await CallScene.CreateAsync(server);
        scene.Application.AnswerBxml("/answer", "<Response><Hangup/></Response>");
        var (full, free) = (FreePort.Take(), FreePort.Take());
        await using var refusing = await SippRun.ListenAsync(
            "refuse", full, "-", Cancel, text => text.Replace("486 Busy Here", "503 Service Unavailable", StringComparison.Ordinal));
        await using var answering = await SippRun.ListenAsync("answer", free, "-", Cancel);
        await using var first = await TrunkAsync(full, ("priority", 1));
        await using var second = await TrunkAsync(free, ("priority", 2));

        await scene.CallAsync(("to", Number));

        await scene.ExpectEndAsync("hangup");
        await refusing.PassAsync(Cancel);
        await answering.PassAsync(Cancel);
    }

    [Fact]
    public async Task CallThatComesIn_ReachesTheApplicationOfItsNumber()
    {
        InteropServer.Require("sipp", "sip-tester");
        await using var scene = await CallScene.CreateAsync(server);
        scene.Application.AnswerBxml("/initiate", "<Response><Pause duration=\"0.2\"/></Response>");
        var route = new JsonObject { ["pattern"] = "+1202555*", ["applicationId"] = scene.ApplicationId };
        await using var trunk = await TrunkAsync(FreePort.Take(), ("sources", new JsonArray("127.0.0.1")), ("routes", new JsonArray(route)));

        await using var carrier = SippRun.Call("call-as-trunk", "udp", server.Setup.SipPort, "carrier.example", [$"+12025550199;{Number}"]);

        var initiate = await scene.ExpectAsync("initiate");
        Assert.Equal(("+12025550199", Number), (initiate["from"], initiate["to"]));
        var verified = initiate.Json.GetProperty("stirShaken");
        Assert.Equal(("TN-Validation-Passed", "A"), (verified.GetProperty("verstat").GetString(), verified.GetProperty("attestationIndicator").GetString()));
        await scene.ExpectEndAsync("hangup");
        await carrier.PassAsync(Cancel);
    }

    private async Task<Trunk> TrunkAsync(int port, params (string Name, JsonNode Value)[] more)
    {
        var body = new JsonObject
        {
            ["name"] = $"carrier {port}", ["host"] = "127.0.0.1", ["port"] = port, ["transport"] = "udp", ["outbound"] = new JsonArray("+1*"),
            ["callerIds"] = new JsonArray(CallScene.From),
        };
        foreach (var (name, value) in more) body[name] = value;
        var created = await server.Voice.SendAsync(HttpMethod.Post, "trunks", body.ToJsonString(), Cancel);
        Assert.True(created.Status == HttpStatusCode.Created, created.ToString());
        return new Trunk(server, created["id"]!);
    }

    /// <summary>A trunk that goes with its test.</summary>
    private sealed class Trunk(InteropServer server, string id) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync() =>
            Assert.Equal(HttpStatusCode.NoContent, (await server.Voice.SendAsync(HttpMethod.Delete, $"trunks/{id}", null, Cancel)).Status);
    }
}
