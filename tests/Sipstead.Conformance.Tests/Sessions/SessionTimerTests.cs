using Sipstead.Sip.Sessions;
using Sipstead.Testing.Sip;
using Xunit;

namespace Sipstead.Conformance.Tests.Sessions;

/// <summary>Session timers from both sides (RFC 4028; conformance.md SES-03).</summary>
public sealed class SessionTimerTests : IDisposable
{
    private const string Contact = "Contact: <sip:alice@192.0.2.10:40000>\r\n";
    private const string Allow = "Allow: INVITE, ACK, BYE, CANCEL, UPDATE\r\n";
    private const string Timer = "Supported: timer\r\n";

    private readonly SessionHarness _harness = new();

    public void Dispose() => _harness.Dispose();

    [Theory]
    [InlineData("Session-Expires: 89\r\n", 422)]
    [InlineData("x: 0;refresher=uac\r\n", 422)]
    [InlineData("Session-Expires: x\r\n", 400)]
    [InlineData("Session-Expires: -1\r\n", 400)]
    [InlineData("Session-Expires: 99999999999999\r\n", 400)]
    [InlineData("Session-Expires: 1800;;\r\n", 400)]
    public void SES_03_IntervalThatCannotBeKept_IsRefused(string header, int status)
    {
        var refusal = _harness.Receive(SessionHarness.PeerInvite(Timer + header))!;
        Assert.Equal(status, refusal.Status);
        if (status == 422) Assert.Equal("90", refusal.One("Min-SE"));
        Assert.Empty(_harness.Inbound);
    }

    [Fact]
    public void SES_03_ShortIntervalOfAPeerThatKnowsNo422_IsRaised()
    {
        _harness.TakeCall(headers: "Session-Expires: 30\r\n").Answer("answer"u8.ToArray());
        Assert.Equal("90;refresher=uas", _harness.Flows.Last("200 INVITE").One("Session-Expires"));
    }

    [Theory]
    [InlineData(Timer, "1800;refresher=uac")]
    [InlineData(Timer + "Session-Expires: 600\r\n", "600;refresher=uac")]
    [InlineData(Timer + "Session-Expires: 7200\r\n", "1800;refresher=uac")]
    [InlineData(Timer + "Session-Expires: 7200\r\nMin-SE: 3600\r\n", "3600;refresher=uac")]
    [InlineData(Timer + "Session-Expires: 600;refresher=uas\r\n", "600;refresher=uas")]
    [InlineData(Timer + "Session-Expires: 600;refresher=UAC\r\n", "600;refresher=uac")]
    [InlineData("Require: timer\r\nSession-Expires: 600\r\n", "600;refresher=uac")]
    [InlineData("Session-Expires: 600\r\n", "600;refresher=uas")]
    [InlineData("", null)]
    public void SES_03_AsCallee_IntervalAndRefresher_AreChosenByTheTable(string headers, string? expected)
    {
        _harness.TakeCall(headers: headers).Answer("answer"u8.ToArray());
        var answer = _harness.Flows.Last("200 INVITE");
        Assert.Equal(expected is null ? [] : [expected], answer.All("Session-Expires"));
        Assert.Equal(expected?.EndsWith("=uac", StringComparison.Ordinal) == true ? ["timer"] : [], answer.All("Require"));
        Assert.Equal("100rel, timer", answer.One("Supported"));
    }

    [Fact]
    public void SES_03_AsCaller_TheIntervalIsAskedFor()
    {
        _harness.Call();
        var invite = _harness.Flows.Last("INVITE");
        Assert.Equal(("1800", "90"), (invite.One("Session-Expires"), invite.One("Min-SE")));
    }

    [Fact]
    public void SES_03_SwitchedOff_NoTimerIsAskedFor_AndThatOfAPeerIsKept()
    {
        using var harness = new SessionHarness(options: new SipSessionOptions { SessionExpires = 0 });
        harness.Call();
        Assert.False(harness.Flows.Last("INVITE").Has("Session-Expires"));
        harness.TakeCall(headers: Timer + "Session-Expires: 600\r\n").Answer("answer"u8.ToArray());
        Assert.Equal("600;refresher=uac", harness.Flows.Last("200 INVITE").One("Session-Expires"));
        harness.Receive(harness.PeerRequest("ACK", 1));
        harness.Advance(600);
        Assert.Equal("ended Expired", harness.Log.Events[^1]);
    }

    [Fact]
    public void SES_03_Refused422_IsTriedAgainWithTheIntervalThatThePeerWants()
    {
        _harness.Call();
        var first = _harness.Flows.Last("INVITE");
        _harness.Receive(first.Answer(422, "callee", "Min-SE: 3600\r\n"));
        var second = _harness.Flows.Last("INVITE");
        Assert.Equal(("3600", "3600", "2 INVITE"), (second.One("Session-Expires"), second.One("Min-SE"), second.One("CSeq")));
        Assert.Equal((first.One("From"), first.One("To"), first.One("Call-ID")), (second.One("From"), second.One("To"), second.One("Call-ID")));
        Assert.Equal(2, _harness.Flows.Count("INVITE"));
        Assert.NotEqual(first.Branch, second.Branch);
        _harness.Receive(second.Answer(200, "other", Contact, "answer"));
        Assert.Equal("2 ACK", _harness.Flows.Last("ACK").One("CSeq"));
        Assert.Equal(["answered: answer"], _harness.Log.Events);
    }

    [Theory]
    [InlineData("Min-SE: 90\r\n", 1)]
    [InlineData("", 1)]
    [InlineData("Min-SE: x\r\n", 1)]
    public void SES_03_Refused422_ThatAsksForNothingNew_FailsTheCall(string headers, int invites)
    {
        _harness.Call();
        _harness.Receive(_harness.Flows.Last("INVITE").Answer(422, "callee", headers));
        Assert.Equal(invites, _harness.Flows.Count("INVITE"));
        Assert.Equal(["failed 422 Reason 422"], _harness.Log.Events);
    }

    [Fact]
    public void SES_03_PeerThatAsksForMoreEachTime_IsGivenUp()
    {
        _harness.Call();
        for (var i = 0; i < 10; i++) _harness.Receive(_harness.Flows.Last("INVITE").Answer(422, $"t{i}", $"Min-SE: {2000 + i}\r\n"));
        Assert.Equal(3, _harness.Flows.Count("INVITE"));
        Assert.Equal(["failed 422 Reason 422"], _harness.Log.Events);
    }

    [Fact]
    public void SES_03_Cancel_AfterA422_CancelsTheNewInvite()
    {
        var session = _harness.Call();
        _harness.Receive(_harness.Flows.Last("INVITE").Answer(422, "callee", "Min-SE: 3600\r\n"));
        session.Cancel();
        Assert.Equal(0, _harness.Flows.Count("CANCEL"));
        _harness.Receive(_harness.Flows.Last("INVITE").Answer(180, "callee"));
        Assert.Equal((_harness.Flows.Last("INVITE").Branch, "2 CANCEL"), (_harness.Flows.Last("CANCEL").Branch, _harness.Flows.Last("CANCEL").One("CSeq")));
    }

    [Fact]
    public void SES_03_WeRefresh_AtHalfTheInterval_WithUpdateWhereThePeerTakesIt()
    {
        _harness.EstablishOutbound(headers: $"{Contact}{Allow}Session-Expires: 600;refresher=uac\r\n");
        _harness.Advance(299);
        Assert.Equal(0, _harness.Flows.Count("UPDATE"));
        _harness.Advance(2);
        var update = _harness.Flows.Last("UPDATE");
        Assert.Equal(("600;refresher=uac", "", "<sip:192.0.2.1:5060;transport=udp>"), (update.One("Session-Expires"), update.Body, update.One("Contact")));
        for (var i = 0; i < 4; i++)
        {
            _harness.Receive(_harness.Flows.Last("UPDATE").Answer(200, headers: $"{Contact}Session-Expires: 600;refresher=uac\r\n"));
            _harness.Advance(301);
        }

        Assert.Equal(5, _harness.Flows.Messages.Where(m => m.Method == "UPDATE").Select(m => m.Branch).Distinct().Count());
        Assert.Equal(["answered: answer"], _harness.Log.Events);
    }

    [Fact]
    public void SES_03_WeRefresh_WithAReinviteElse_AndItsAnswerIsTold()
    {
        _harness.Log.Description = "as it is";
        _harness.EstablishOutbound(headers: $"{Contact}Session-Expires: 600;refresher=uac\r\n");
        _harness.Advance(301);
        var invite = _harness.Flows.Last("INVITE");
        Assert.Equal(("2 INVITE", "as it is", "600;refresher=uac"), (invite.One("CSeq"), invite.Body, invite.One("Session-Expires")));
        _harness.Receive(invite.Answer(200, headers: $"{Contact}Session-Expires: 600;refresher=uac\r\n", body: "still"));
        Assert.Equal("2 ACK", _harness.Flows.Last("ACK").One("CSeq"));
        Assert.Equal(["answered: answer", "offer answered: still"], _harness.Log.Events);
    }

    [Fact]
    public void SES_03_RefusedRefresh_IsTriedAgain_AndTheSessionEndsIfNoneSucceeds()
    {
        _harness.EstablishOutbound(headers: $"{Contact}{Allow}Session-Expires: 600;refresher=uac\r\n");
        var tries = 0;
        for (var i = 0; i < 580; i++)
        {
            _harness.Advance(1);
            if (_harness.Flows.Count("UPDATE") == tries) continue;
            tries = _harness.Flows.Count("UPDATE");
            _harness.Receive(_harness.Flows.Last("UPDATE").Answer(500));
        }

        Assert.InRange(tries, 2, 5);
        Assert.Equal("ended Expired", _harness.Log.Events[^1]);
        Assert.Equal(568, Math.Round(_harness.Flows.TimesOf("BYE")[0]));
        Assert.Equal("SIP;cause=408;text=\"Session expired\"", _harness.Flows.Last("BYE").One("Reason"));
    }

    [Fact]
    public void SES_03_RefreshRefusedWith422_AsksForMore()
    {
        _harness.EstablishOutbound(headers: $"{Contact}{Allow}Session-Expires: 600;refresher=uac\r\n");
        _harness.Advance(301);
        _harness.Receive(_harness.Flows.Last("UPDATE").Answer(422, headers: "Min-SE: 900\r\n"));
        Assert.Equal(("900;refresher=uac", "900"), (_harness.Flows.Last("UPDATE").One("Session-Expires"), _harness.Flows.Last("UPDATE").One("Min-SE")));
    }

    [Theory]
    [InlineData(600, 568)]
    [InlineData(90, 60)]
    public void SES_03_PeerThatDoesNotRefresh_GetsAByeAThirdOr32SecondsBeforeTheEnd(int interval, int end)
    {
        _harness.EstablishInbound(headers: $"{Timer}Session-Expires: {interval};refresher=uac\r\n");
        _harness.Advance(interval);
        Assert.Equal(end, Math.Round(_harness.Flows.TimesOf("BYE")[0]));
        Assert.Equal(["confirmed", "ended Expired"], _harness.Log.Events);
        Assert.Equal(0, _harness.Sessions.DialogCount);
    }

    [Fact]
    public void SES_03_RefreshesOfThePeer_KeepTheSession_AndOneWithoutATimerEndsIt()
    {
        var session = _harness.EstablishInbound(headers: $"{Timer}Session-Expires: 600;refresher=uac\r\n");
        for (var cseq = 2; cseq < 6; cseq++)
        {
            _harness.Advance(300);
            _harness.Receive(_harness.PeerRequest("UPDATE", cseq, $"{Contact}{Timer}Session-Expires: 600;refresher=uac\r\n"));
            Assert.Equal("600;refresher=uac", _harness.Flows.Last("200 UPDATE").One("Session-Expires"));
        }

        _harness.Receive(_harness.PeerRequest("INVITE", 6, $"{Contact}{Timer}Session-Expires: 300;refresher=uas\r\n", "offer"));
        session.AcceptOffer("answer"u8.ToArray());
        _harness.Receive(_harness.PeerRequest("ACK", 6));
        Assert.Equal("300;refresher=uas", _harness.Flows.Last("200 INVITE").One("Session-Expires"));
        _harness.Receive(_harness.PeerRequest("UPDATE", 7, Contact));
        Assert.False(_harness.Flows.Last("200 UPDATE").Has("Session-Expires"));
        _harness.Advance(880);
        Assert.True(session.IsEstablished);
        Assert.Equal(0, _harness.Flows.Count("UPDATE"));
    }

    [Fact]
    public void SES_03_RefreshAnsweredWithoutATimer_EndsIt()
    {
        var session = _harness.EstablishOutbound(headers: $"{Contact}{Allow}Session-Expires: 600;refresher=uac\r\n");
        _harness.Advance(301);
        _harness.Receive(_harness.Flows.Last("UPDATE").Answer(200, headers: Contact));
        _harness.Advance(700);
        Assert.True(session.IsEstablished);
    }

    [Theory]
    [InlineData(408)]
    [InlineData(481)]
    public void SES_03_RefreshThatThePeerDoesNotKnow_EndsTheSession(int status)
    {
        _harness.EstablishOutbound(headers: $"{Contact}{Allow}Session-Expires: 600;refresher=uac\r\n");
        _harness.Advance(301);
        _harness.Receive(_harness.Flows.Last("UPDATE").Answer(status));
        Assert.Equal("ended DialogGone", _harness.Log.Events[^1]);
    }

    [Fact]
    public void SES_03_UnderWayOffer_IsNotCrossedByARefresh()
    {
        var session = _harness.EstablishOutbound(headers: $"{Contact}{Allow}Session-Expires: 600;refresher=uac\r\n");
        _harness.Advance(299);
        session.Offer("ours"u8.ToArray());
        _harness.Receive(_harness.Flows.Last("INVITE").Answer(100));
        _harness.Advance(10);
        Assert.Equal(0, _harness.Flows.Count("UPDATE"));
        _harness.Receive(_harness.Flows.Last("INVITE").Answer(200, headers: $"{Contact}Session-Expires: 600;refresher=uac\r\n", body: "theirs"));
        _harness.Advance(200);
        Assert.Equal(0, _harness.Flows.Count("UPDATE"));
        _harness.Advance(110);
        Assert.Single(_harness.Flows.Messages.Where(m => m.Method == "UPDATE").Select(m => m.Branch).Distinct());
    }

    [Fact]
    public void S_59_PeerWithoutSessionTimer_IsAskedWhetherItIsThere_AndIsGoneWhenItDoesNotAnswer()
    {
        _harness.EstablishOutbound();
        _harness.Advance(900.1);
        Assert.Equal(1, _harness.Flows.Count("OPTIONS"));
        _harness.Receive(_harness.Flows.Last("OPTIONS").Answer(405));
        _harness.Advance(901);
        Assert.True(_harness.Flows.Count("OPTIONS") > 1);
        _harness.Advance(33);
        Assert.Equal("ended DialogGone", _harness.Log.Events[^1]);
        _harness.Advance(40);
        Assert.Equal((0, 0), (_harness.Transactions.Count, _harness.Sessions.DialogCount));
    }

    [Fact]
    public void S_59_CallWithoutAck_WithoutBye_AndWithoutPrack_LeavesNothing()
    {
        _harness.TakeCall().Answer("answer"u8.ToArray());
        _harness.Receive(SessionHarness.PeerInvite($"{Timer}Session-Expires: 90\r\n", branch: "z9hG4bKsecond", fromTag: "second"));
        _harness.Inbound[1].Answer("answer"u8.ToArray());
        _harness.Receive(_harness.PeerRequest("ACK", 1).Replace("tag=caller", "tag=second", StringComparison.Ordinal));
        _harness.Receive(SessionHarness.PeerInvite("Require: 100rel\r\n", branch: "z9hG4bKthird", fromTag: "third"));
        _harness.Inbound[2].Progress(180);
        Assert.Equal(3, _harness.Sessions.DialogCount);
        _harness.Advance(200);
        Assert.Equal((0, 0), (_harness.Transactions.Count, _harness.Sessions.DialogCount));
        Assert.Equal(["cancelled", "confirmed", "ended Expired", "ended NoAck"], _harness.Log.Events.Order());
    }
}
