using Sipstead.Sip.Transport;
using Sipstead.Testing.Sip;
using Xunit;

namespace Sipstead.Sip.Tests.Sessions;

/// <summary>Many calls that go well or wrong in every way: after the timers nothing is left of them.</summary>
public sealed class SessionSoakTests : IDisposable
{
    private readonly SessionHarness _harness = new();

    public void Dispose() => _harness.Dispose();

    [Fact]
    public void AfterTheTimers_NothingIsLeft()
    {
        for (var round = 0; round < 20; round++)
        {
            foreach (var flow in new[] { SessionHarness.Udp, SessionHarness.Tcp })
            {
                for (var kind = 0; kind < 8; kind++) CallOut(kind, flow, $"tag{round}");
                for (var kind = 0; kind < 6; kind++) CallIn(kind, flow, $"{round}-{kind}-{flow.Transport}");
            }

            _harness.Advance(1);
        }

        Assert.True(_harness.Transactions.Count > 0);
        _harness.Advance(70);
        Assert.Equal((0, 0), (_harness.Transactions.Count, _harness.Sessions.DialogCount));
        Assert.Equal(0, _harness.Meters["sipstead.sip.transactions server"]);
        Assert.Equal(0, _harness.Meters["sipstead.sip.transactions client"]);
        Assert.Equal(0, _harness.Meters["sipstead.sip.dialogs"]);
    }

    [Fact]
    public async Task ManyThreads_OnTheSameCalls_LeaveNothing()
    {
        var sessions = Enumerable.Range(0, 50).Select(_ => _harness.Call()).ToList();
        var invites = _harness.Flows.Messages.Where(m => m.Method == "INVITE").ToList();
        await Task.WhenAll(Enumerable.Range(0, 4).Select(thread => Task.Run(
            () =>
            {
                for (var i = 0; i < sessions.Count; i++)
                {
                    _harness.Receive(invites[i].Answer(180, "a"));
                    if (thread == 0) sessions[i].Cancel();
                    else if (thread == 1) _harness.Receive(invites[i].Answer(487, "a"));
                    else _harness.Receive(invites[i].Answer(200, $"t{thread}"));
                    sessions[i].Bye();
                }
            },
            TestContext.Current.CancellationToken)));
        _harness.Advance(100);
        Assert.Equal((0, 0), (_harness.Transactions.Count, _harness.Sessions.DialogCount));
        var ends = _harness.Log.Events.GroupBy(e => e.Split(' ')[0]).ToDictionary(group => group.Key, group => group.Count());
        Assert.Equal(sessions.Count, ends.GetValueOrDefault("failed") + ends.GetValueOrDefault("ended"));
        Assert.Equal(ends.GetValueOrDefault("answered"), ends.GetValueOrDefault("ended"));
    }

    private void CallOut(int kind, SipFlow flow, string tag)
    {
        var session = _harness.Call(flow);
        var invite = _harness.Flows.Messages[^1];
        switch (kind)
        {
            case 0:
                break; // nobody answers
            case 1:
                _harness.Receive(invite.Answer(486, tag), flow);
                break;
            case 2:
                session.Cancel();
                _harness.Receive(invite.Answer(180, tag), flow);
                break;
            case 3:
                session.Cancel();
                _harness.Receive(invite.Answer(200, tag), flow);
                break;
            case 4:
                _harness.Receive(invite.Answer(200, tag), flow);
                session.Bye();
                break;
            case 5:
                _harness.Receive(invite.Answer(200, tag), flow);
                session.Offer("offer"u8.ToArray());
                session.Bye();
                break;
            case 6:
                _harness.Receive(invite.Answer(200, tag), flow);
                session.Info("a/b", default);
                break;
            default:
                _harness.Receive(invite.Answer(200, tag), flow);
                _harness.Receive(invite.Answer(200, tag + "fork"), flow);
                _harness.Receive(_harness.CalleeRequest("BYE", 5, tag: tag), flow);
                break;
        }
    }

    private void CallIn(int kind, SipFlow flow, string name)
    {
        string Own(string text) => text.Replace("peer-call", name, StringComparison.Ordinal).Replace("z9hG4bK", $"z9hG4bK{name}", StringComparison.Ordinal);

        _harness.Receive(Own(SessionHarness.PeerInvite()), flow);
        var session = _harness.Inbound[^1];
        if (kind == 0) session.Reject(404);
        if (kind == 1) _harness.Receive(Own(SessionHarness.PeerInvite(body: "").Replace("INVITE", "CANCEL", StringComparison.Ordinal)), flow);
        if (kind < 2) return;
        session.Answer("answer"u8.ToArray());
        if (kind == 2) return; // no ACK
        _harness.Receive(Own(_harness.PeerRequest("ACK", 1)), flow);
        if (kind == 3) session.Bye();
        if (kind == 4) _harness.Receive(Own(_harness.PeerRequest("BYE", 2)), flow);
        if (kind != 5) return;
        _harness.Receive(Own(_harness.PeerRequest("INVITE", 2, "Contact: <sip:x@h>\r\n")), flow);
        session.AcceptOffer("offer"u8.ToArray());
    }
}
