using Sipstead.Sip.Sessions;
using Sipstead.Testing.Sip;
using Xunit;

namespace Sipstead.Conformance.Tests.Dialogs;

/// <summary>Dialogs and what comes within them: RFC 3261 12, 14, 15 (conformance.md).</summary>
public sealed class DialogTests : IDisposable
{
    private const string Routes = "Record-Route: <sip:p1.example.net;lr>, <sip:p2.example.net;lr>\r\nRecord-Route: <sip:p3.example.net;lr>\r\n";

    private readonly SessionHarness _harness = new();

    public void Dispose() => _harness.Dispose();

    [Theory]
    [InlineData("Call-ID: peer-call", "Call-ID: another")]
    [InlineData("tag=caller", "tag=Caller")]
    [InlineData(";tag=caller", "")]
    public void DLG_01_CallIdAndBothTags_MakeTheDialog(string part, string other)
    {
        _harness.EstablishInbound();
        var bye = _harness.PeerRequest("BYE", 2);
        Assert.Equal("481 BYE", _harness.Receive(bye.Replace(part, other, StringComparison.Ordinal))!.Kind);
        Assert.Null(_harness.Receive(bye.Replace("z9hG4bKBYE2", "z9hG4bKright", StringComparison.Ordinal)));
        Assert.Equal(["confirmed", "ended Bye"], _harness.Log.Events);
    }

    [Fact]
    public void DLG_01_PeerWithoutTag_CountsAsNull()
    {
        _harness.Receive(SessionHarness.PeerInvite().Replace(";tag=caller", "", StringComparison.Ordinal));
        _harness.Inbound[0].Answer("answer"u8.ToArray());
        foreach (var method in new[] { "ACK", "BYE" })
            _harness.Receive(_harness.PeerRequest(method, method == "ACK" ? 1 : 2).Replace(";tag=caller", "", StringComparison.Ordinal));
        Assert.Equal(["confirmed", "ended Bye"], _harness.Log.Events);
    }

    [Fact]
    public void DLG_02_AsCallee_RoutesAreThoseOfTheInviteInOrder_AndTheTargetItsContact()
    {
        var session = _harness.EstablishInbound(headers: Routes);
        Assert.Equal(3, _harness.Flows.Last("200 INVITE").All("Record-Route").Count);
        session.Bye();
        var bye = _harness.Flows.Last("BYE");
        Assert.Equal("sip:alice@192.0.2.10:40000", bye.Uri);
        Assert.Equal(["<sip:p1.example.net;lr>", "<sip:p2.example.net;lr>", "<sip:p3.example.net;lr>"], bye.All("Route"));
        Assert.Equal("<sip:alice@office.example.net>;tag=caller", bye.One("To"));
    }

    [Fact]
    public void DLG_02_AsCaller_RoutesAreThoseOfThe200Reversed_InAckAndBye()
    {
        _harness.EstablishOutbound(headers: Routes + "Contact: <sip:alice@10.0.0.9;x=y>;q=1\r\n").Bye();
        foreach (var method in new[] { "ACK", "BYE" })
        {
            var request = _harness.Flows.Last(method);
            Assert.Equal("sip:alice@10.0.0.9;x=y", request.Uri);
            Assert.Equal(["<sip:p3.example.net;lr>", "<sip:p2.example.net;lr>", "<sip:p1.example.net;lr>"], request.All("Route"));
        }
    }

    [Fact]
    public void DLG_02_StrictRouter_GetsTheRequestUri_AndTheTargetIsTheLastRoute()
    {
        _harness.EstablishInbound(headers: "Record-Route: <sip:old.example.net>, <sip:p2.example.net;lr>\r\n").Bye();
        var bye = _harness.Flows.Last("BYE");
        Assert.Equal("sip:old.example.net", bye.Uri);
        Assert.Equal(["<sip:p2.example.net;lr>", "<sip:alice@192.0.2.10:40000>"], bye.All("Route"));
    }

    [Fact]
    public void DLG_02_AcceptedReinvite_RefreshesTheTarget_ARefusedOneDoesNot()
    {
        var session = _harness.EstablishInbound();
        _harness.Receive(_harness.PeerRequest("INVITE", 2, "Contact: <sip:refused@192.0.2.11>\r\n", "hold"));
        session.RejectOffer(488);
        session.Info("a/b", default);
        Assert.Equal("sip:alice@192.0.2.10:40000", _harness.Flows.Last("INFO").Uri);
        _harness.Receive(_harness.PeerRequest("INVITE", 3, "Contact: <sip:moved@192.0.2.12>\r\n", "hold"));
        session.AcceptOffer("held"u8.ToArray());
        session.Info("a/b", default);
        Assert.Equal("sip:moved@192.0.2.12", _harness.Flows.Last("INFO").Uri);
    }

    [Fact]
    public void DLG_02_Requests_LeaveOverTheFlowThatThePeerWasLastSeenOn()
    {
        var session = _harness.EstablishInbound();
        var moved = SessionHarness.Flow("198.51.100.20:7000");
        _harness.Receive(_harness.PeerRequest("OPTIONS", 2), moved);
        Assert.Equal(moved, session.Flow);
        session.Bye();
        Assert.Equal(moved, _harness.Flows.Sent[^1].Flow);
        Assert.Equal("BYE", _harness.Flows.Sent[^1].Message.Kind);
    }

    [Fact]
    public void DLG_03_LowerCSeq_Gets500_GapsAreAllowed()
    {
        _harness.EstablishInbound();
        _harness.Receive(_harness.PeerRequest("INFO", 100));
        _harness.Receive(_harness.PeerRequest("INFO", 99));
        _harness.Receive(_harness.PeerRequest("INVITE", 50, "Contact: <sip:x@h>\r\n"));
        _harness.Receive(_harness.PeerRequest("BYE", 98));
        Assert.Equal((1, 1, 1, 1), (_harness.Flows.Count("200 INFO"), _harness.Flows.Count("500 INFO"), _harness.Flows.Count("500 INVITE"), _harness.Flows.Count("500 BYE")));
        Assert.True(_harness.Inbound[0].IsEstablished);
    }

    [Fact]
    public void DLG_03_OurRequests_CountUp_AndTheAckKeepsTheInvitesNumber()
    {
        var session = _harness.EstablishOutbound();
        session.Info("a/b", default);
        session.Bye();
        Assert.Equal(["1 INVITE", "1 ACK", "2 INFO", "3 BYE"], _harness.Flows.Messages.Select(m => m.One("CSeq")));
    }

    [Theory]
    [InlineData("BYE")]
    [InlineData("INVITE")]
    [InlineData("INFO")]
    [InlineData("OPTIONS")]
    [InlineData("UPDATE")]
    public void DLG_04_UnknownTags_Get481(string method)
    {
        var request = new RequestText { Method = method, To = "<sip:a@h>;tag=unknown", Headers = "Contact: <sip:x@h>\r\n" };
        Assert.Equal($"481 {method}", _harness.Receive(request.ToString())!.Kind);
    }

    [Fact]
    public void DLG_05_InviteWithoutContact_Gets400()
    {
        var invite = SessionHarness.PeerInvite().Replace("Contact:", "X-Contact:", StringComparison.Ordinal);
        Assert.StartsWith("SIP/2.0 400 Missing Contact", _harness.Receive(invite)!.StartLine, StringComparison.Ordinal);
        Assert.Empty(_harness.Inbound);
    }

    [Fact]
    public void DLG_06_EachForkedAnswer_GetsItsAck_AndAllButTheFirstABye()
    {
        _harness.Call();
        var invite = _harness.Flows.Last("INVITE");
        _harness.Receive(invite.Answer(180, "one"));
        foreach (var tag in new[] { "two", "one", "two", "one" }) _harness.Receive(invite.Answer(200, tag, body: tag));
        Assert.Equal(["two", "one", "two", "one"], _harness.Flows.Messages.Where(m => m.Method == "ACK").Select(m => m.ToTag));
        Assert.Equal("one", _harness.Flows.Messages.Single(m => m.Method == "BYE").ToTag);
        Assert.Equal(["provisional 180", "answered: two"], _harness.Log.Events);
        Assert.Equal(1, _harness.Sessions.DialogCount);
    }

    [Fact]
    public void DLG_06_MoreForksThanAnyProxyMakes_AreLeftAlone()
    {
        _harness.Call();
        var invite = _harness.Flows.Last("INVITE");
        for (var i = 0; i < 50; i++) _harness.Receive(invite.Answer(200, $"tag{i}"));
        Assert.InRange(_harness.Flows.Count("ACK"), 2, 10);
    }

    [Fact]
    public void DLG_07_ReinviteWhileThatOfThePeerIsPending_Gets500WithRetryAfter()
    {
        var session = _harness.EstablishInbound();
        _harness.Receive(_harness.PeerRequest("INVITE", 2, "Contact: <sip:x@h>\r\n", "hold"));
        _harness.Receive(_harness.PeerRequest("INVITE", 3, "Contact: <sip:x@h>\r\n", "hold again"));
        var refusal = _harness.Flows.Last("500 INVITE");
        Assert.InRange(int.Parse(refusal.One("Retry-After"), System.Globalization.CultureInfo.InvariantCulture), 0, 10);
        session.AcceptOffer("held"u8.ToArray());
        Assert.Equal("held", _harness.Flows.Last("200 INVITE").Body);
        Assert.Equal(["confirmed", "offer: hold"], _harness.Log.Events);
    }

    [Fact]
    public void DLG_07_ReinviteWhileOursIsPending_Gets491()
    {
        var session = _harness.EstablishInbound();
        session.Offer("ours"u8.ToArray());
        _harness.Receive(_harness.PeerRequest("INVITE", 2, "Contact: <sip:x@h>\r\n", "theirs"));
        Assert.Equal(1, _harness.Flows.Count("491 INVITE"));
        _harness.Receive(_harness.Flows.Last("INVITE").Answer(200, body: "fine"));
        Assert.Equal(["confirmed", "offer answered: fine"], _harness.Log.Events);
    }

    [Theory]
    [InlineData(true, 2.1, 4)]
    [InlineData(false, .4, 2)]
    public void DLG_07_Glare_IsTriedAgainAfterATimeOfOurRole(bool caller, double from, double to)
    {
        InviteSession session = caller ? _harness.EstablishOutbound() : _harness.EstablishInbound();
        session.Offer("ours"u8.ToArray());
        _harness.Receive(_harness.Flows.Last("INVITE").Answer(491));
        _harness.Advance(5);
        Assert.InRange(_harness.Flows.TimesOf("INVITE").First(time => time > 0), from, to);
        _harness.Receive(_harness.Flows.Last("INVITE").Answer(200, body: "fine"));
        Assert.Equal("offer answered: fine", _harness.Log.Events[^1]);
    }

    [Fact]
    public void DLG_08_FailedReinvite_LeavesTheSessionAsItWas()
    {
        var session = _harness.EstablishOutbound();
        session.Offer("ours"u8.ToArray());
        _harness.Receive(_harness.Flows.Last("INVITE").Answer(488));
        Assert.Equal(["answered: answer", "offer refused 488"], _harness.Log.Events);
        _harness.Receive(_harness.CalleeRequest("INVITE", 1, "Contact: <sip:x@h>\r\n", "theirs"));
        session.RejectOffer(488, "304 sipstead \"Media type not available\"");
        var refusal = _harness.Flows.Last("488 INVITE");
        Assert.Equal("304 sipstead \"Media type not available\"", refusal.One("Warning"));
        Assert.True(session.IsEstablished);
    }

    [Fact]
    public void DLG_09_Bye_Gets200_AndRefusesAPendingInviteWith487()
    {
        _harness.EstablishInbound();
        _harness.Receive(_harness.PeerRequest("INVITE", 2, "Contact: <sip:x@h>\r\n", "hold"));
        _harness.Receive(_harness.PeerRequest("BYE", 3));
        Assert.Equal((1, 1), (_harness.Flows.Count("487 INVITE"), _harness.Flows.Count("200 BYE")));
        Assert.Equal(["confirmed", "offer: hold", "ended Bye"], _harness.Log.Events);
    }

    [Fact]
    public void DLG_09_ByeOfACallerThatDoesNotWait_Gets200_AndItsInvite487()
    {
        _harness.TakeCall().Progress(180);
        _harness.Receive(_harness.PeerRequest("BYE", 2));
        Assert.Equal(["100 INVITE", "180 INVITE", "200 BYE", "487 INVITE"], _harness.Flows.Messages.Select(m => m.Kind));
        Assert.Equal(["cancelled"], _harness.Log.Events);
    }

    [Fact]
    public void DLG_09_OurByeAsCallee_WaitsForTheAck()
    {
        var session = _harness.TakeCall();
        session.Answer("answer"u8.ToArray());
        session.Bye("Q.850;cause=16");
        Assert.Equal(0, _harness.Flows.Count("BYE"));
        _harness.Receive(_harness.PeerRequest("ACK", 1));
        Assert.Equal("Q.850;cause=16", _harness.Flows.Last("BYE").One("Reason"));
        _harness.Receive(_harness.Flows.Last("BYE").Answer(200));
        Assert.Equal(["confirmed", "ended Bye"], _harness.Log.Events);
    }

    [Fact]
    public void DLG_09_OurByeAsCallee_IsSentAtTheTimeout_WhenNoAckComes()
    {
        var session = _harness.TakeCall();
        session.Answer("answer"u8.ToArray());
        session.Bye();
        _harness.Advance(32);
        Assert.Equal([32.0], _harness.Flows.TimesOf("BYE"));
        Assert.Equal(["ended NoAck"], _harness.Log.Events);
    }

    [Theory]
    [InlineData(481)]
    [InlineData(200)]
    public void DLG_09_CrossingByes_EndTheSessionOnce(int answer)
    {
        var session = _harness.EstablishOutbound();
        session.Bye();
        _harness.Receive(_harness.CalleeRequest("BYE", 1));
        _harness.Receive(_harness.Flows.Last("BYE").Answer(answer));
        Assert.Equal(1, _harness.Flows.Count("200 BYE"));
        Assert.Equal(["answered: answer", "ended Bye"], _harness.Log.Events);
    }

    [Theory]
    [InlineData(481, "ended DialogGone")]
    [InlineData(408, "ended DialogGone")]
    [InlineData(415, null)]
    [InlineData(401, null)]
    public void DLG_10_481Or408_EndsTheUsage_OtherRefusalsDoNot(int status, string? end)
    {
        var session = _harness.EstablishOutbound();
        session.Info("a/b", "x"u8.ToArray());
        _harness.Receive(_harness.Flows.Last("INFO").Answer(status));
        Assert.Equal(end is null ? ["answered: answer"] : ["answered: answer", end], _harness.Log.Events);
        Assert.Equal(end is null ? 1 : 0, _harness.Sessions.DialogCount);
    }

    [Fact]
    public void DLG_10_NoAnswerWithinTheDialog_CountsAs408()
    {
        _harness.EstablishOutbound().Info("a/b", "x"u8.ToArray());
        _harness.Advance(32);
        Assert.Equal(["answered: answer", "ended DialogGone"], _harness.Log.Events);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(45)]
    public void DLG_11_Expires_LimitsRinging(int seconds)
    {
        _harness.TakeCall(headers: $"Expires: {seconds}\r\n").Progress(180);
        _harness.Advance(seconds - .1);
        Assert.Empty(_harness.Log.Events);
        _harness.Advance(.1);
        Assert.Equal(["cancelled"], _harness.Log.Events);
        Assert.Equal(seconds, _harness.Flows.TimesOf("487 INVITE")[0], 3);
    }

    [Fact]
    public void DLG_11_Expires_DoesNotEndAnAnsweredCall()
    {
        _harness.TakeCall(headers: "Expires: 3\r\n").Answer("answer"u8.ToArray());
        _harness.Receive(_harness.PeerRequest("ACK", 1));
        _harness.Advance(60);
        Assert.Equal(["confirmed"], _harness.Log.Events);
    }

    [Fact]
    public void AUTH_21_ChallengeOfACalledParty_IsNeverMet()
    {
        _harness.Call();
        _harness.Receive(_harness.Flows.Last("INVITE").Answer(407, "callee", "Proxy-Authenticate: Digest realm=\"office.example.net\", nonce=\"n\"\r\n"));
        Assert.Equal(["failed 407 Reason 407"], _harness.Log.Events);
        var session = _harness.EstablishOutbound();
        session.Bye();
        _harness.Receive(_harness.Flows.Last("BYE").Answer(401, headers: "WWW-Authenticate: Digest realm=\"office.example.net\", nonce=\"n\"\r\n"));
        _harness.Advance(60);
        Assert.All(_harness.Flows.Messages, message => Assert.False(message.Has("Authorization") || message.Has("Proxy-Authorization")));
        Assert.Equal((2, 1), (_harness.Flows.Count("INVITE"), _harness.Flows.Count("BYE")));
    }
}
