using Sipstead.Sip.Sessions;
using Sipstead.Sip.Transport;
using Sipstead.Testing.Sip;
using Xunit;

namespace Sipstead.Sip.Tests.Sessions;

public sealed class OutboundSessionTests : IDisposable
{
    private readonly SessionHarness _harness = new();

    public void Dispose() => _harness.Dispose();

    [Fact]
    public void Call_RingsIsAnsweredAndEnds()
    {
        var session = _harness.Call();
        var invite = _harness.Flows.Last("INVITE");
        _harness.Receive(invite.Answer(100));
        _harness.Receive(invite.Answer(180, "callee"));
        _harness.Receive(invite.Answer(183, "callee", body: "early"));
        Assert.False(session.IsEstablished);
        _harness.Receive(invite.Answer(200, "callee", "Contact: <sip:alice@192.0.2.10:40000>\r\n", "answer"));
        Assert.True(session.IsEstablished);
        session.Bye();
        _harness.Receive(_harness.Flows.Last("BYE").Answer(200));
        Assert.False(session.IsEstablished);
        Assert.Equal(["provisional 180", "provisional 183: early", "answered: answer", "ended Bye"], _harness.Log.Events);
        Assert.Equal(["INVITE", "ACK", "BYE"], _harness.Flows.Messages.Select(m => m.Kind));
        _harness.Advance(40);
        Assert.Equal((0, 0), (_harness.Transactions.Count, _harness.Sessions.DialogCount));
    }

    [Fact]
    public void Call_IsEndedByThePeer()
    {
        _harness.EstablishOutbound();
        _harness.Receive(_harness.CalleeRequest("BYE", 1));
        Assert.Equal(1, _harness.Flows.Count("200 BYE"));
        Assert.Equal(["answered: answer", "ended Bye"], _harness.Log.Events);
    }

    [Fact]
    public void Invite_SaysWhatItMust()
    {
        var session = _harness.Call(invite: SessionHarness.Invite() with
        {
            CallId = "chosen", ContactUser = "+15550001", Headers = [("P-Asserted-Identity", "<sip:+15550001@h>"), ("Privacy", "id")],
        });
        var invite = _harness.Flows.Last("INVITE");
        Assert.Equal("INVITE sip:alice@192.0.2.10:40000 SIP/2.0", invite.StartLine);
        Assert.Matches("^SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK[0-9a-f]{16};rport$", invite.One("Via"));
        Assert.Matches("^\"Office\" <sip:\\+15550001@office.example.net>;tag=[0-9a-f]{16}$", invite.One("From"));
        Assert.Equal("<sip:alice@office.example.net>", invite.One("To"));
        Assert.Equal(("chosen", "chosen"), (invite.One("Call-ID"), session.CallId));
        Assert.Equal("<sip:+15550001@192.0.2.1:5060;transport=udp>", invite.One("Contact"));
        Assert.Equal("INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, PRACK, UPDATE, REFER, NOTIFY", invite.One("Allow"));
        Assert.Equal(("70", "1 INVITE", "id", "5"), (invite.One("Max-Forwards"), invite.One("CSeq"), invite.One("Privacy"), invite.One("Content-Length")));
        Assert.Equal(("application/sdp", "offer"), (invite.One("Content-Type"), invite.Body));
    }

    [Theory]
    [InlineData("203.0.113.5,2001:db8::5", null, "203.0.113.5:5060")]
    [InlineData("2001:db8::5", null, "192.0.2.1:5060")]
    [InlineData("203.0.113.5", "sip.example.net", "sip.example.net:5060")]
    [InlineData("", "2001:db8::5", "[2001:db8::5]:5060")]
    public void Invite_TellsThePublicHost(string publicAddress, string? localHost, string expected)
    {
        using var harness = new SessionHarness(options: new SipSessionOptions { PublicAddress = publicAddress });
        harness.Call(invite: SessionHarness.Invite() with { LocalHost = localHost });
        var invite = harness.Flows.Last("INVITE");
        Assert.Equal($"<sip:{expected};transport=udp>", invite.One("Contact"));
        Assert.StartsWith($"SIP/2.0/UDP {expected};", invite.One("Via"), StringComparison.Ordinal);
        harness.Receive(invite.Answer(200, "callee"));
        Assert.Equal(["answered"], harness.Log.Events);
    }

    [Theory]
    [InlineData("sip:a b@h")]
    [InlineData("not a uri")]
    [InlineData("sip:a@h\r\nX: y")]
    public void Invite_WithAMalformedUri_FailsWith400_AndNothingIsSent(string uri)
    {
        _harness.Call(invite: SessionHarness.Invite() with { RequestUri = uri });
        Assert.Equal(["failed 400 Bad Request"], _harness.Log.Events);
        Assert.Empty(_harness.Flows.Sent);
    }

    [Fact]
    public void Headers_CannotEndALine()
    {
        _harness.Call(invite: SessionHarness.Invite() with { Headers = [("User-To-User", "x\r\nRoute: <sip:evil>")] });
        var invite = _harness.Flows.Last("INVITE");
        Assert.False(invite.Has("Route"));
        Assert.Equal("x??Route: <sip:evil>", invite.One("User-To-User"));
    }

    [Fact]
    public void Cancel_WaitsForAProvisional()
    {
        var session = _harness.Call();
        session.Cancel();
        Assert.Equal(0, _harness.Flows.Count("CANCEL"));
        var invite = _harness.Flows.Last("INVITE");
        _harness.Receive(invite.Answer(100));
        var cancel = _harness.Flows.Last("CANCEL");
        Assert.Equal((invite.Uri, "1 CANCEL", invite.One("To")), (cancel.Uri, cancel.One("CSeq"), cancel.One("To")));
        Assert.Equal(invite.All("Via"), cancel.All("Via"));
        _harness.Receive(cancel.Answer(200, "callee"));
        _harness.Receive(invite.Answer(487, "callee"));
        Assert.Equal(1, _harness.Flows.Count("ACK"));
        Assert.Equal(["failed 487 Reason 487"], _harness.Log.Events);
        _harness.Advance(40);
        Assert.Equal(0, _harness.Transactions.Count);
    }

    [Fact]
    public void Cancel_OfACallThatNobodyTook_Is487AtTheTimeout()
    {
        _harness.Call().Cancel();
        _harness.Advance(33);
        Assert.Equal(["failed 487 Request Terminated"], _harness.Log.Events);
    }

    [Fact]
    public void Cancel_ThatOnlyTheCancelIsAnsweredTo_EndsAfter64T1()
    {
        var session = _harness.Call();
        _harness.Receive(_harness.Flows.Last("INVITE").Answer(180, "callee"));
        session.Cancel();
        _harness.Receive(_harness.Flows.Last("CANCEL").Answer(200, "callee"));
        _harness.Advance(31.9);
        Assert.Equal(["provisional 180"], _harness.Log.Events);
        _harness.Advance(.1);
        Assert.Equal(["provisional 180", "failed 487 Request Terminated"], _harness.Log.Events);
        Assert.Equal(0, _harness.Transactions.Count);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Cancel_CrossedByA200_IsAcknowledgedAndEnded(bool provisionalFirst)
    {
        var session = _harness.Call();
        var invite = _harness.Flows.Last("INVITE");
        if (provisionalFirst) _harness.Receive(invite.Answer(180, "callee"));
        session.Cancel();
        _harness.Receive(invite.Answer(200, "callee"));
        _harness.Receive(invite.Answer(200, "callee"));
        Assert.Equal((2, 1), (_harness.Flows.Count("ACK"), _harness.Flows.Count("BYE")));
        Assert.Equal("failed 487 Request Terminated", _harness.Log.Events[^1]);
        Assert.DoesNotContain("answered", _harness.Log.Events);
        Assert.Equal(0, _harness.Sessions.DialogCount);
    }

    [Fact]
    public void Cancel_AfterTheAnswer_DoesNothing()
    {
        var session = _harness.EstablishOutbound();
        session.Cancel();
        Assert.True(session.IsEstablished);
        Assert.Equal(0, _harness.Flows.Count("CANCEL"));
    }

    [Fact]
    public void Bye_BeforeTheAnswer_Cancels()
    {
        var session = _harness.Call();
        _harness.Receive(_harness.Flows.Last("INVITE").Answer(180, "callee"));
        session.Bye();
        Assert.Equal((1, 0), (_harness.Flows.Count("CANCEL"), _harness.Flows.Count("BYE")));
    }

    [Theory]
    [InlineData(302)]
    [InlineData(401)]
    [InlineData(603)]
    public void Refusal_FailsTheCall_RedirectionsToo(int status)
    {
        _harness.Call();
        _harness.Receive(_harness.Flows.Last("INVITE").Answer(status, "callee", "Contact: <sip:elsewhere@h>\r\n"));
        _harness.Advance(60);
        Assert.Equal([$"failed {status} Reason {status}"], _harness.Log.Events);
        Assert.Equal(1, _harness.Flows.Count("INVITE"));
    }

    [Fact]
    public void LostAck_IsSentAgainForEachRepeatOfThe200()
    {
        _harness.EstablishOutbound();
        for (var i = 0; i < 3; i++) _harness.Receive(_harness.Flows.Last("INVITE").Answer(200, "callee"));
        Assert.Equal(4, _harness.Flows.Count("ACK"));
        Assert.Equal(["answered: answer"], _harness.Log.Events);
    }

    [Fact]
    public void UserMayCallBackFromTheListener()
    {
        _harness.Log.Reaction = session => session.Bye();
        _harness.EstablishOutbound();
        Assert.Equal(["INVITE", "ACK", "BYE"], _harness.Flows.Messages.Select(m => m.Kind));
    }

    [Fact]
    public void ConnectionGone_EndsTheSessionOnce()
    {
        var session = _harness.EstablishOutbound(SessionHarness.Tcp);
        Assert.Equal("TCP", _harness.Flows.Last("INVITE").One("Via").Split(' ')[0].Split('/')[2]);
        _harness.Flows.Refuses = true;
        session.Info("a/b", "x"u8.ToArray());
        session.Bye();
        Assert.Equal(["answered: answer", "ended TransportFailed"], _harness.Log.Events);
    }

    [Fact]
    public void WhatIsTooLargeToSend_DoesNotEndTheCall()
    {
        var session = _harness.EstablishOutbound();
        session.Info("a/b", new byte[70_000]);
        session.Offer(new byte[70_000]);
        Assert.Equal(["answered: answer", "offer refused 413"], _harness.Log.Events);
        Assert.True(session.IsEstablished);
        Assert.Equal(["INVITE", "ACK"], _harness.Flows.Messages.Select(m => m.Kind));
    }

    [Fact]
    public void Connection_IsKeptOpenWhileTheCallRuns()
    {
        _harness.EstablishOutbound(SessionHarness.Tcp);
        _harness.Advance(100);
        Assert.Equal(4, _harness.Flows.KeptCount);
        _harness.Receive(_harness.CalleeRequest("BYE", 1), SessionHarness.Tcp);
        _harness.Advance(100);
        Assert.Equal(4, _harness.Flows.KeptCount);
    }

    [Fact]
    public void Datagram_ToOurselves_IsNotSent()
    {
        var self = new SipFlow(SipTransport.Udp, SessionHarness.Udp.Local, SessionHarness.Udp.Local, 0);
        _harness.Call(self);
        Assert.Empty(_harness.Flows.Sent);
        Assert.Equal(["failed 503 Service Unavailable"], _harness.Log.Events);
    }
}
