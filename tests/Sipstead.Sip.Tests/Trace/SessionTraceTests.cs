using Sipstead.Sip.Sessions;
using Sipstead.Sip.Trace;
using Sipstead.Testing.Sip;
using Xunit;

namespace Sipstead.Sip.Tests.Trace;

/// <summary>The trace of a call has each of its messages, in order: ">" from us, "&lt;" to us.</summary>
public sealed class SessionTraceTests : IDisposable
{
    private static readonly TraceSubject Device = new(1, 10, 0);

    private readonly SessionHarness _harness = new() { Device = Device };

    public void Dispose() => _harness.Dispose();

    [Fact]
    public void InboundCall_IsTracedFromInviteToBye_WithItsRepeats()
    {
        var session = _harness.TakeCall();
        _harness.Receive(SessionHarness.PeerInvite());
        session.Progress(180);
        session.Answer("answer"u8.ToArray());
        _harness.Advance(.5);
        _harness.Receive(_harness.PeerRequest("ACK", 1));
        _harness.Receive(_harness.PeerRequest("BYE", 2));
        _harness.Receive(_harness.PeerRequest("BYE", 2));
        Assert.Equal(
            [
                "< INVITE", "> 100 INVITE", "< INVITE", "> 100 INVITE", "> 180 INVITE", "> 200 INVITE", "> 200 INVITE", "< ACK", "< BYE", "> 200 BYE", "< BYE",
                "> 200 BYE",
            ],
            TraceOf(session));
        Assert.Equal(Device with { CallNumber = session.Trace.CallNumber }, session.Trace);
        Assert.Equal(_harness.Trace.OfCall(session.Trace.CallNumber), _harness.Trace.OfCredential(10), SameNumber);
    }

    [Fact]
    public void OutboundCall_IsTracedFromInviteToBye_WithItsRepeats()
    {
        var session = Call();
        _harness.Advance(.5);
        var invite = _harness.Flows.Last("INVITE");
        _harness.Receive(invite.Answer(100));
        _harness.Receive(invite.Answer(180, "callee"));
        _harness.Receive(invite.Answer(200, "callee", "Contact: <sip:alice@192.0.2.10:40000>\r\n"));
        _harness.Receive(invite.Answer(200, "callee", "Contact: <sip:alice@192.0.2.10:40000>\r\n"));
        session.Bye();
        _harness.Advance(.5);
        _harness.Receive(_harness.Flows.Last("BYE").Answer(200));
        Assert.Equal(
            [
                "> INVITE", "> INVITE", "< 100 INVITE", "< 180 INVITE", "< 200 INVITE", "> ACK", "< 200 INVITE", "> ACK", "> BYE", "> BYE", "< 200 BYE",
            ],
            TraceOf(session));
    }

    [Fact]
    public void CancelOfTheCaller_IsTraced()
    {
        var session = _harness.TakeCall();
        _harness.Receive(SessionHarness.PeerInvite(body: "").Replace("INVITE", "CANCEL", StringComparison.Ordinal));
        _harness.Receive(_harness.PeerRequest("ACK", 1, branch: "z9hG4bKinvite"));
        Assert.Equal(["< INVITE", "> 100 INVITE", "< CANCEL", "> 200 CANCEL", "> 487 INVITE", "< ACK"], TraceOf(session));
    }

    [Fact]
    public void CancelOfOurs_IsTraced()
    {
        var session = Call();
        var invite = _harness.Flows.Last("INVITE");
        _harness.Receive(invite.Answer(180, "callee"));
        session.Cancel();
        _harness.Receive(_harness.Flows.Last("CANCEL").Answer(200, "callee"));
        _harness.Receive(invite.Answer(487, "callee"));
        Assert.Equal(["> INVITE", "< 180 INVITE", "> CANCEL", "< 200 CANCEL", "< 487 INVITE", "> ACK"], TraceOf(session));
    }

    [Fact]
    public void RequestsWithinTheDialog_AreTraced()
    {
        var session = _harness.EstablishInbound();
        _harness.Receive(_harness.PeerRequest("OPTIONS", 2));
        _harness.Receive(_harness.PeerRequest("INFO", 3));
        _harness.Receive(_harness.PeerRequest("INVITE", 4, "Contact: <sip:x@h>\r\n"));
        session.AcceptOffer("answer"u8.ToArray());
        _harness.Receive(_harness.PeerRequest("ACK", 4));
        session.Info("a/b", default);
        session.Offer("offer"u8.ToArray());
        _harness.Receive(_harness.Flows.Last("INVITE").Answer(200, "caller"));
        Assert.Equal(
            [
                "< OPTIONS", "> 200 OPTIONS", "< INFO", "> 200 INFO", "< INVITE", "> 100 INVITE", "> 200 INVITE", "< ACK", "> INFO", "> INVITE", "< 200 INVITE",
                "> ACK",
            ],
            TraceOf(session).Skip(4));
    }

    [Fact]
    public void RefusalWithoutATransaction_IsTraced()
    {
        var session = _harness.EstablishInbound();
        Assert.Equal(420, _harness.Receive(_harness.PeerRequest("INFO", 2, "Require: none-of-ours\r\n"))?.Status);
        Assert.Equal(["< INFO", "> 420 INFO"], TraceOf(session).Skip(4));
    }

    [Fact]
    public void Forks_ShareTheTraceOfTheirCall()
    {
        var number = _harness.Trace.NextCallNumber();
        foreach (var credential in new[] { 10, 11 }) Call(new TraceSubject(1, credential, number));
        Assert.Equal([10, 11], _harness.Trace.OfCall(number).Select(m => m.Subject.CredentialId));
    }

    [Fact]
    public void Calls_HaveNumbersOfTheirOwn()
    {
        var session = _harness.TakeCall();
        Assert.NotEqual(0, session.Trace.CallNumber);
        Assert.True(_harness.Trace.NextCallNumber() > session.Trace.CallNumber);
    }

    [Fact]
    public void Session_OfNobody_IsNotTraced()
    {
        var session = _harness.EstablishOutbound();
        Assert.Equal(TraceSubject.None, session.Trace);
        Assert.Equal(0, _harness.Meters["sipstead.sip.trace.recorded"]);
    }

    [Fact]
    public void Message_ThatHasNoWay_IsNotTraced()
    {
        _harness.Flows.Refuses = true;
        Assert.Empty(TraceOf(Call()));
    }

    private OutboundSession Call(TraceSubject? subject = null) =>
        _harness.Call(invite: SessionHarness.Invite() with { Trace = subject ?? Device with { CallNumber = _harness.Trace.NextCallNumber() } });

    private List<string> TraceOf(InviteSession session) =>
    [
        .. from message in _harness.Trace.OfCall(session.Trace.CallNumber)
           let sign = message.Direction == TraceDirection.Sent ? ">" : "<"
           select $"{sign} {new MessageText(TraceFixture.TextOf(message)).Kind}",
    ];

    private static bool SameNumber(TracedMessage one, TracedMessage other) => one.Number == other.Number;
}
