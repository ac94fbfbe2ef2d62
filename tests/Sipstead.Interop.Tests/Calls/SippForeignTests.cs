using System.Net;
using System.Net.Sockets;
using Sipstead.Interop.Tests.Sipp;
using Sipstead.Testing;

namespace Sipstead.Interop.Tests.Calls;

/// <summary>The API calls a foreign host that a name server knows, and SIPp plays.</summary>
public sealed class SippForeignTests(InteropServer server)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task LOC_04_FirstTargetIsDead_TheSecondAnswers()
    {
        InteropServer.Require("sipp", "sip-tester");
        await using var scene = await CallScene.CreateAsync(server);
        scene.Application.AnswerBxml("/answer", "<Response><Hangup/></Response>");
        using var dead = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        var port = FreePort.Take();
        const string service = $"_sip._udp.{InteropServer.ForeignHost}";
        server.Names.Naptr(InteropServer.ForeignHost, 10, "SIP+D2U", service)
            .Srv(service, 1, 0, ((IPEndPoint)dead.Client.LocalEndPoint!).Port, $"one.{InteropServer.ForeignHost}").Srv(service, 2, 0, port, $"two.{InteropServer.ForeignHost}")
            .Host($"one.{InteropServer.ForeignHost}", "127.0.0.1").Alias($"two.{InteropServer.ForeignHost}", $"one.{InteropServer.ForeignHost}");
        await using var carrier = await SippRun.ListenAsync("answer", port, "-", Cancel);

        await scene.CallAsync(("to", $"sip:bob@{InteropServer.ForeignHost}"));

        await scene.ExpectEndAsync("hangup");
        await carrier.PassAsync(Cancel);
        Assert.True(dead.Available > 0);
        Assert.Contains(server.Names.Asked, question => question.StartsWith($"naptr {InteropServer.ForeignHost}", StringComparison.Ordinal));
    }
}
