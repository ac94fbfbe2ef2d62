using Sipstead.Sip.Sessions;
using Sipstead.Testing.Sip;
using Xunit;

namespace Sipstead.Conformance.Tests.Sessions;

/// <summary>REFER and NOTIFY within a call, both ways (RFC 3515, RFC 3891; conformance.md SES-04).</summary>
public sealed class ReferTests : IDisposable
{
    private const string ReferTo = "Refer-To: <sip:carol@office.example.net;transport=tcp?Replaces=a%40b%3Bto-tag%3D1%3Bfrom-tag%3D2&X-Evil=1>\r\n";

    private readonly SessionHarness _harness = new();

    public void Dispose() => _harness.Dispose();

    [Fact]
    public void SES_04_Refer_IsTheUsersToJudge_AndHearsWhatComesOfIt()
    {
        var session = _harness.EstablishInbound();
        _harness.Receive(_harness.PeerRequest("REFER", 2, ReferTo));
        var referral = Assert.Single(_harness.Log.Referrals);
        Assert.Equal(new Referral("sip:carol@office.example.net;transport=tcp", new ReplacedDialog("a@b", "1", "2")), referral);
        Assert.Equal(0, _harness.Flows.Count("202 REFER"));

        session.AcceptRefer();

        Assert.Single(_harness.Flows.Last("202 REFER").All("Contact"));
        var trying = _harness.Flows.Last("NOTIFY");
        Assert.Equal(
            ("refer;id=2", "active;expires=60", "message/sipfrag;version=2.0", "SIP/2.0 100 Trying\r\n"),
            (trying.One("Event"), trying.One("Subscription-State"), trying.One("Content-Type"), trying.Body));
        _harness.Receive(trying.Answer(200));
        session.TellReferrer(180, "Ringing");
        session.TellReferrer(200, "OK");
        session.TellReferrer(200, "OK");
        Assert.Equal(3, _harness.Flows.Messages.Where(message => message.Method == "NOTIFY").DistinctBy(message => message.One("CSeq")).Count());
        var last = _harness.Flows.Last("NOTIFY");
        Assert.Equal(("terminated;reason=noresource", "SIP/2.0 200 OK\r\n"), (last.One("Subscription-State"), last.Body));
        Assert.Equal(0, _harness.Flows.Count("INVITE"));
    }

    [Fact]
    public void SES_04_ASecondRefer_WaitsForTheFirst()
    {
        var session = _harness.EstablishInbound();
        _harness.Receive(_harness.PeerRequest("REFER", 2, ReferTo));
        _harness.Receive(_harness.PeerRequest("REFER", 3, ReferTo));
        Assert.Equal("3 REFER", _harness.Flows.Last("491 REFER").One("CSeq"));
        session.AcceptRefer();
        _harness.Receive(_harness.PeerRequest("REFER", 4, ReferTo));
        Assert.Equal("4 REFER", _harness.Flows.Last("491 REFER").One("CSeq"));
        session.TellReferrer(603, "Decline");
        _harness.Receive(_harness.PeerRequest("REFER", 5, ReferTo));
        session.RejectRefer(603);
        Assert.Equal("5 REFER", _harness.Flows.Last("603 REFER").One("CSeq"));
        Assert.True(session.IsEstablished);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Refer-To: <sip:a@b.example>, <sip:c@d.example>\r\n")]
    [InlineData("Refer-To: nonsense\r\n")]
    [InlineData("Refer-To: <tel:+12025550100>\r\n")]
    [InlineData("Refer-To: <mailto:a@b.example>\r\n")]
    [InlineData("Refer-To: <sip:a@b.example;method=BYE>\r\n")]
    [InlineData("Refer-To: <sip:a@b.example?Replaces=x>\r\n")]
    [InlineData("Refer-To: <sip:a@b.example?Replaces=x%3Bto-tag%3D1>\r\n")]
    [InlineData("Refer-To: <sip:a@b.example?Replaces=x%3Bto-tag%3D1%3Bfrom-tag%3D2&Replaces=y%3Bto-tag%3D1%3Bfrom-tag%3D2>\r\n")]
    public void SES_04_ReferThatCannotBeRead_Gets400(string headers)
    {
        var session = _harness.EstablishInbound();
        _harness.Receive(_harness.PeerRequest("REFER", 2, headers));
        Assert.Equal(1, _harness.Flows.Count("400 REFER"));
        Assert.Empty(_harness.Log.Referrals);
        Assert.True(session.IsEstablished);
    }

    [Fact]
    public void SES_04_ReferBeforeTheAnswer_IsDeclined()
    {
        var session = _harness.TakeCall();
        session.Progress(180);
        _harness.Receive(_harness.PeerRequest("REFER", 2, ReferTo));
        Assert.Equal(1, _harness.Flows.Count("603 REFER"));
    }

    [Fact]
    public void SES_04_ByeWhileReferIsPending_AnswersBoth()
    {
        _harness.EstablishInbound();
        _harness.Receive(_harness.PeerRequest("REFER", 2, ReferTo));
        _harness.Receive(_harness.PeerRequest("BYE", 3));
        Assert.Equal((1, 1), (_harness.Flows.Count("487 REFER"), _harness.Flows.Count("200 BYE")));
    }

    [Fact]
    public void SES_04_ReferOfOurs_IsFollowedByItsNotifies()
    {
        var session = _harness.EstablishInbound();
        session.Refer("sip:carol@office.example.net\r\nX-Evil: 1");
        var refer = _harness.Flows.Last("REFER");
        Assert.Equal("<sip:carol@office.example.net??X-Evil: 1>", refer.One("Refer-To"));
        Assert.Single(refer.All("Contact"));
        _harness.Receive(refer.Answer(202));
        Notify(2, "active;expires=60", "SIP/2.0 180 Ringing");
        Notify(3, "terminated;reason=noresource", "SIP/2.0 486 Busy Here");
        Notify(4, "terminated;reason=noresource", "SIP/2.0 200 OK");
        Assert.Equal(["confirmed", "refer answered 202", "refer 180", "refer 486 last"], _harness.Log.Events);
        Assert.Equal((2, 1), (_harness.Flows.Count("200 NOTIFY"), _harness.Flows.Count("481 NOTIFY")));
    }

    [Theory]
    [InlineData("active", "nonsense", null)]
    [InlineData("active", "", null)]
    [InlineData("active", "SIP/2.0 99 x", null)]
    [InlineData("active", "SIP/2.0 2000 x", null)]
    [InlineData("active", "sip/2.0 200", "refer 200 last")]
    [InlineData("terminated;reason=giveup", "", "refer 0 last")]
    [InlineData("Terminated", "SIP/2.0 100 Trying", "refer 100 last")]
    public void SES_04_WhatANotifyTells(string state, string body, string? told)
    {
        var session = _harness.EstablishInbound();
        session.Refer("sip:carol@office.example.net");
        Notify(2, state, body);
        Assert.Equal(told is null ? ["confirmed"] : ["confirmed", told], _harness.Log.Events);
        Assert.Equal(1, _harness.Flows.Count("200 NOTIFY"));
    }

    [Fact]
    public void SES_04_ReferOfOursThatIsRefused_IsTold_AndNothingIsToBeNotified()
    {
        var session = _harness.EstablishInbound();
        session.Refer("sip:carol@office.example.net");
        _harness.Receive(_harness.Flows.Last("REFER").Answer(405));
        Notify(2, "active", "SIP/2.0 200 OK");
        Assert.Equal(["confirmed", "refer answered 405"], _harness.Log.Events);
        Assert.Equal(1, _harness.Flows.Count("481 NOTIFY"));
    }

    [Fact]
    public void DLG_04_Replaces_FindsTheDialogOfExactlyTheseTags()
    {
        var session = _harness.EstablishInbound();
        var tag = _harness.Flows.Last("200 INVITE").ToTag;
        Assert.Same(session, _harness.Sessions.Find(new ReplacedDialog("peer-call", tag, "caller")));
        Assert.Null(_harness.Sessions.Find(new ReplacedDialog("peer-call", "caller", tag)));
        Assert.Null(_harness.Sessions.Find(new ReplacedDialog("peer-call", tag, "Caller")));
    }

    private void Notify(int cseq, string state, string body) =>
        _harness.Receive(_harness.PeerRequest("NOTIFY", cseq, $"Event: refer\r\nSubscription-State: {state}\r\nContent-Type: message/sipfrag\r\n", body));
}
