using Sipstead.Testing.Sip;
using Xunit;

namespace Sipstead.Conformance.Tests.Sessions;

/// <summary>Calls that come back to us, and the two sides of a call that share nothing (conformance.md DLG-12).</summary>
public sealed class LoopTests : IDisposable
{
    private readonly SessionHarness _harness = new();

    public void Dispose() => _harness.Dispose();

    [Fact]
    public void DLG_12_InviteThatCameByOneOfOurs_Gets482()
    {
        _harness.Call();
        var ours = _harness.Flows.Last("INVITE").One("Via");
        Assert.Equal("482 INVITE", Receive($"Via: SIP/2.0/UDP proxy.example.net;branch=z9hG4bKproxy\r\nVia: {ours}\r\n")?.Kind);
        Assert.Equal("482 INVITE", Receive($"v: {ours}, SIP/2.0/UDP origin.example.net;branch=z9hG4bKorigin\r\n")?.Kind);
        Assert.Empty(_harness.Inbound);
    }

    [Fact]
    public void DLG_12_BranchOfAnotherAgent_IsNoLoop()
    {
        _harness.Call();
        Assert.Null(Receive("Via: SIP/2.0/UDP proxy.example.net;branch=z9hG4bKproxy, SIP/2.0/UDP unreadable;;\r\n"));
        Assert.Single(_harness.Inbound);
    }

    [Fact]
    public void DLG_12_OurCallThatIsOver_IsNoLoopAnyMore()
    {
        _harness.Call();
        var ours = _harness.Flows.Last("INVITE");
        _harness.Receive(ours.Answer(486, "t"));
        _harness.Advance(40); // timer D
        Assert.Null(Receive($"Via: {ours.One("Via")}\r\n"));
        Assert.Single(_harness.Inbound);
    }

    [Fact]
    public void DLG_12_HopsOfACallThatIsPassedOn_AreThoseThatAreLeft()
    {
        _harness.Call(invite: SessionHarness.Invite() with { MaxForwards = 3 });
        Assert.Equal("3", _harness.Flows.Last("INVITE").One("Max-Forwards"));
    }

    private MessageText? Receive(string vias) => _harness.Receive(SessionHarness.PeerInvite(vias));
}
