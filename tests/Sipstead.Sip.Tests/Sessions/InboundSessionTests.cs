using System.Text;
using Sipstead.Sip.Messages;
using Sipstead.Testing.Sip;
using Xunit;

namespace Sipstead.Sip.Tests.Sessions;

public sealed class InboundSessionTests : IDisposable
{
    private readonly SessionHarness _harness = new();

    public void Dispose() => _harness.Dispose();

    [Fact]
    public void Call_RingsIsAnsweredAndIsEndedByThePeer()
    {
        var session = _harness.TakeCall();
        Assert.Equal("offer", Encoding.Latin1.GetString(session.Invite.Body));
        Assert.Equal(SipMethod.Invite, session.Invite.Method);
        session.Progress(180);
        session.Progress(183, "early"u8.ToArray());
        session.Answer("answer"u8.ToArray());
        Assert.True(session.IsEstablished);
        _harness.Receive(_harness.PeerRequest("ACK", 1));
        _harness.Receive(_harness.PeerRequest("BYE", 2));
        Assert.Equal(["100 INVITE", "180 INVITE", "183 INVITE", "200 INVITE", "200 BYE"], _harness.Flows.Messages.Select(m => m.Kind));
        Assert.Equal(["confirmed", "ended Bye"], _harness.Log.Events);
        Assert.Single(_harness.Flows.Messages.Where(m => m.Status is > 100 && m.Kind.EndsWith("INVITE", StringComparison.Ordinal)).Select(m => m.ToTag).Distinct());
        _harness.Advance(40);
        Assert.Equal((0, 0), (_harness.Transactions.Count, _harness.Sessions.DialogCount));
    }

    [Fact]
    public void Call_IsEndedByUs()
    {
        _harness.EstablishInbound().Bye();
        var bye = _harness.Flows.Last("BYE");
        Assert.Equal(("sip:alice@192.0.2.10:40000", "1 BYE"), (bye.Uri, bye.One("CSeq")));
        Assert.Equal("<sip:alice@office.example.net>;tag=caller", bye.One("To"));
        _harness.Receive(bye.Answer(200));
        Assert.Equal(["confirmed", "ended Bye"], _harness.Log.Events);
    }

    [Fact]
    public void Answer_CarriesContactAllowAndSdp()
    {
        _harness.TakeCall().Answer("answer"u8.ToArray());
        var answer = _harness.Flows.Last("200 INVITE");
        Assert.Equal(("<sip:192.0.2.1:5060;transport=udp>", "answer"), (answer.One("Contact"), answer.Body));
        Assert.Equal("INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, PRACK, UPDATE, REFER, NOTIFY", answer.One("Allow"));
        Assert.Equal(("application/sdp", "6"), (answer.One("Content-Type"), answer.One("Content-Length")));
    }

    [Fact]
    public void OfferlessInvite_GetsItsAnswerInTheAck()
    {
        _harness.TakeCall(body: "").Answer("our offer"u8.ToArray());
        _harness.Receive(_harness.PeerRequest("ACK", 1, body: "their answer"));
        Assert.Equal(["confirmed: their answer"], _harness.Log.Events);
    }

    [Fact]
    public void Reject_SendsReasonAndHeaders_AndNothingIsToldAfterIt()
    {
        var session = _harness.TakeCall();
        session.Reject(503, "Come\r\nback", [("Retry-After", "5")]);
        session.Answer("late"u8.ToArray());
        session.Bye();
        _harness.Receive(_harness.PeerRequest("BYE", 2));
        var refusal = _harness.Flows.Last("503 INVITE");
        Assert.Equal(("SIP/2.0 503 Service Unavailable", "5"), (refusal.StartLine, refusal.One("Retry-After")));
        Assert.Empty(_harness.Log.Events);
        Assert.Equal(0, _harness.Sessions.DialogCount);
    }

    [Fact]
    public void Bye_BeforeTheAnswer_Declines()
    {
        _harness.TakeCall().Bye();
        Assert.Equal(1, _harness.Flows.Count("480 INVITE"));
    }

    [Fact]
    public void Cancelled_BeforeAListenerIsThere_IsToldWhenItComes()
    {
        _harness.Attaches = false;
        var session = _harness.TakeCall();
        _harness.Receive(SessionHarness.PeerInvite(body: "").Replace("INVITE", "CANCEL", StringComparison.Ordinal));
        Assert.Empty(_harness.Log.Events);
        session.Attach(_harness.Log);
        Assert.Equal(["cancelled"], _harness.Log.Events);
    }

    [Fact]
    public void ConnectionGoneWhileRinging_IsACancel()
    {
        var session = _harness.TakeCall(SessionHarness.Tcp);
        _harness.Flows.Refuses = true;
        session.Progress(180);
        Assert.Equal(["cancelled"], _harness.Log.Events);
        Assert.Equal((0, 0), (_harness.Transactions.Count, _harness.Sessions.DialogCount));
    }

    [Fact]
    public void ConnectionGoneWhenAnswering_EndsTheSession()
    {
        var session = _harness.TakeCall(SessionHarness.Tcp);
        _harness.Flows.Refuses = true;
        session.Answer("answer"u8.ToArray());
        Assert.Equal(["ended TransportFailed"], _harness.Log.Events);
    }

    [Fact]
    public void AckWithTheBranchOfTheInvite_ConfirmsToo()
    {
        _harness.TakeCall().Answer("answer"u8.ToArray());
        _harness.Receive(_harness.PeerRequest("ACK", 1, branch: "z9hG4bKinvite"));
        _harness.Advance(60);
        Assert.Equal(["confirmed"], _harness.Log.Events);
    }

    [Fact]
    public void AckOfAnotherNumber_ConfirmsNothing()
    {
        _harness.TakeCall().Answer("answer"u8.ToArray());
        _harness.Receive(_harness.PeerRequest("ACK", 2));
        Assert.Empty(_harness.Log.Events);
    }

    [Fact]
    public void Reinvite_IsAnsweredRepeatedAndConfirmed()
    {
        var session = _harness.EstablishInbound();
        _harness.Receive(_harness.PeerRequest("INVITE", 2, "Contact: <sip:alice@192.0.2.10:40000>\r\n"));
        session.AcceptOffer("our offer"u8.ToArray());
        _harness.Advance(2);
        _harness.Receive(_harness.PeerRequest("ACK", 2, body: "their answer"));
        _harness.Advance(60);
        Assert.Equal([0, 0, .5, 1.5], _harness.Flows.TimesOf("200 INVITE"));
        Assert.Equal(["confirmed", "offer", "offer confirmed: their answer"], _harness.Log.Events);
    }

    [Fact]
    public void CancelledReinvite_LeavesTheSession()
    {
        var session = _harness.EstablishInbound();
        var reinvite = _harness.PeerRequest("INVITE", 2, "Contact: <sip:alice@192.0.2.10:40000>\r\n", "hold", "z9hG4bKre");
        _harness.Receive(reinvite);
        _harness.Receive(reinvite.Replace("INVITE", "CANCEL", StringComparison.Ordinal));
        session.AcceptOffer("late"u8.ToArray());
        Assert.Equal((1, 1), (_harness.Flows.Count("487 INVITE"), _harness.Flows.Count("200 CANCEL")));
        Assert.True(session.IsEstablished);
    }

    [Theory]
    [InlineData("OPTIONS", 200)]
    [InlineData("UPDATE", 200)]
    [InlineData("MESSAGE", 405)]
    [InlineData("SUBSCRIBE", 405)]
    [InlineData("FROBNICATE", 501)]
    public void OtherMethods_AreAnsweredWithAllow(string method, int status)
    {
        _harness.EstablishInbound();
        _harness.Receive(_harness.PeerRequest(method, 2));
        Assert.Equal("INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, PRACK, UPDATE, REFER, NOTIFY", _harness.Flows.Last($"{status} {method}").One("Allow"));
    }

    [Theory]
    [InlineData("BYE", "Require: x\r\n", 420)]
    [InlineData("INVITE", "Require: x\r\n", 420)]
    [InlineData("INVITE", "Content-Type: text/plain\r\n", 415)]
    public void RequestThatCannotBeTaken_IsRefusedWithoutEffect(string method, string headers, int status)
    {
        var session = _harness.EstablishInbound();
        Assert.Equal($"{status} {method}", _harness.Receive(_harness.PeerRequest(method, 2, headers, "x"))!.Kind);
        Assert.True(session.IsEstablished);
    }

    [Fact]
    public void State_IsTheUsers()
    {
        var session = _harness.TakeCall();
        session.State = "mine";
        Assert.Equal("mine", session.State);
        Assert.Equal("peer-call", session.CallId);
        Assert.Equal(SessionHarness.Udp, session.Flow);
    }
}
