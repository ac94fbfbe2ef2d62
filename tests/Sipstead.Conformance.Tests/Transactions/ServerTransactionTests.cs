using Sipstead.Testing.Sip;
using Xunit;

namespace Sipstead.Conformance.Tests.Transactions;

/// <summary>Server transactions: RFC 3261 17.2, 8.2.2.2, 9.2, RFC 6026, RFC 4320 (conformance.md).</summary>
public sealed class ServerTransactionTests : IDisposable
{
    private readonly SessionHarness _harness = new();

    public void Dispose() => _harness.Dispose();

    [Fact]
    public void TXN_04_Trying_IsSentAtOnce_WithoutToTag()
    {
        _harness.TakeCall();
        var trying = Assert.Single(_harness.Flows.Messages);
        Assert.Equal("100 INVITE", trying.Kind);
        Assert.Equal("", trying.ToTag);
    }

    [Fact]
    public void UAS_08_Trying_CopiesTimestamp()
    {
        _harness.TakeCall(headers: "Timestamp: 54\r\n").Progress(180);
        Assert.Equal("54", _harness.Flows.Last("100 INVITE").One("Timestamp"));
        Assert.False(_harness.Flows.Last("180 INVITE").Has("Timestamp"));
    }

    [Fact]
    public void TXN_04_Refusal_IsSent11TimesOverUdp_WhenNoAckComes()
    {
        _harness.TakeCall().Reject(486);
        _harness.Advance(40);
        Assert.Equal([0, .5, 1.5, 3.5, 7.5, 11.5, 15.5, 19.5, 23.5, 27.5, 31.5], _harness.Flows.TimesOf("486 INVITE"));
        Assert.Equal(0, _harness.Transactions.Count);
    }

    [Fact]
    public void TXN_04_Refusal_IsSentOnceOnAStream()
    {
        _harness.TakeCall(SessionHarness.Tcp).Reject(486);
        _harness.Advance(31.9);
        Assert.Equal([0.0], _harness.Flows.TimesOf("486 INVITE"));
        Assert.Equal(1, _harness.Transactions.Count);
        _harness.Advance(.1);
        Assert.Equal(0, _harness.Transactions.Count);
    }

    [Theory]
    [InlineData(false, 5)]
    [InlineData(true, 0)]
    public void TXN_04_TimerI_IsT4OverUdp_ZeroOnAStream(bool stream, double seconds)
    {
        var flow = stream ? SessionHarness.Tcp : SessionHarness.Udp;
        _harness.TakeCall(flow).Reject(486);
        _harness.Receive(_harness.PeerRequest("ACK", 1, branch: "z9hG4bKinvite"), flow);
        if (seconds > 0)
        {
            _harness.Advance(seconds - .1);
            _harness.Receive(SessionHarness.PeerInvite(), flow);
            Assert.Equal(1, _harness.Transactions.Count);
            _harness.Advance(.1);
        }

        Assert.Equal(0, _harness.Transactions.Count);
        Assert.Equal(1, _harness.Flows.Count("486 INVITE"));
    }

    [Fact]
    public void TXN_04_RepeatedInvite_GetsTheLastResponse()
    {
        var session = _harness.TakeCall();
        _harness.Receive(SessionHarness.PeerInvite());
        Assert.Equal(2, _harness.Flows.Count("100 INVITE"));
        session.Progress(180);
        _harness.Receive(SessionHarness.PeerInvite());
        Assert.Equal(2, _harness.Flows.Count("180 INVITE"));
        Assert.Single(_harness.Inbound);
    }

    [Fact]
    public void TXN_05_RepeatOfANonInvite_GetsTheSameOctets_WithoutASecondEffect_For64T1()
    {
        _harness.EstablishInbound();
        var info = _harness.PeerRequest("INFO", 2, "Content-Type: application/dtmf-relay\r\n", "Signal=1");
        for (var i = 0; i < 3; i++) _harness.Receive(info);
        _harness.Advance(31.9);
        _harness.Receive(info);
        Assert.Equal(4, _harness.Flows.Count("200 INFO"));
        Assert.Single(_harness.Flows.Messages.Where(m => m.Kind == "200 INFO").Select(m => m.Text).Distinct());
        Assert.Equal(["confirmed", "info application/dtmf-relay: Signal=1"], _harness.Log.Events);
        _harness.Advance(.1);
        Assert.Equal(0, _harness.Transactions.Count);
    }

    [Fact]
    public void TXN_05_TimerJ_IsZeroOnAStream()
    {
        _harness.EstablishInbound(SessionHarness.Tcp);
        var before = _harness.Transactions.Count;
        _harness.Receive(_harness.PeerRequest("INFO", 2), SessionHarness.Tcp);
        Assert.Equal(before, _harness.Transactions.Count);
    }

    [Fact]
    public void TXN_06_ServerAccepted_AbsorbsRepeatedInvites_For64T1()
    {
        _harness.EstablishInbound();
        _harness.Advance(31.9);
        Assert.Null(_harness.Receive(SessionHarness.PeerInvite()));
        Assert.Equal(1, _harness.Flows.Count("200 INVITE"));
        Assert.Single(_harness.Inbound);
        _harness.Advance(.1);
        Assert.Equal(0, _harness.Transactions.Count);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void TXN_07_Answer_IsRepeatedUntilTheAck_OnAnyTransport_ThenBye(bool stream)
    {
        _harness.TakeCall(stream ? SessionHarness.Tcp : SessionHarness.Udp).Answer("answer"u8.ToArray());
        _harness.Advance(31.9);
        Assert.Empty(_harness.Log.Events);
        Assert.Equal(0, _harness.Flows.Count("BYE"));
        _harness.Advance(.1);
        Assert.Equal([0, .5, 1.5, 3.5, 7.5, 11.5, 15.5, 19.5, 23.5, 27.5, 31.5], _harness.Flows.TimesOf("200 INVITE"));
        Assert.Equal(32, _harness.Flows.TimesOf("BYE")[0]);
        Assert.Equal(["ended NoAck"], _harness.Log.Events);
        _harness.Advance(40);
        Assert.Equal((0, 0), (_harness.Transactions.Count, _harness.Sessions.DialogCount));
    }

    [Fact]
    public void TXN_07_Ack_EndsTheRepeats()
    {
        _harness.TakeCall().Answer("answer"u8.ToArray());
        _harness.Advance(2);
        _harness.Receive(_harness.PeerRequest("ACK", 1));
        _harness.Advance(60);
        Assert.Equal([0, .5, 1.5], _harness.Flows.TimesOf("200 INVITE"));
        Assert.Equal(["confirmed"], _harness.Log.Events);
    }

    [Theory]
    [InlineData("z9hG4bKother", "192.0.2.10:40000")]
    [InlineData("z9hG4bKinvite", "192.0.2.10:40001")]
    [InlineData("z9hG4bKinvite", "phone.example.net:40000")]
    public void TXN_08_Request_IsKnownByBranchAndSentBy(string branch, string sentBy)
    {
        _harness.TakeCall();
        var other = SessionHarness.PeerInvite(branch: branch, cseq: 2).Replace("UDP 192.0.2.10:40000", $"UDP {sentBy}", StringComparison.Ordinal);
        _harness.Receive(other);
        Assert.Equal(2, _harness.Inbound.Count);
    }

    [Fact]
    public void TXN_08_SentByHost_IsComparedWithoutCase()
    {
        var invite = SessionHarness.PeerInvite().Replace("UDP 192.0.2.10", "UDP phone.Example.net", StringComparison.Ordinal);
        _harness.Receive(invite);
        _harness.Receive(invite.Replace("phone.Example.net", "Phone.example.NET", StringComparison.Ordinal));
        Assert.Equal(2, _harness.Flows.Count("100 INVITE"));
    }

    [Theory]
    [InlineData(";branch=1")]
    [InlineData("")]
    public void TXN_08_WithoutCookie_TheFieldsOf2543Count(string branch)
    {
        string Build(string method, string tag, int cseq = 1) => SessionHarness.PeerInvite(cseq: cseq, body: "")
            .Replace(";branch=z9hG4bKinvite", branch, StringComparison.Ordinal).Replace("INVITE", method, StringComparison.Ordinal)
            .Replace("To: <sip:+15550001@office.example.net>", $"To: <sip:+15550001@office.example.net>{tag}", StringComparison.Ordinal);

        _harness.Receive(Build("INVITE", ""));
        _harness.Receive(Build("INVITE", ""));
        Assert.Equal(2, _harness.Flows.Count("100 INVITE"));
        Assert.Single(_harness.Inbound);
        _harness.Inbound[0].Reject(486);
        _harness.Receive(Build("ACK", $";tag={_harness.Flows.Last("486 INVITE").ToTag}"));
        _harness.Advance(10);
        Assert.Equal(1, _harness.Flows.Count("486 INVITE"));
        _harness.Receive(Build("INVITE", "", cseq: 2));
        Assert.Equal(2, _harness.Inbound.Count);
    }

    [Fact]
    public void TXN_09_SameBranchFromAnotherSource_IsAnotherTransaction()
    {
        _harness.TakeCall();
        var other = SessionHarness.Flow("198.51.100.7:40000");
        _harness.Receive(SessionHarness.PeerInvite(fromTag: "other"), other);
        Assert.Equal(2, _harness.Inbound.Count);
        Assert.Equal(481, _harness.Receive(Cancel(), SessionHarness.Flow("203.0.113.1:1"))!.Status);
    }

    [Fact]
    public void TXN_11_NonInvite_GetsNoProvisionalAndNo408()
    {
        _harness.EstablishInbound();
        foreach (var method in new[] { "OPTIONS", "INFO", "UPDATE", "BYE" }) _harness.Receive(_harness.PeerRequest(method, 2));
        _harness.Advance(60);
        Assert.Equal(["200 BYE", "200 INFO", "200 OPTIONS", "200 UPDATE"],
            _harness.Flows.Messages.Where(m => m.Status != 0 && !m.Kind.EndsWith("INVITE", StringComparison.Ordinal)).Select(m => m.Kind).Order());
    }

    [Fact]
    public void TXN_12_Ack_IsAbsorbedByARefusedInvite_AndNeverAnswered()
    {
        _harness.TakeCall().Reject(486);
        var ack = _harness.PeerRequest("ACK", 1, branch: "z9hG4bKinvite");
        for (var i = 0; i < 2; i++) Assert.Null(_harness.Receive(ack));
        _harness.Advance(40);
        Assert.Equal(["100 INVITE", "486 INVITE"], _harness.Flows.Messages.Select(m => m.Kind));
    }

    [Fact]
    public void TXN_12_StrayAck_IsDropped()
    {
        Assert.Null(_harness.Receive(new RequestText { Method = "ACK", To = "<sip:a@h>;tag=x" }.ToString()));
        Assert.Empty(_harness.Flows.Sent);
        Assert.Equal(1, _harness.Meters["sipstead.sip.dropped stray ACK"]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Require: nothingSupportsThis\r\n")]
    public void TXN_13_Cancel_Gets200_AndThePendingInvite487(string headers)
    {
        var session = _harness.TakeCall();
        session.Progress(180);
        var cancel = Cancel(headers);
        Assert.Null(_harness.Receive(cancel));
        Assert.Equal(["100 INVITE", "180 INVITE", "200 CANCEL", "487 INVITE"], _harness.Flows.Messages.Select(m => m.Kind));
        Assert.Equal(_harness.Flows.Last("487 INVITE").ToTag, _harness.Flows.Last("200 CANCEL").ToTag);
        _harness.Receive(cancel);
        Assert.Equal(2, _harness.Flows.Count("200 CANCEL"));
        Assert.Equal(["cancelled"], _harness.Log.Events);
        session.Answer("late"u8.ToArray());
        Assert.Equal(0, _harness.Flows.Count("200 INVITE"));
    }

    [Fact]
    public void TXN_13_CancelWithoutInvite_Gets481()
    {
        var answer = _harness.Receive(Cancel());
        Assert.Equal("481 CANCEL", answer!.Kind);
    }

    [Fact]
    public void TXN_13_CancelAfterAFinalAnswer_Gets200_AndHasNoEffect()
    {
        var session = _harness.EstablishInbound();
        _harness.Receive(Cancel());
        Assert.Equal(1, _harness.Flows.Count("200 CANCEL"));
        Assert.True(session.IsEstablished);
        Assert.Equal(["confirmed"], _harness.Log.Events);
    }

    [Fact]
    public void TXN_14_MergedRequest_Gets482()
    {
        _harness.TakeCall();
        Assert.Equal("482 INVITE", _harness.Receive(SessionHarness.PeerInvite(branch: "z9hG4bKby-another-way"))!.Kind);
        Assert.Single(_harness.Inbound);
        _harness.Inbound[0].Reject(486);
        _harness.Advance(32);
        Assert.Null(_harness.Receive(SessionHarness.PeerInvite(branch: "z9hG4bKlater")));
        Assert.Equal(2, _harness.Inbound.Count);
    }

    [Fact]
    public void TXN_15_OverTheBound_AnInviteGets503WithRetryAfter_AndCallsCanStillEnd()
    {
        using var harness = new SessionHarness(transactionLimit: 1);
        harness.TakeCall();
        var refusal = harness.Receive(SessionHarness.PeerInvite(branch: "z9hG4bK2", cseq: 2));
        Assert.Equal("503 INVITE", refusal!.Kind);
        Assert.InRange(int.Parse(refusal.One("Retry-After"), System.Globalization.CultureInfo.InvariantCulture), 3, 8);
        Assert.Equal(1, harness.Meters["sipstead.sip.transactions.refused"]);
        harness.Call();
        Assert.Equal(["failed 503 Service Unavailable"], harness.Log.Events);

        harness.Inbound[0].Answer("answer"u8.ToArray());
        harness.Receive(harness.PeerRequest("ACK", 1));
        Assert.Null(harness.Receive(harness.PeerRequest("INFO", 2)));
        harness.Receive(harness.PeerRequest("BYE", 3));
        Assert.Equal((0, 1), (harness.Flows.Count("200 INFO"), harness.Flows.Count("200 BYE")));
        harness.Advance(32);
        Assert.Equal((0, 0), (harness.Transactions.Count, harness.Sessions.DialogCount));
        harness.Receive(SessionHarness.PeerInvite(branch: "z9hG4bK3", cseq: 3));
        Assert.Equal(2, harness.Inbound.Count);
    }

    [Fact]
    public void S_28_ThousandsOfTransactionsThatTimeOut_LeaveNothing()
    {
        const int count = 5_000;
        using var harness = new SessionHarness();
        for (var i = 0; i < count; i++)
        {
            harness.Receive(SessionHarness.PeerInvite(branch: $"z9hG4bK{i}", fromTag: $"caller{i}"), SessionHarness.Tcp);
            harness.Inbound[^1].Reject(486); // and no ACK comes
            harness.Call(SessionHarness.Tcp); // and no answer comes
        }

        Assert.Equal(2 * count, harness.Transactions.Count);
        harness.Advance(32.1);
        Assert.Equal((0, 0), (harness.Transactions.Count, harness.Sessions.DialogCount));
    }

    private string Cancel(string headers = "")
    {
        var text = SessionHarness.PeerInvite(body: "").Replace("INVITE", "CANCEL", StringComparison.Ordinal);
        return text.Replace("CSeq:", headers + "CSeq:", StringComparison.Ordinal);
    }
}
