using Sipstead.Registrar.Location;
using Sipstead.Sip.Transport;
using Sipstead.Voice.Calls;

namespace Sipstead.Voice.Tests.Calls;

/// <summary>Who rings when (ruling 14).</summary>
public sealed class ForkPlanTests
{
    [Fact]
    public void PRX_04_EqualQ_RingsTogether() => Assert.Equal([["1", "2"]], Ids(Binding(1), Binding(2)));

    [Fact]
    public void PRX_04_LowerQ_ComesLater() => Assert.Equal([["2"], ["1", "3"]], Ids(Binding(1, 0.5m), Binding(2, 0.9m), Binding(3, 0.5m)));

    [Fact]
    public void PRX_04_WithoutQ_CountsAsOne() => Assert.Equal([["2"], ["1"]], Ids(Binding(1, 0.9m), Binding(2)));

    [Fact]
    public void PRX_04_FlowsOfOneInstance_AreTriedNewestFirst() =>
        Assert.Equal([["5", "7>3"]], Ids(Binding(3, instance: "a"), Binding(7, instance: "a"), Binding(5)));

    [Fact]
    public void OB_04_FlowThatWasMadeAnew_IsTriedFirst() => Assert.Equal(
        [["1>2"]], Ids(Binding(1, instance: "a") with { RefreshedAt = 9 }, Binding(2, instance: "a") with { RefreshedAt = 5 }));

    [Theory]
    [InlineData(SipTransport.Udp, false)]
    [InlineData(SipTransport.Tcp, false)]
    [InlineData(SipTransport.Ws, false)]
    [InlineData(SipTransport.Tls, true)]
    [InlineData(SipTransport.Wss, true)]
    public void REG_08_SipsContact_RingsOverASecureFlowOnly(SipTransport transport, bool rings)
    {
        var binding = Binding(1) with { Contact = "SIPS:alice@192.0.2.1", Flow = new SipFlow(transport, default, default, 5) };
        Assert.Equal(rings ? [["1"]] : [], Ids(binding));
    }

    [Fact]
    public void PRX_04_FlowWithoutItsConnection_IsLeftOut() => Assert.Equal([["2"]], Ids(Binding(1, reachable: false), Binding(2)));

    [Fact]
    public void PRX_03_NoBinding_MakesNoGroup() => Assert.Empty(Ids());

    private static List<List<string>> Ids(params Binding[] bindings) =>
        [.. ForkPlan.Of(bindings).Select(group => group.Select(flows => string.Join('>', flows.Select(flow => flow.Id))).Order().ToList())];

    private static Binding Binding(long id, decimal? q = null, string? instance = null, bool reachable = true) => new(
        id, 1, 1, "sip:alice@192.0.2.1", default, reachable, 60, q, "", "call", 1, instance, null, DateTimeOffset.UnixEpoch);
}
