using System.Net;
using Sipstead.Dns.Inspection;
using Sipstead.Testing;

namespace Sipstead.Dns.Tests;

/// <summary>What is found out about the zone by asking our responder, the resolver, and the name servers that it knows.</summary>
public sealed class ZoneProbeTests
{
    private const string Realm = "tenant-a.example.com";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task DelegatedZone_IsAskedForAtBothServers_OverBothTransports()
    {
        await using var running = new RunningResponder();
        using var lookup = new SystemLookup(() => [IPAddress.Loopback], running.EndPoint.Port); // the resolver has what we have
        var probe = new ZoneProbe(running.Zones, () => running.Responder.Endpoints, lookup, running.EndPoint.Port);

        var check = await probe.RunAsync(Realm, Cancel);

        Assert.Equal(running.Zones.Current.Serial, check.Serial);
        Assert.Null(check.DelegationError);
        var server = Assert.Single(check.Delegation);
        Assert.Equal("ns1.example.com.", server.Name);
        Assert.Equal([IPAddress.Loopback], server.Addresses);
        foreach (var answers in new[] { check.Own, check.Delegated })
        {
            Assert.Equal([(running.EndPoint, "UDP"), (running.EndPoint, "TCP")], answers.Select(answer => (answer.Server, answer.Transport)));
            Assert.All(answers, answer =>
            {
                Assert.Null(answer.Error);
                Assert.Equal(check.Serial, answer.Serial);
                Assert.Equal("5 50 5070 sip.example.com.", Assert.Single(answer.Services).Data);
                Assert.Equal(2, answer.Transports.Count);
                Assert.False(answer.IsOlderThan(check.Serial));
                Assert.True(answer.IsOlderThan(check.Serial + 1));
            });
        }
    }

    [Fact]
    public async Task ZoneThatIsNotDelegated_HasNoNameServers()
    {
        await using var running = new RunningResponder();
        await using var parent = new RunningResponder(RunningResponder.Loopback with { BaseDomain = "com" }, realms: []);
        using var lookup = new SystemLookup(() => [IPAddress.Loopback], parent.EndPoint.Port);

        var check = await new ZoneProbe(running.Zones, () => [], lookup, running.EndPoint.Port).RunAsync(Realm, Cancel);

        Assert.Null(check.DelegationError);
        Assert.Equal((0, 0, 0), (check.Own.Count, check.Delegation.Count, check.Delegated.Count));
    }

    [Fact]
    public async Task ServersThatDoNotAnswer_AreTold()
    {
        await using var running = new RunningResponder();
        using var lookup = new SystemLookup(() => [IPAddress.Loopback], running.EndPoint.Port);
        var nobody = FreePort.Take();

        var check = await new ZoneProbe(running.Zones, () => [new IPEndPoint(IPAddress.Loopback, nobody)], lookup, nobody).RunAsync(Realm, Cancel);

        Assert.Equal(4, check.Own.Count + check.Delegated.Count);
        Assert.All(check.Own.Concat(check.Delegated), answer => Assert.StartsWith("No answer from 127.0.0.1", answer.Error, StringComparison.Ordinal));
        Assert.All(check.Own, answer => Assert.Null(answer.Serial));
    }

    [Fact]
    public async Task ServerOfAnotherZone_TellsItsRefusal()
    {
        await using var running = new RunningResponder();
        await using var other = new RunningResponder(RunningResponder.Loopback with { BaseDomain = "example.net" }, realms: []);
        using var lookup = new SystemLookup(() => [], 53);

        var check = await new ZoneProbe(running.Zones, () => [other.EndPoint], lookup, 53).RunAsync(Realm, Cancel);

        Assert.All(check.Own, answer => Assert.Equal("The name server answers Refused.", answer.Error));
        Assert.Contains("no name server", check.DelegationError, StringComparison.Ordinal);
    }
}
