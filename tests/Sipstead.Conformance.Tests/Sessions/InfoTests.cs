using Sipstead.Testing.Sip;
using Xunit;

namespace Sipstead.Conformance.Tests.Sessions;

/// <summary>INFO within a call (RFC 6086), which brings key presses (conformance.md MED-07), and Reason (RFC 3326, SES-05).</summary>
public sealed class InfoTests : IDisposable
{
    private readonly SessionHarness _harness = new();

    public void Dispose() => _harness.Dispose();

    [Theory]
    [InlineData("application/dtmf-relay", "Signal=5\r\nDuration=160\r\n", 200)]
    [InlineData("Application/DTMF-Relay;x=y", "Duration = 160\r\nsignal = * \r\n", 200)]
    [InlineData("application/dtmf-relay", "Signal=10", 200)]
    [InlineData("application/dtmf-relay", "Signal=d\n", 200)]
    [InlineData("application/dtmf", "#", 200)]
    [InlineData("application/dtmf", "7\r\n", 200)]
    [InlineData("application/dtmf", "Signal=7\r\n", 200)]
    [InlineData("application/dtmf-relay", "Signal=16", 400)]
    [InlineData("application/dtmf-relay", "Signal=", 400)]
    [InlineData("application/dtmf-relay", "Signal=55", 400)]
    [InlineData("application/dtmf-relay", "5", 400)]
    [InlineData("application/dtmf", "E", 400)]
    [InlineData("application/dtmf", "12", 200)]
    [InlineData("text/plain", "5", 415)]
    public void MED_07_KeyPress_IsTaken_OtherBodiesAreRefused(string type, string body, int status)
    {
        _harness.EstablishInbound();
        _harness.Receive(_harness.PeerRequest("INFO", 2, $"Content-Type: {type}\r\n", body));
        var answer = Assert.Single(_harness.Flows.Messages, message => message.Status != 0 && message.One("CSeq") == "2 INFO");
        Assert.Equal(status, answer.Status);
        Assert.Equal(status == 415 ? ["application/dtmf-relay, application/dtmf"] : [], answer.All("Accept"));
        Assert.Equal(status == 200 ? 2 : 1, _harness.Log.Events.Count);
    }

    [Theory]
    [InlineData("Info-Package: foo\r\n", "", "469 INFO")]
    [InlineData("Info-Package: foo\r\nContent-Type: application/dtmf\r\n", "5", "469 INFO")]
    [InlineData("", "", "200 INFO")]
    [InlineData("Content-Type: text/plain\r\nContent-Disposition: render;handling=optional\r\n", "x", "200 INFO")]
    public void MED_07_InfoOfAPackage_Gets469_OneThatAsksNothing200(string headers, string body, string kind)
    {
        _harness.EstablishInbound();
        _harness.Receive(_harness.PeerRequest("INFO", 2, headers, body));
        Assert.Equal(kind, _harness.Flows.Messages[^1].Kind);
        Assert.Equal(kind.StartsWith("469", StringComparison.Ordinal), _harness.Flows.Messages[^1].Has("Recv-Info"));
        Assert.Equal(["confirmed"], _harness.Log.Events);
    }

    [Theory]
    [InlineData("Q.850;cause=16;text=\"Terminated\"", "Q.850;cause=16;text=\"Terminated\"")]
    [InlineData("", null)]
    public void SES_05_ReasonOfABye_IsKept(string reason, string? kept)
    {
        var session = _harness.EstablishInbound();
        _harness.Receive(_harness.PeerRequest("BYE", 2, reason == "" ? "" : $"Reason: {reason}\r\n"));
        Assert.Equal(kept, session.PeerReason);
    }

    [Theory]
    [InlineData("SUBSCRIBE")]
    [InlineData("MESSAGE")]
    public void SES_04_WhatIsNotHere_IsRefusedWithAllow_AndTheCallGoesOn(string method)
    {
        var session = _harness.EstablishInbound();
        _harness.Receive(_harness.PeerRequest(method, 2, "Event: refer\r\n"));
        Assert.Equal("INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, PRACK, UPDATE, REFER, NOTIFY", _harness.Flows.Last($"405 {method}").One("Allow"));
        Assert.Equal(0, _harness.Flows.Count("INVITE"));
        Assert.True(session.IsEstablished);
    }

    [Fact]
    public void SES_05_ReasonOfACancel_IsKept_AndALongOneCut()
    {
        var session = _harness.TakeCall();
        var cancel = SessionHarness.PeerInvite($"Reason: SIP;cause=200;text=\"{new string('x', 5000)}\"\r\n").Replace("INVITE", "CANCEL", StringComparison.Ordinal);
        _harness.Receive(cancel);
        Assert.StartsWith("SIP;cause=200;text=\"xx", session.PeerReason, StringComparison.Ordinal);
        Assert.Equal(256, session.PeerReason!.Length);
    }

    [Fact]
    public void SES_05_ReasonOfOurCancel_IsSent()
    {
        var session = _harness.Call();
        _harness.Receive(_harness.Flows.Last("INVITE").Answer(180, "callee"));
        session.Cancel("SIP;cause=200;text=\"Call completed elsewhere\"\r\nX-Evil: 1");
        var cancel = _harness.Flows.Last("CANCEL");
        Assert.Equal("SIP;cause=200;text=\"Call completed elsewhere\"??X-Evil: 1", cancel.One("Reason"));
        Assert.False(cancel.Has("X-Evil"));
    }
}
