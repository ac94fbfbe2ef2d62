using System.Globalization;
using Sipstead.Testing.Sip;
using Xunit;

namespace Sipstead.Conformance.Tests.Sessions;

/// <summary>Reliable provisional responses from both sides (RFC 3262; conformance.md SES-01).</summary>
public sealed class ReliableProvisionalTests : IDisposable
{
    private const string Requires = "Require: 100rel\r\n";
    private const string Supports = "Supported: replaces, 100rel\r\n";
    private const string Contact = "Contact: <sip:alice@192.0.2.10:40000>\r\n";

    private readonly SessionHarness _harness = new();

    public void Dispose() => _harness.Dispose();

    [Theory]
    [InlineData(Requires, "", true)]
    [InlineData(Requires, "early", true)]
    [InlineData(Supports, "early", true)]
    [InlineData(Supports, "", false)]
    [InlineData("", "early", false)]
    public void SES_01_Progress_IsReliableWhereItMustBe_AndWithSdpWhereItCanBe(string headers, string body, bool isReliable)
    {
        _harness.TakeCall(headers: headers).Progress(183, System.Text.Encoding.ASCII.GetBytes(body));
        var progress = _harness.Flows.Last("183 INVITE");
        Assert.Equal(isReliable ? ["100rel"] : [], progress.All("Require"));
        Assert.Equal(isReliable, progress.Has("RSeq"));
        Assert.Equal(body, progress.Body);
        if (isReliable) Assert.InRange(SequenceOf(progress), 1, int.MaxValue);
    }

    [Fact]
    public void SES_01_NoPrack_IsRepeatedDoubling_ThenTheInviteGets504()
    {
        _harness.TakeCall(headers: Requires).Progress(180);
        _harness.Advance(33);
        Assert.Equal([0, .5, 1.5, 3.5, 7.5, 15.5, 31.5], _harness.Flows.TimesOf("180 INVITE").Select(time => Math.Round(time, 1)));
        Assert.Equal([32], _harness.Flows.TimesOf("504 INVITE").Take(1).Select(time => Math.Round(time, 1)));
        Assert.Single(_harness.Flows.Messages.Where(m => m.Kind == "180 INVITE").Select(m => m.Text).Distinct());
        Assert.Equal(["cancelled"], _harness.Log.Events);
    }

    [Fact]
    public void SES_01_Prack_EndsTheRepeats_AndIsAnswered200()
    {
        _harness.TakeCall(headers: Requires).Progress(180);
        Prack(2, SequenceOf(_harness.Flows.Last("180 INVITE")));
        _harness.Advance(40);
        Assert.Equal((1, 1), (_harness.Flows.Count("180 INVITE"), _harness.Flows.Count("200 PRACK")));
        Assert.Equal(0, _harness.Flows.Count("504 INVITE"));
    }

    [Fact]
    public void SES_01_OneAtATime_TheNextWaitsForThePrack_AndCountsUp()
    {
        var session = _harness.TakeCall(headers: Requires);
        session.Progress(180);
        session.Progress(183);
        Assert.Equal(0, _harness.Flows.Count("183 INVITE"));
        var first = SequenceOf(_harness.Flows.Last("180 INVITE"));
        Prack(2, first);
        Assert.Equal(first + 1, SequenceOf(_harness.Flows.Last("183 INVITE")));
        Assert.True(IndexOf("200 PRACK") < IndexOf("183 INVITE"));
    }

    [Fact]
    public void SES_01_MoreThanCanWait_AreNotKept()
    {
        var session = _harness.TakeCall(headers: Requires);
        for (var i = 0; i < 100; i++) session.Progress(183);
        for (var i = 0; i < 100 && Prack(2 + i, SequenceOf(_harness.Flows.Last("183 INVITE"))).Status == 200; i++) continue;
        Assert.Equal(9, _harness.Flows.Count("183 INVITE"));
    }

    [Theory]
    [InlineData("{0} 1 INVITE", 200)]
    [InlineData("{0}  1\tINVITE", 200)]
    [InlineData("{1} 1 INVITE", 481)]
    [InlineData("{0} 2 INVITE", 481)]
    [InlineData("{0} 1 UPDATE", 481)]
    [InlineData("{0} 1", 481)]
    [InlineData("{0}", 481)]
    [InlineData("", 481)]
    [InlineData("99999999999999999999 1 INVITE", 481)]
    public void SES_01_Prack_MatchesByNumberCSeqAndMethod_Else481(string rack, int status)
    {
        _harness.TakeCall(headers: Requires).Progress(180);
        var sequence = SequenceOf(_harness.Flows.Last("180 INVITE"));
        _harness.Receive(_harness.PeerRequest("PRACK", 2, $"RAck: {string.Format(CultureInfo.InvariantCulture, rack, sequence, sequence + 1)}\r\n"));
        Assert.Equal(1, _harness.Flows.Count($"{status} PRACK"));
    }

    [Fact]
    public void SES_01_SecondPrack_OfTheSameResponse_Gets481()
    {
        _harness.TakeCall(headers: Requires).Progress(180);
        var sequence = SequenceOf(_harness.Flows.Last("180 INVITE"));
        Assert.Equal((200, 481), (Prack(2, sequence).Status, Prack(3, sequence).Status));
    }

    [Fact]
    public void SES_01_Prack_InACallWithoutReliableResponses_Gets481()
    {
        _harness.EstablishInbound();
        Assert.Equal(481, Prack(2, 1).Status);
    }

    [Fact]
    public void SES_01_Answer_WaitsForThePrackOfSdp_AndHasNoneItself()
    {
        var session = _harness.TakeCall(headers: Supports);
        session.Progress(183, "early"u8.ToArray());
        session.Answer("answer"u8.ToArray());
        Assert.Equal(0, _harness.Flows.Count("200 INVITE"));
        Prack(2, SequenceOf(_harness.Flows.Last("183 INVITE")));
        Assert.Equal("", _harness.Flows.Last("200 INVITE").Body);
        Assert.True(IndexOf("200 PRACK") < IndexOf("200 INVITE"));
        _harness.Receive(_harness.PeerRequest("ACK", 1));
        Assert.Equal(["confirmed"], _harness.Log.Events);
    }

    [Fact]
    public void SES_01_Answer_DoesNotWaitForAPrackWithoutSdp_WhichIsStillKnown()
    {
        var session = _harness.TakeCall(headers: Requires);
        session.Progress(180);
        session.Answer("answer"u8.ToArray());
        Assert.Equal("answer", _harness.Flows.Last("200 INVITE").Body);
        Assert.Equal(200, Prack(2, SequenceOf(_harness.Flows.Last("180 INVITE"))).Status);
        _harness.Receive(_harness.PeerRequest("ACK", 1));
        _harness.Advance(40);
        Assert.Equal(1, _harness.Flows.Count("180 INVITE"));
        Assert.True(session.IsEstablished);
    }

    [Fact]
    public void SES_01_Cancel_WhileTheAnswerWaits_EndsTheCall()
    {
        var session = _harness.TakeCall(headers: Supports);
        session.Progress(183, "early"u8.ToArray());
        session.Answer("answer"u8.ToArray());
        _harness.Receive(SessionHarness.PeerInvite().Replace("INVITE", "CANCEL", StringComparison.Ordinal));
        Assert.Equal((1, 0), (_harness.Flows.Count("487 INVITE"), _harness.Flows.Count("200 INVITE")));
        Assert.Equal(["cancelled"], _harness.Log.Events);
    }

    [Fact]
    public void OA_05_OfferlessInvite_GetsTheOfferInTheReliableResponse_AndAnswersInThePrack()
    {
        var session = _harness.TakeCall(headers: Requires, body: "");
        Assert.True(session.OffersInProgress);
        session.Progress(180, "our offer"u8.ToArray());
        Assert.Equal("our offer", _harness.Flows.Last("180 INVITE").Body);
        Prack(2, SequenceOf(_harness.Flows.Last("180 INVITE")), "their answer");
        session.Answer("our offer"u8.ToArray());
        Assert.Equal("", _harness.Flows.Last("200 INVITE").Body);
        _harness.Receive(_harness.PeerRequest("ACK", 1));
        Assert.Equal(["early answer: their answer", "confirmed"], _harness.Log.Events);
    }

    [Fact]
    public void OA_05_PrackWithoutTheAnswerThatIsDue_EndsTheCall()
    {
        _harness.TakeCall(headers: Requires, body: "").Progress(180, "our offer"u8.ToArray());
        Assert.Equal(400, Prack(2, SequenceOf(_harness.Flows.Last("180 INVITE"))).Status);
        Assert.Equal(1, _harness.Flows.Count("400 INVITE"));
        Assert.Equal(["cancelled"], _harness.Log.Events);
    }

    [Fact]
    public void OA_05_OfferInAPrack_IsAnsweredInIts200_AndTheCallWaitsForThat()
    {
        var session = _harness.TakeCall(headers: Supports);
        session.Progress(183, "early"u8.ToArray());
        Send(2, SequenceOf(_harness.Flows.Last("183 INVITE")), "other offer");
        session.Answer("answer"u8.ToArray());
        Assert.Equal((0, 0), (_harness.Flows.Count("200 PRACK"), _harness.Flows.Count("200 INVITE")));
        session.AcceptOffer("other answer"u8.ToArray());
        Assert.Equal("other answer", _harness.Flows.Last("200 PRACK").Body);
        Assert.Equal(1, _harness.Flows.Count("200 INVITE"));
        Assert.Equal(["offer: other offer"], _harness.Log.Events);
    }

    [Fact]
    public void OA_05_OfferInAPrack_BeforeTheFirstHasItsAnswer_Gets500()
    {
        _harness.TakeCall(headers: Requires).Progress(180);
        Assert.Equal(500, Prack(2, SequenceOf(_harness.Flows.Last("180 INVITE")), "other offer").Status);
        Assert.Empty(_harness.Log.Events);
    }

    [Fact]
    public void SES_01_AsCaller_SupportIsTold_AndEachResponseIsAcknowledgedInOrder()
    {
        var session = _harness.Call();
        var invite = _harness.Flows.Last("INVITE");
        Assert.Equal("100rel, timer", invite.One("Supported"));
        Progress(invite, 180, 70);
        Progress(invite, 183, 71);
        Assert.Equal(["70 1 INVITE", "71 1 INVITE"], Pracks.Select(prack => prack.One("RAck")));
        Assert.Equal(["2 PRACK", "3 PRACK"], Pracks.Select(prack => prack.One("CSeq")));
        Assert.Equal("<sip:alice@office.example.net>;tag=callee", Pracks[0].One("To"));
        _harness.Receive(invite.Answer(200, "callee", Contact, "answer"));
        Assert.Equal("1 ACK", _harness.Flows.Last("ACK").One("CSeq"));
        session.Bye();
        Assert.Equal("4 BYE", _harness.Flows.Last("BYE").One("CSeq"));
        Assert.Equal(["provisional 180", "provisional 183", "answered: answer"], _harness.Log.Events);
    }

    [Fact]
    public void SES_01_AsCaller_RepeatsAndGaps_AreNotAcknowledged()
    {
        _harness.Call();
        var invite = _harness.Flows.Last("INVITE");
        Progress(invite, 180, 70);
        Progress(invite, 180, 70);
        Progress(invite, 183, 72);
        Progress(invite, 183, 69);
        Progress(invite, 183, 0);
        _harness.Receive(invite.Answer(183, "callee", $"{Contact}Require: 100rel\r\n"));
        _harness.Receive(invite.Answer(183, "callee", $"{Contact}Require: 100rel\r\nRSeq: x\r\n"));
        _harness.Receive(invite.Answer(183, "", $"{Contact}Require: 100rel\r\nRSeq: 71\r\n"));
        Assert.Single(Pracks);
        Assert.Equal(["provisional 180"], _harness.Log.Events);
    }

    [Fact]
    public void SES_01_AsCaller_EachFork_HasNumbersOfItsOwn()
    {
        _harness.Call();
        var invite = _harness.Flows.Last("INVITE");
        Progress(invite, 180, 70, "a");
        Progress(invite, 180, 500, "b");
        Progress(invite, 183, 71, "a");
        Progress(invite, 183, 501, "b");
        Assert.Equal(["70", "500", "71", "501"], Pracks.Select(prack => prack.One("RAck").Split(' ')[0]));
        Assert.Equal(["2 PRACK", "2 PRACK", "3 PRACK", "3 PRACK"], Pracks.Select(prack => prack.One("CSeq")));
        Assert.Equal(["a", "b", "a", "b"], Pracks.Select(prack => prack.ToTag));
        Assert.Equal(2, _harness.Sessions.DialogCount);
        _harness.Receive(invite.Answer(200, "b", Contact, "answer"));
        Assert.Equal(1, _harness.Sessions.DialogCount);
    }

    [Fact]
    public void SES_01_AsCaller_MoreForksThanAnyProxyMakes_AreNotFollowed()
    {
        _harness.Call();
        var invite = _harness.Flows.Last("INVITE");
        for (var i = 0; i < 50; i++) Progress(invite, 180, 1, $"fork{i}");
        Assert.Equal((8, 8), (Pracks.Count, _harness.Sessions.DialogCount));
        _harness.Receive(invite.Answer(486, "fork0"));
        Assert.Equal(0, _harness.Sessions.DialogCount);
    }

    [Fact]
    public void SES_01_AsCaller_AnswerInAReliableResponse_IsTheAnswer_OfAnAnswerWithout()
    {
        _harness.Call();
        var invite = _harness.Flows.Last("INVITE");
        Progress(invite, 183, 1, body: "early answer");
        Progress(invite, 180, 2, body: "no answer any more");
        _harness.Receive(invite.Answer(200, "callee", Contact));
        Assert.Equal("answered: early answer", _harness.Log.Events[^1]);
    }

    [Fact]
    public void SES_01_AsCaller_RefusedPrack_LeavesTheCall()
    {
        _harness.Call();
        var invite = _harness.Flows.Last("INVITE");
        Progress(invite, 180, 1);
        _harness.Receive(_harness.Flows.Last("PRACK").Answer(481, "callee"));
        _harness.Receive(invite.Answer(200, "callee", Contact, "answer"));
        Assert.Equal("answered: answer", _harness.Log.Events[^1]);
    }

    [Fact]
    public void DLG_06_AnswerOfAnEarlyFork_ThatLost_GetsAByeWithTheNextNumber()
    {
        _harness.Call();
        var invite = _harness.Flows.Last("INVITE");
        Progress(invite, 180, 1, "a");
        _harness.Receive(invite.Answer(200, "b", Contact, "answer"));
        _harness.Receive(invite.Answer(200, "a", Contact, "answer"));
        Assert.Equal(("3 BYE", "a"), (_harness.Flows.Last("BYE").One("CSeq"), _harness.Flows.Last("BYE").ToTag));
    }

    private IReadOnlyList<MessageText> Pracks => [.. _harness.Flows.Messages.Where(message => message.Method == "PRACK")];

    private static int SequenceOf(MessageText progress) => int.Parse(progress.One("RSeq"), CultureInfo.InvariantCulture);

    private int IndexOf(string kind) => _harness.Flows.Messages.Select(message => message.Kind).ToList().IndexOf(kind);

    private void Send(int cseq, int sequence, string body) => _harness.Receive(_harness.PeerRequest("PRACK", cseq, $"RAck: {sequence} 1 INVITE\r\n", body));

    private MessageText Prack(int cseq, int sequence, string body = "")
    {
        Send(cseq, sequence, body);
        return _harness.Flows.Messages.Last(message => message.Status != 0 && message.One("CSeq") == $"{cseq} PRACK");
    }

    private void Progress(MessageText invite, int status, int sequence, string tag = "callee", string body = "") =>
        _harness.Receive(invite.Answer(status, tag, $"{Contact}Require: 100rel\r\nRSeq: {sequence}\r\n", body));
}
