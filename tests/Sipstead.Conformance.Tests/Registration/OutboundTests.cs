using Microsoft.Extensions.Logging.Abstractions;
using Sipstead.Registrar.History;
using Sipstead.Registrar.KeepAlive;
using Sipstead.Sip.Transport;
using Sipstead.Testing.Registrar;
using Xunit;

namespace Sipstead.Conformance.Tests.Registration;

/// <summary>OB duties of Outbound (RFC 5626 4 to 6, conformance.md).</summary>
public sealed class OutboundTests : RegistrationFixture
{
    private const string Instance = "+sip.instance=\"<urn:uuid:00000000-0000-1000-8000-000a95a0e128>\"";
    private const string Outbound = "Supported: path, outbound\r\n";

    [Fact]
    public void OB_03_FlowIsReplaced_WhateverContactAndCallId()
    {
        Assert.Equal(200, Flow(Device, "<sip:alice@192.0.2.10:40000>", 1).Status);
        var id = Harness.Bindings(Alice).Single().Id;
        var again = NewDevice("198.51.100.7:1024");
        Assert.Equal([$"<sip:al@10.9.8.7>;{Instance};reg-id=1;expires=3600"], Flow(again, "<sip:al@10.9.8.7>", 1).Contacts);
        var binding = Harness.Bindings(Alice).Single();
        Assert.Equal((id, "198.51.100.7:1024"), (binding.Id, binding.Flow.Source.ToString()));
    }

    [Fact]
    public void OB_03_OldCSeqOfTheSameCallId_FailsWhole()
    {
        Flow(Device, Phone, 1);
        Device.CSeq -= 2;
        Assert.Equal(500, Flow(Device, "<sip:other@192.0.2.9>", 1).Status);
        Assert.Equal("sip:alice@192.0.2.10:40000", Harness.Bindings(Alice).Single().Contact);
    }

    [Fact]
    public void OB_03_WithoutSupported_RegIdIsAParameterLikeOthers()
    {
        var contact = $"{Phone};{Instance};reg-id=1";
        Assert.Null(Device.Register(contact).One("Require"));
        Assert.Equal(2, NewDevice().Register($"<sip:other@192.0.2.9>;{Instance};reg-id=1").Contacts.Count);
    }

    [Fact]
    public void OB_03_FlowOfAnotherInstance_IsNotTouched()
    {
        Flow(Device, Phone, 1);
        var other = NewDevice().Register("<sip:b@192.0.2.2>;+sip.instance=\"<urn:uuid:00000000-0000-1000-8000-ffffffffffff>\";reg-id=1", extraHeaders: Outbound);
        Assert.Equal(2, other.Contacts.Count);
    }

    [Fact]
    public void OB_03_DeviceThatTurnsOutboundOn_LeavesNoSecondBinding()
    {
        Device.Register($"{Phone};{Instance}");
        Assert.Single(Flow(Device, Phone, 1).Contacts);
    }

    [Fact]
    public void OB_04_TwoFlows_LiveSideBySide_AndEndAlone()
    {
        Flow(Device, Phone, 1);
        Assert.Equal(2, Flow(Device, Phone, 2).Contacts.Count); // one Contact text for both, as behind one NAT
        var left = Flow(Device, Phone, 1, ";expires=0");
        Assert.Equal([$"{Phone};{Instance};reg-id=2;expires=3600"], left.Contacts);
    }

    [Theory]
    [InlineData(";reg-id=1")]
    [InlineData($";{Instance};reg-id=0")]
    [InlineData($";{Instance};reg-id=one")]
    [InlineData($";{Instance};reg-id=2147483648")]
    [InlineData($";{Instance};reg-id")]
    public void OB_05_RegIdThatCannotBeUsed_IsIgnored(string parameters)
    {
        var answer = Device.Register($"<sip:a@192.0.2.1>{parameters}", extraHeaders: Outbound);
        Assert.Equal((200, null, null), (answer.Status, answer.One("Require"), answer.One("Flow-Timer")));
        Assert.Equal(2, Device.Register($"<sip:b@192.0.2.1>{parameters}", extraHeaders: Outbound).Contacts.Count);
    }

    [Fact]
    public void OB_05_LargestRegId_IsTaken() =>
        Assert.Equal("outbound", Flow(Device, Phone, int.MaxValue).One("Require"));

    [Fact]
    public void OB_05_TwoFlowsInOneRequest_Get400_ButOneMayEnd()
    {
        string Contacts(string second) => $"Contact: <sip:a@192.0.2.1>;{Instance};reg-id=1, <sip:b@192.0.2.1>;{Instance};reg-id=2{second}\r\n{Outbound}";
        Assert.Equal(400, Device.Request(Contacts("")).Status);
        Assert.Empty(Harness.Bindings(Alice));
        Assert.Single(Device.Request(Contacts(";expires=0")).Contacts);
    }

    [Theory]
    [InlineData(SipTransport.Udp, "30")]
    [InlineData(SipTransport.Tcp, "120")]
    public void OB_06_Answer_RequiresOutbound_AndSaysTheFlowTimer(SipTransport transport, string seconds)
    {
        Device.Flow = RegistrarHarness.Flow(transport: transport, connection: transport == SipTransport.Udp ? 0 : 7);
        var answer = Flow(Device, Phone, 1);
        Assert.Equal(("outbound", seconds), (answer.One("Require"), answer.One("Flow-Timer")));
        Assert.Equal("outbound", Device.Repeat().One("Require"));
        Assert.Null(Device.Request(Outbound).One("Require")); // a fetch makes no flow
    }

    [Theory]
    [InlineData("", 439)]
    [InlineData("Path: <sip:edge.example.net;lr>\r\n", 439)]
    [InlineData("Path: <sip:edge.example.net;lr;ob>\r\n", 200)]
    [InlineData("Path: <sip:inner.example.net;lr>, <sip:edge.example.net;ob;lr>\r\n", 200)]
    public void OB_06_ProxyOnTheWay_MustTakePart(string path, int status)
    {
        var answer = Flow(Device, Phone, 1, headers: "Via: SIP/2.0/UDP 192.0.2.77;branch=z9hG4bKdevice\r\n" + path);
        Assert.Equal(status, answer.Status);
        Assert.Equal(status == 200 ? 1 : 0, Harness.Bindings(Alice).Count);
        if (status == 439) Assert.Equal(RegistrationOutcome.FirstHopLacksOutbound, Harness.History.OfCredential(Alice)[0].Outcome);
    }

    [Fact]
    public void OB_06_ProxyOnTheWay_IsNoHindranceWithoutOutbound() =>
        Assert.Equal(200, Device.Register($"{Phone};{Instance};reg-id=1", extraHeaders: "Via: SIP/2.0/UDP 192.0.2.77;branch=z9hG4bKdevice\r\n").Status);

    [Fact]
    public void OB_08_FlowWhoseConnectionIsGone_EndsAfter64T1_UnlessTheDeviceComesBack()
    {
        using var watch = Watch();
        Device.Flow = RegistrarHarness.Flow(transport: SipTransport.Tcp, connection: 5);
        var mobile = NewDevice();
        mobile.Flow = RegistrarHarness.Flow(transport: SipTransport.Tcp, connection: 6);
        Harness.Flows.OpenConnections.UnionWith([5, 6]);
        Flow(Device, Phone, 1);
        Flow(mobile, Phone, 2);

        Harness.Time.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(2, Harness.Bindings(Alice).Count);

        Harness.Flows.OpenConnections.Clear();
        Harness.Time.Advance(FlowWatch.Round);
        Assert.Equal([false, false], Harness.Bindings(Alice).Select(binding => binding.Reachable));
        mobile.Flow = RegistrarHarness.Flow(transport: SipTransport.Tcp, connection: 9);
        Harness.Flows.OpenConnections.Add(9);
        Flow(mobile, Phone, 2);

        Harness.Time.Advance(TimeSpan.FromSeconds(33));
        var left = Harness.Bindings(Alice).Single();
        Assert.Equal((2, true), (left.RegId!.Value, left.Reachable));
    }

    [Fact]
    public void OB_08_EndOfAFlow_IsDurable_AndToldInTheHistory()
    {
        using var watch = Watch();
        Device.Flow = RegistrarHarness.Flow(transport: SipTransport.Tcp, connection: 5);
        Flow(Device, Phone, 1);
        var before = Harness.Journal.Batches.Count;
        Harness.Time.Advance(FlowWatch.Round * 2);
        Assert.Equal(before + 1, Harness.Journal.Batches.Count); // once, and not again in the next round
        Harness.Time.Advance(TimeSpan.FromSeconds(33));
        var ends = new BindingEnds(Harness.History, Harness.View, Harness.Clock, RegistrationOutcome.Ended);
        Harness.Locations.Sweep(ends.Note);
        ends.Tell();
        Assert.Equal(RegistrationOutcome.FlowEnded, Harness.History.OfCredential(Alice)[0].Outcome);
    }

    [Fact]
    public void OB_08_ConnectionWithoutOutbound_AndDatagrams_KeepTheirBindings()
    {
        using var watch = Watch();
        Device.Flow = RegistrarHarness.Flow(transport: SipTransport.Tcp, connection: 5);
        Device.Register("<sip:plain@192.0.2.10>");
        Flow(NewDevice(), Phone, 1);
        Harness.Time.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(2, Harness.Bindings(Alice).Count);
    }

    [Fact]
    public void OB_09_ConnectionOfAFlow_EndsAfterSilence_OthersDoNot()
    {
        Device.Flow = RegistrarHarness.Flow(transport: SipTransport.Tcp, connection: 5);
        Device.Register(Phone);
        Assert.Empty(Harness.Flows.Silences);
        Flow(Device, Phone, 1);
        Assert.Equal([(Device.Flow, TimeSpan.FromSeconds(120))], Harness.Flows.Silences);
    }

    private static SipResponseText Flow(ScriptedDevice device, string contact, int regId, string parameters = "", string headers = "") =>
        device.Register($"{contact};{Instance};reg-id={regId}{parameters}", extraHeaders: Outbound + headers);

    private FlowWatch Watch() =>
        new(Harness.Locations, Harness.Flows, Harness.Journal, Harness.Clock, Harness.Time, NullLogger.Instance);
}
