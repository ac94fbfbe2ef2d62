using System.Net;
using Sipstead.Sip.Transport;
using Sipstead.Voice.Calls;

namespace Sipstead.Voice.Tests.Calls;

/// <summary>The legs of a call are kept within bounds.</summary>
public sealed class CallLegsTests
{
    private static readonly SipFlow Flow = new(
        SipTransport.Tcp, new TransportAddress(new IPEndPoint(IPAddress.Loopback, 40_000)), new TransportAddress(new IPEndPoint(IPAddress.Loopback, 5060)), 7);

    private readonly CallLegs _legs = new();

    [Fact]
    public void Begin_BeyondTheCap_KeepsTheFirst()
    {
        for (var i = 0; i < CallLegs.Capacity + 5; i++) Begin($"leg-{i}");
        Assert.Equal((CallLegs.Capacity, "leg-0"), (_legs.All.Count, _legs.All[0].SipCallId));
        _legs.Note($"leg-{CallLegs.Capacity}", 200); // one that is not kept
        Assert.All(_legs.All, leg => Assert.Null(leg.Status));
    }

    [Fact]
    public void Note_OfAFinalStatus_IsTheLast()
    {
        Begin("a");
        Begin("b");

        _legs.Note("a", 180);
        _legs.Note("a", 487);
        _legs.Note("a", 180); // overtaken on its way

        Assert.Equal([487, null], _legs.All.Select(leg => leg.Status));
    }

    [Fact]
    public void All_IsALookAtOneMoment()
    {
        Begin("a");
        var before = _legs.All;
        _legs.Note("a", 200);
        Begin("b");
        Assert.Equal(new CallLeg("a", "sip:a@a.example", SipTransport.Tcp, "127.0.0.1:40000", DateTimeOffset.UnixEpoch, null), Assert.Single(before));
    }

    private void Begin(string id) => _legs.Begin(id, "sip:a@a.example", Flow, DateTimeOffset.UnixEpoch);
}
