using System.Net;
using Sipstead.Dns.Inspection;
using Sipstead.Testing;

namespace Sipstead.Dns.Tests;

/// <summary>What the connection doctor is told of our zone, and of what a resolver sees.</summary>
public sealed class InspectionTests
{
    private const string Realm = "tenant-a.example.com";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Records_AreThoseThatTheResponderAnswers()
    {
        await using var running = new RunningResponder();
        var inspector = new ZoneInspector(running.Zones, running.Options);

        var records = inspector.RecordsOf(Realm, IPAddress.Parse("192.0.2.1")).Select(record => record.ToString()).ToList();

        Assert.Contains($"_sip._udp.{Realm}. 300 IN SRV 5 50 5070 sip.example.com.", records);
        Assert.Contains($"_sip._tcp.{Realm}. 300 IN SRV 5 50 5070 sip.example.com.", records);
        Assert.Contains($"_sips._tcp.{Realm}. 300 IN SRV 0 0 0 .", records);
        Assert.Contains($"{Realm}. 300 IN NAPTR 10 20 \"s\" \"SIP+D2T\" \"\" _sip._tcp.{Realm}.", records);
        Assert.Contains($"{Realm}. 300 IN A 127.0.0.1", records); // the address that it listens on
        Assert.Contains("sip.example.com. 300 IN A 127.0.0.1", records);
        Assert.Contains("example.com. 300 IN NS ns1.example.com.", records);
        Assert.StartsWith("example.com. 300 IN SOA ns1.example.com. hostmaster.example.com. ", records[0], StringComparison.Ordinal);
        Assert.Equal(records.Distinct(), records);
    }

    [Fact]
    public async Task Records_CarryThePublicAddresses_OrThatOfTheMachine()
    {
        await using var running = new RunningResponder();
        var everywhere = running.Options with { Address = "0.0.0.0" };

        var machine = new ZoneInspector(running.Zones, everywhere).RecordsOf(Realm, IPAddress.Parse("192.0.2.1"));
        var advertised = new ZoneInspector(running.Zones, everywhere with { PublicAddress = "203.0.113.9" }).RecordsOf(Realm, IPAddress.Parse("192.0.2.1"));

        Assert.All(machine.Where(record => record.Type == "A"), record => Assert.Equal("192.0.2.1", record.Data));
        Assert.All(advertised.Where(record => record.Type == "A"), record => Assert.Equal("203.0.113.9", record.Data));
    }

    [Fact]
    public async Task RealmThatTheZoneDoesNotHave_HasNoRecord()
    {
        await using var running = new RunningResponder();

        Assert.Empty(new ZoneInspector(running.Zones, running.Options).RecordsOf("tenant-b.example.com", IPAddress.Loopback));
    }

    [Fact]
    public async Task ZoneFile_HasALineForEachRecord()
    {
        await using var running = new RunningResponder();
        var inspector = new ZoneInspector(running.Zones, running.Options);

        var lines = inspector.FileOf(inspector.RecordsOf(Realm, IPAddress.Loopback)).Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal(["$ORIGIN example.com.", "$TTL 300"], lines[..2]);
        Assert.Equal(inspector.RecordsOf(Realm, IPAddress.Loopback).Select(record => record.ToString()), lines[2..]);
    }

    [Fact]
    public async Task Lookup_FindsWhatANameServerPublishes()
    {
        await using var running = new RunningResponder();
        using var lookup = new SystemLookup(() => [IPAddress.Loopback], running.EndPoint.Port);

        var found = await lookup.FindServiceAsync(Realm, Cancel);

        Assert.Null(found.Error);
        Assert.Equal("5 50 5070 sip.example.com.", Assert.Single(found.Records).Data);
    }

    [Fact]
    public async Task Lookup_OfANameThatIsNotThere_IsEmpty()
    {
        await using var running = new RunningResponder();
        using var lookup = new SystemLookup(() => [IPAddress.Loopback], running.EndPoint.Port);

        var found = await lookup.FindServiceAsync("tenant-b.example.com", Cancel);

        Assert.Equal((0, null), (found.Records.Count, found.Error));
    }

    [Fact]
    public async Task Lookup_OutsideTheZone_TellsTheRefusal()
    {
        await using var running = new RunningResponder();
        using var lookup = new SystemLookup(() => [IPAddress.Loopback], running.EndPoint.Port);

        Assert.Equal("The name server answers Refused.", (await lookup.FindServiceAsync("office.example.net", Cancel)).Error);
    }

    [Fact]
    public async Task Lookup_WithoutAnAnswer_SaysWhoWasAsked()
    {
        using var lookup = new SystemLookup(() => [IPAddress.Loopback], FreePort.Take());

        Assert.StartsWith("No answer from 127.0.0.1", (await lookup.FindServiceAsync(Realm, Cancel)).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lookup_WithoutANameServer_SaysSo()
    {
        using var lookup = new SystemLookup(() => [], 53);

        Assert.Contains("no name server", (await lookup.FindServiceAsync(Realm, Cancel)).Error, StringComparison.Ordinal);
    }
}
