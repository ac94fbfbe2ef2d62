using Sipstead.Sip.Transactions;
using Sipstead.Testing.Sip;
using Xunit;

namespace Sipstead.Conformance.Tests.Transactions;

/// <summary>Client transactions: RFC 3261 17.1, RFC 6026, RFC 4320 (conformance.md).</summary>
public sealed class ClientTransactionTests : IDisposable
{
    private const double D = 32;

    private readonly SessionHarness _harness = new();

    public void Dispose() => _harness.Dispose();

    [Fact]
    public void TXN_01_BaseTimes_AreThoseOfTheRfc()
    {
        Assert.Equal((500, 4000, 5000), (TimerValues.T1, TimerValues.T2, TimerValues.T4));
        Assert.Equal(32_000, TimerValues.Timeout);
    }

    [Fact]
    public void TXN_02_Invite_IsSent7TimesWithoutBoundOfT2_Then408()
    {
        _harness.Call();
        _harness.Advance(31.9);
        Assert.Empty(_harness.Log.Events);
        _harness.Advance(10);
        Assert.Equal([0, .5, 1.5, 3.5, 7.5, 15.5, 31.5], _harness.Flows.TimesOf("INVITE"));
        Assert.Equal(["failed 408 Request Timeout"], _harness.Log.Events);
        Assert.Single(_harness.Flows.Messages.Select(message => message.Text).Distinct());
        Assert.Equal(0, _harness.Transactions.Count);
    }

    [Fact]
    public void TXN_02_Invite_IsSentOnceOnAStream_Then408()
    {
        _harness.Call(SessionHarness.Tcp);
        _harness.Advance(32);
        Assert.Equal([0.0], _harness.Flows.TimesOf("INVITE"));
        Assert.Equal(["failed 408 Request Timeout"], _harness.Log.Events);
    }

    [Fact]
    public void TXN_02_Provisional_EndsRepeatsAndTimerB()
    {
        _harness.Call();
        _harness.Receive(_harness.Flows.Last("INVITE").Answer(100));
        _harness.Advance(200);
        Assert.Equal([0.0], _harness.Flows.TimesOf("INVITE"));
        Assert.Empty(_harness.Log.Events);
    }

    [Fact]
    public void TXN_02_Refusal_IsAcknowledgedByTheTransaction_EachTimeItComes_UntilTimerD()
    {
        _harness.Call();
        var invite = _harness.Flows.Last("INVITE");
        var refusal = invite.Answer(486, "callee");
        _harness.Receive(refusal);
        var ack = _harness.Flows.Last("ACK");
        Assert.Equal((invite.Branch, invite.Uri, "1 ACK"), (ack.Branch, ack.Uri, ack.One("CSeq")));
        Assert.Equal((invite.One("From"), invite.One("To") + ";tag=callee"), (ack.One("From"), ack.One("To")));
        Assert.Equal(invite.All("Via"), ack.All("Via"));
        Assert.All(_harness.Flows.Sent, sent => Assert.Equal(SessionHarness.Udp, sent.Flow));

        _harness.Advance(D - .1);
        _harness.Receive(refusal);
        Assert.Equal(2, _harness.Flows.Count("ACK"));
        _harness.Advance(.1);
        _harness.Receive(refusal);
        Assert.Equal(2, _harness.Flows.Count("ACK"));
        Assert.Equal(["failed 486 Reason 486"], _harness.Log.Events);
        Assert.Equal(0, _harness.Transactions.Count);
    }

    [Fact]
    public void TXN_02_TimerD_IsZeroOnAStream()
    {
        _harness.Call(SessionHarness.Tcp);
        _harness.Receive(_harness.Flows.Last("INVITE").Answer(486, "callee"), SessionHarness.Tcp);
        Assert.Equal(1, _harness.Flows.Count("ACK"));
        Assert.Equal(0, _harness.Transactions.Count);
    }

    [Fact]
    public void TXN_03_NonInvite_IsSent11Times_ThenGivenUp()
    {
        _harness.EstablishOutbound().Bye();
        _harness.Advance(31.9);
        Assert.DoesNotContain("ended Bye", _harness.Log.Events);
        _harness.Advance(10);
        Assert.Equal([0, .5, 1.5, 3.5, 7.5, 11.5, 15.5, 19.5, 23.5, 27.5, 31.5], _harness.Flows.TimesOf("BYE"));
        Assert.Equal(["answered: answer", "ended Bye"], _harness.Log.Events);
    }

    [Fact]
    public void TXN_03_AfterAProvisional_TimerEStaysAtT2()
    {
        _harness.EstablishOutbound().Bye();
        _harness.Receive(_harness.Flows.Last("BYE").Answer(100));
        _harness.Advance(32);
        Assert.Equal([0, .5, 4.5, 8.5, 12.5, 16.5, 20.5, 24.5, 28.5], _harness.Flows.TimesOf("BYE"));
    }

    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 0)]
    public void TXN_03_TimerK_IsT4OverUdp_ZeroOnAStream(bool stream, int left)
    {
        var flow = stream ? SessionHarness.Tcp : SessionHarness.Udp;
        var session = _harness.EstablishOutbound(flow);
        _harness.Advance(32); // past the Accepted state of the INVITE
        session.Bye();
        _harness.Receive(_harness.Flows.Last("BYE").Answer(200), flow);
        Assert.Equal(left, _harness.Transactions.Count);
        _harness.Advance(4.9);
        Assert.Equal(left, _harness.Transactions.Count);
        _harness.Advance(.1);
        Assert.Equal(0, _harness.Transactions.Count);
    }

    [Fact]
    public void TXN_06_ClientAccepted_PassesFurther2xx_For64T1()
    {
        _harness.EstablishOutbound();
        var again = _harness.Flows.Last("INVITE").Answer(200, "callee", body: "answer");
        _harness.Advance(31.9);
        _harness.Receive(again);
        Assert.Equal([0, 31.9], _harness.Flows.TimesOf("ACK"));
        Assert.Single(_harness.Flows.Messages.Where(m => m.Method == "ACK").Select(m => m.Text).Distinct());
        _harness.Advance(.1);
        _harness.Receive(again);
        Assert.Equal(2, _harness.Flows.Count("ACK"));
        Assert.Equal(1, _harness.Meters["sipstead.sip.dropped stray response"]);
        Assert.Equal(["answered: answer"], _harness.Log.Events);
    }

    [Theory]
    [InlineData("branch=z9hG4bK", "branch=z9hG4bKf")]
    [InlineData("1 INVITE", "1 BYE")]
    public void TXN_10_Response_IsKnownByBranchAndMethod(string part, string other) => AssertStray(part, other);

    [Theory]
    [InlineData("192.0.2.1:5060", "192.0.2.2:5060")]
    [InlineData("192.0.2.1:5060", "192.0.2.1:5061")]
    [InlineData("\r\nFrom:", "\r\nVia: SIP/2.0/UDP 192.0.2.9;branch=z9hG4bKother\r\nFrom:")]
    public void TPT_11_ResponseWithAnotherSentByOrMoreVias_GoesNowhere(string part, string other) => AssertStray(part, other);

    [Fact]
    public void TXN_11_LateReplyToNonInvite_IsDiscarded()
    {
        _harness.EstablishOutbound().Bye();
        var bye = _harness.Flows.Last("BYE");
        _harness.Advance(32);
        _harness.Receive(bye.Answer(200));
        Assert.Equal(1, _harness.Meters["sipstead.sip.dropped stray response"]);
        Assert.Equal(["answered: answer", "ended Bye"], _harness.Log.Events);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void TPT_13_SendFailure_IsToldOnceAs503(bool stream)
    {
        _harness.Flows.Refuses = true;
        _harness.Call(stream ? SessionHarness.Tcp : SessionHarness.Udp);
        _harness.Advance(40);
        Assert.Equal(["failed 503 Service Unavailable"], _harness.Log.Events);
        Assert.Equal(0, _harness.Transactions.Count);
    }

    private void AssertStray(string part, string other)
    {
        _harness.Call();
        _harness.Receive(_harness.Flows.Last("INVITE").Answer(180, "callee").Replace(part, other, StringComparison.Ordinal));
        Assert.Empty(_harness.Log.Events);
        Assert.Equal(1, _harness.Meters["sipstead.sip.dropped stray response"]);
    }
}
