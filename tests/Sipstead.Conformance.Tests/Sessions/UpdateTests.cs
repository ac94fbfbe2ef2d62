using System.Globalization;
using Sipstead.Testing.Sip;
using Xunit;

namespace Sipstead.Conformance.Tests.Sessions;

/// <summary>UPDATE in early and confirmed dialogs, both ways (RFC 3311; conformance.md SES-02, DLG-02, DLG-07).</summary>
public sealed class UpdateTests : IDisposable
{
    private const string Contact = "Contact: <sip:alice@192.0.2.10:40000>\r\n";
    private const string Allow = "Allow: INVITE, ACK, BYE, CANCEL, PRACK, UPDATE\r\n";
    private const string Supports = "Supported: 100rel\r\n";

    private readonly SessionHarness _harness = new();

    public void Dispose() => _harness.Dispose();

    [Fact]
    public void SES_02_Offer_IsAnsweredByTheUser()
    {
        var session = _harness.EstablishInbound();
        _harness.Receive(_harness.PeerRequest("UPDATE", 2, Contact, "hold"));
        Assert.Equal(0, _harness.Flows.Count("200 UPDATE"));
        session.AcceptOffer("held"u8.ToArray());
        var answer = _harness.Flows.Last("200 UPDATE");
        Assert.Equal(("held", "<sip:192.0.2.1:5060;transport=udp>"), (answer.Body, answer.One("Contact")));
        Assert.Equal(["confirmed", "offer: hold"], _harness.Log.Events);
    }

    [Fact]
    public void SES_02_RefusedOffer_LeavesTheSession()
    {
        var session = _harness.EstablishInbound();
        _harness.Receive(_harness.PeerRequest("UPDATE", 2, Contact, "no codec"));
        session.RejectOffer(488, "305 sipstead \"Incompatible media format\"");
        Assert.Equal("305 sipstead \"Incompatible media format\"", _harness.Flows.Last("488 UPDATE").One("Warning"));
        Assert.True(session.IsEstablished);
    }

    [Fact]
    public void DLG_02_AcceptedUpdate_RefreshesTheTarget_ARefusedOneDoesNot()
    {
        var session = _harness.EstablishInbound();
        _harness.Receive(_harness.PeerRequest("UPDATE", 2, "Contact: <sip:refused@192.0.2.11>\r\n", "hold"));
        session.RejectOffer(488);
        session.Info("a/b", default);
        Assert.Equal("sip:alice@192.0.2.10:40000", _harness.Flows.Last("INFO").Uri);
        _harness.Receive(_harness.PeerRequest("UPDATE", 3, "Contact: <sip:moved@192.0.2.12>\r\n"));
        session.Info("a/b", default);
        Assert.Equal("sip:moved@192.0.2.12", _harness.Flows.Last("INFO").Uri);
    }

    [Fact]
    public void SES_02_EarlyUpdateWithoutOffer_RefreshesTheTarget_BeforeTheAnswer()
    {
        var session = _harness.TakeCall();
        session.Progress(180);
        _harness.Receive(_harness.PeerRequest("UPDATE", 2, "Contact: <sip:moved@192.0.2.12>\r\n"));
        Assert.Equal(1, _harness.Flows.Count("200 UPDATE"));
        session.Answer("answer"u8.ToArray());
        _harness.Receive(_harness.PeerRequest("ACK", 1));
        session.Bye();
        Assert.Equal("sip:moved@192.0.2.12", _harness.Flows.Last("BYE").Uri);
    }

    [Fact]
    public void SES_02_EarlyOffer_BeforeTheFirstHasItsAnswer_Gets500WithRetryAfter()
    {
        _harness.TakeCall().Progress(180);
        _harness.Receive(_harness.PeerRequest("UPDATE", 2, Contact, "other"));
        AssertRetryAfter("500 UPDATE");
        Assert.Empty(_harness.Log.Events);
    }

    [Fact]
    public void SES_02_EarlyOffer_OnceTheFirstHasItsAnswer_IsAnswered()
    {
        var session = _harness.TakeCall(headers: Supports);
        session.Progress(183, "early"u8.ToArray());
        Prack();
        _harness.Receive(_harness.PeerRequest("UPDATE", 3, Contact, "other"));
        session.AcceptOffer("other answer"u8.ToArray());
        Assert.Equal("other answer", _harness.Flows.Last("200 UPDATE").Body);
        Assert.Equal(["offer: other"], _harness.Log.Events);
    }

    [Fact]
    public void SES_02_Offer_WhileOursHasNoAnswer_Gets491()
    {
        var session = _harness.TakeCall(body: "");
        session.Answer("our offer"u8.ToArray());
        _harness.Receive(_harness.PeerRequest("UPDATE", 2, Contact, "other"));
        Assert.Equal(1, _harness.Flows.Count("491 UPDATE"));
        _harness.Receive(_harness.PeerRequest("ACK", 1, body: "their answer"));
        _harness.Receive(_harness.PeerRequest("UPDATE", 3, Contact, "other"));
        session.AcceptOffer("answer"u8.ToArray());
        Assert.Equal(1, _harness.Flows.Count("200 UPDATE"));
    }

    [Theory]
    [InlineData("other")]
    [InlineData("")]
    public void SES_02_Update_WhileAnotherIsPending_Gets500WithRetryAfter(string body)
    {
        _harness.EstablishInbound();
        _harness.Receive(_harness.PeerRequest("UPDATE", 2, Contact, "first"));
        _harness.Receive(_harness.PeerRequest("UPDATE", 3, Contact, body));
        AssertRetryAfter("500 UPDATE");
    }

    [Fact]
    public void DLG_07_OffersOfUpdateAndReinvite_DoNotMeet()
    {
        var session = _harness.EstablishInbound();
        _harness.Receive(_harness.PeerRequest("UPDATE", 2, Contact, "first"));
        _harness.Receive(_harness.PeerRequest("INVITE", 3, Contact, "second"));
        AssertRetryAfter("500 INVITE");
        session.AcceptOffer("answer"u8.ToArray());
        session.Offer("ours"u8.ToArray());
        _harness.Receive(_harness.PeerRequest("UPDATE", 4, Contact, "third"));
        Assert.Equal(1, _harness.Flows.Count("491 UPDATE"));
    }

    [Fact]
    public void SES_02_OurOffer_WhileThatOfThePeerIsPending_IsRefusedToTheUser()
    {
        var session = _harness.EstablishInbound();
        _harness.Receive(_harness.PeerRequest("UPDATE", 2, Contact, "first"));
        session.Offer("ours"u8.ToArray());
        Assert.Equal("offer refused 491", _harness.Log.Events[^1]);
    }

    [Fact]
    public void SES_02_AsCallee_WeOfferByUpdate_BeforeWeAnswer()
    {
        var session = _harness.TakeCall(headers: Supports + Allow);
        session.Offer("too early"u8.ToArray());
        session.Progress(183, "early"u8.ToArray());
        session.Offer("too early still"u8.ToArray());
        Assert.Equal(0, _harness.Flows.Count("UPDATE"));
        Prack();
        session.Offer("ours"u8.ToArray());
        var update = _harness.Flows.Last("UPDATE");
        Assert.Equal(("ours", "sip:alice@192.0.2.10:40000", "1 UPDATE"), (update.Body, update.Uri, update.One("CSeq")));
        _harness.Receive(update.Answer(200, headers: Contact, body: "theirs"));
        Assert.Equal(["offer answered: theirs"], _harness.Log.Events);
    }

    [Theory]
    [InlineData(Supports)]
    [InlineData(Supports + "Allow: INVITE, ACK, BYE\r\n")]
    public void SES_02_PeerThatDoesNotAllowUpdate_IsSentNone(string headers)
    {
        var session = _harness.TakeCall(headers: headers);
        session.Progress(183, "early"u8.ToArray());
        Prack();
        session.Offer("ours"u8.ToArray());
        Assert.Equal(0, _harness.Flows.Count("UPDATE"));
    }

    [Fact]
    public void SES_02_AsCaller_OffersGoBothWays_BeforeTheAnswer()
    {
        var session = _harness.Call();
        var invite = _harness.Flows.Last("INVITE");
        _harness.Receive(_harness.CalleeRequest("UPDATE", 10, Contact, "nobody knows this dialog"));
        _harness.Receive(invite.Answer(180, "callee", Contact + Allow));
        _harness.Receive(_harness.CalleeRequest("UPDATE", 11, Contact, "our offer has no answer"));
        Assert.Equal(1, _harness.Flows.Count("491 UPDATE"));
        _harness.Receive(invite.Answer(183, "callee", $"{Contact}{Allow}Require: 100rel\r\nRSeq: 1\r\n", "answer"));
        _harness.Receive(_harness.CalleeRequest("UPDATE", 12, Contact, "theirs"));
        session.AcceptOffer("our answer"u8.ToArray());
        Assert.Equal("our answer", _harness.Flows.Last("200 UPDATE").Body);
        session.Offer("ours"u8.ToArray());
        _harness.Receive(_harness.Flows.Last("UPDATE").Answer(488, "callee"));
        _harness.Receive(invite.Answer(200, "callee", Contact));
        session.Bye();
        Assert.Equal("4 BYE", _harness.Flows.Last("BYE").One("CSeq"));
        Assert.Equal(["provisional 180", "provisional 183: answer", "offer: theirs", "offer refused 488", "answered: answer"], _harness.Log.Events);
    }

    [Theory]
    [InlineData("INVITE", 491)]
    [InlineData("OPTIONS", 200)]
    [InlineData("PRACK", 481)]
    public void SES_02_OtherRequestsOfAnEarlyDialog_AreAnswered(string method, int status)
    {
        _harness.Call();
        _harness.Receive(_harness.Flows.Last("INVITE").Answer(180, "callee", Contact));
        _harness.Receive(_harness.CalleeRequest(method, 5, Contact));
        Assert.Equal(1, _harness.Flows.Count($"{status} {method}"));
    }

    [Fact]
    public void SES_02_TransportThatFails_WhileAnEarlyOfferIsOut_LeavesTheInviteToDecide()
    {
        var session = _harness.Call();
        var invite = _harness.Flows.Last("INVITE");
        _harness.Receive(invite.Answer(183, "callee", $"{Contact}{Allow}Require: 100rel\r\nRSeq: 1\r\n", "answer"));
        _harness.Flows.Refuses = true;
        session.Offer("ours"u8.ToArray());
        _harness.Flows.Refuses = false;
        Assert.Equal("offer refused 0", _harness.Log.Events[^1]);
        _harness.Receive(invite.Answer(200, "callee", Contact));
        Assert.Equal("answered: answer", _harness.Log.Events[^1]);
    }

    [Fact]
    public void SES_02_Bye_RefusesAPendingUpdateWith487()
    {
        _harness.EstablishInbound();
        _harness.Receive(_harness.PeerRequest("UPDATE", 2, Contact, "hold"));
        _harness.Receive(_harness.PeerRequest("BYE", 3));
        Assert.Equal((1, 1), (_harness.Flows.Count("487 UPDATE"), _harness.Flows.Count("200 BYE")));
    }

    [Theory]
    [InlineData("Content-Type: text/plain\r\n", 415)]
    [InlineData("Require: x\r\n", 420)]
    public void SES_02_UpdateThatCannotBeTaken_IsRefused(string headers, int status)
    {
        _harness.EstablishInbound();
        Assert.Equal(status, _harness.Receive(_harness.PeerRequest("UPDATE", 2, Contact + headers, "x"))!.Status);
    }

    private void Prack() =>
        _harness.Receive(_harness.PeerRequest("PRACK", 2, $"RAck: {_harness.Flows.Last("183 INVITE").One("RSeq")} 1 INVITE\r\n"));

    private void AssertRetryAfter(string kind) =>
        Assert.InRange(int.Parse(_harness.Flows.Last(kind).One("Retry-After"), CultureInfo.InvariantCulture), 0, 10);
}
