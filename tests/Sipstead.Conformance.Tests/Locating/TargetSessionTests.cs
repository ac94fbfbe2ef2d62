using Sipstead.Sip.Locating;
using Sipstead.Sip.Sessions;
using Sipstead.Sip.Transport;
using Sipstead.Testing.Sip;
using Xunit;

namespace Sipstead.Conformance.Tests.Locating;

/// <summary>What goes to a target once it was chosen: RFC 3263 4.3, RFC 3261 12.2.1.1, 18.1.1, 26.2.2 (conformance.md).</summary>
public sealed class TargetSessionTests : IDisposable, INextHops
{
    private static readonly SipFlow Tls = SessionHarness.Flow("192.0.2.10:40000", SipTransport.Tls, 9);
    private static readonly SipFlow Other = SessionHarness.Flow("192.0.2.99:5070");

    private readonly SessionHarness _harness = new();
    private readonly List<SipDestination> _asked = [];
    private readonly TaskCompletionSource<SipFlow?> _found = new();
    private OutboundSession? _session;

    public void Dispose() => _harness.Dispose();

    public Task<SipFlow?> FindAsync(SipDestination hop, SipFlow seen)
    {
        _asked.Add(hop);
        return _found.Task;
    }

    [Fact]
    public void LOC_05_RepeatsAckAndCancel_GoToTheTargetOfTheirInvite()
    {
        _harness.Call(Other);
        _harness.Advance(4);
        _harness.Receive(_harness.Flows.Last("INVITE").Answer(100), Other);
        _harness.Call(Other).Cancel();
        var second = _harness.Flows.Last("INVITE");
        _harness.Receive(second.Answer(180, "callee"), SessionHarness.Udp); // what answers from elsewhere moves nothing
        _harness.Receive(_harness.Flows.Last("CANCEL").Answer(200), Other);
        _harness.Receive(second.Answer(487, "callee"), SessionHarness.Udp);
        _harness.Advance(1);
        Assert.Equal(["INVITE", "INVITE", "INVITE", "INVITE", "INVITE", "CANCEL", "ACK"], _harness.Flows.Messages.Select(message => message.Kind));
        Assert.All(_harness.Flows.Sent, sent => Assert.Equal(Other, sent.Flow));
    }

    [Theory]
    [InlineData("Record-Route: <sip:edge.example.net:5080;lr>\r\nRecord-Route: <sip:proxy.example.net;lr;transport=tcp>\r\n", "proxy.example.net", null, SipTransport.Tcp)]
    [InlineData("", "192.0.2.10", 40000, null)]
    public void PRX_09_NextHop_IsTheFirstRoute_ElseTheContact(string routes, string host, int? port, SipTransport? transport)
    {
        Answer(routes);
        Assert.Equal([new SipDestination(false, host, port, transport)], _asked);
    }

    [Fact]
    public void PRX_09_AckWaitsForItsWay_AndByeTakesItToo()
    {
        var invite = Answer();
        _harness.Receive(invite.Answer(200, "callee", "Contact: <sip:alice@192.0.2.99:5070>\r\n", "answer"));
        Assert.Equal((0, 1), (_harness.Flows.Count("ACK"), _asked.Count));

        _found.SetResult(Other);
        Assert.Equal(Other, _harness.Flows.Sent.Single(sent => sent.Message.Kind == "ACK").Flow);
        Assert.Equal(["answered: answer"], _harness.Log.Events);
        _harness.Receive(invite.Answer(200, "callee", "Contact: <sip:alice@192.0.2.99:5070>\r\n", "answer")); // its repeat gets the same ACK
        Assert.Equal(2, _harness.Flows.Count("ACK"));
        _harness.Receive(_harness.CalleeRequest("INFO", 1)); // seen elsewhere, which moves no route
        _session!.Bye();
        Assert.Equal(Other, _harness.Flows.Sent[^1].Flow);
    }

    [Fact]
    public void PRX_09_WithoutAWay_AckGoesWhereTheFarEndWasSeen()
    {
        Answer();
        _found.SetResult(null);
        Assert.Equal(SessionHarness.Udp, _harness.Flows.Sent.Single(sent => sent.Message.Kind == "ACK").Flow);
    }

    [Fact]
    public void PRX_09_CallGivenUpMeanwhile_IsAcknowledgedAndEnded()
    {
        Answer();
        _session!.Cancel();
        _found.SetResult(Other);
        Assert.Equal(["INVITE", "ACK", "BYE"], _harness.Flows.Messages.Select(message => message.Kind));
        Assert.All(_harness.Flows.Sent.Skip(1), sent => Assert.Equal(Other, sent.Flow));
        Assert.Equal(["failed 487 Request Terminated"], _harness.Log.Events);
    }

    [Fact]
    public void S_61_RequestToASipsUri_NeverLeavesInTheClear()
    {
        foreach (var flow in (SipFlow[])[SessionHarness.Udp, SessionHarness.Tcp]) _harness.Call(flow, SessionHarness.Invite() with { RequestUri = "SIPS:alice@192.0.2.10" });
        Assert.Empty(_harness.Flows.Sent);
        Assert.Equal(["failed 503 Service Unavailable", "failed 503 Service Unavailable"], _harness.Log.Events);
        _harness.Call(Tls, SessionHarness.Invite() with { RequestUri = "sips:alice@192.0.2.10" });
        Assert.Equal(Tls, Assert.Single(_harness.Flows.Sent).Flow);
    }

    [Fact]
    public void S_61_ContactThatIsSips_TakesNoClearAck()
    {
        _session = _harness.Call();
        _harness.Receive(_harness.Flows.Last("INVITE").Answer(200, "callee", "Contact: <sips:alice@192.0.2.10>\r\n", "answer"));
        _session.Bye();
        Assert.Equal(["INVITE"], _harness.Flows.Messages.Select(message => message.Kind));
    }

    private MessageText Answer(string routes = "")
    {
        _session = _harness.Call(invite: SessionHarness.Invite() with { NextHops = this });
        var invite = _harness.Flows.Last("INVITE");
        _harness.Receive(invite.Answer(200, "callee", $"{routes}Contact: <sip:alice@192.0.2.10:40000>\r\n", "answer"));
        return invite;
    }
}
