using System.Text;
using Sipstead.Sip.Trace;
using Sipstead.Testing.Registrar;
using Xunit;

namespace Sipstead.Registrar.Tests.History;

/// <summary>Which requests are in the SIP trace (ruling 37): those that leave an entry, with their answers, and never a successful refresh.</summary>
public sealed class RegistrationTraceTests : IDisposable
{
    private const string Phone = "<sip:alice@192.0.2.10:40000>";

    private readonly RegistrarHarness _harness = new();
    private readonly string _realm;
    private readonly long _realmId;
    private readonly long _alice;

    public RegistrationTraceTests()
    {
        _realm = _harness.AddRealm();
        _alice = _harness.AddCredential(_realm, "alice", "secret");
        _harness.View.Realms.TryFind(Encoding.ASCII.GetBytes(_realm), out var entry);
        _realmId = entry!.Id;
    }

    public void Dispose() => _harness.Dispose();

    [Fact]
    public void Refusal_IsTraced_RequestAndAnswer_ForTheDevice()
    {
        var device = NewDevice("alice", "guess");
        device.Register(Phone);
        var messages = _harness.Trace.OfCredential(_alice);
        Assert.Equal(["REGISTER", "401", "REGISTER", "401"], Lines(messages)); // the challenge that led to it is there
        Assert.Equal(
            [TraceDirection.Received, TraceDirection.Sent, TraceDirection.Received, TraceDirection.Sent], messages.Select(message => message.Direction));
        Assert.All(messages, message => Assert.Equal(new TraceSubject(_realmId, _alice, 0), message.Subject));
        Assert.All(messages, message => Assert.Equal(device.Flow.Source, message.Peer));
    }

    [Fact]
    public void Refusal_OfAnUnknownUser_IsTracedForTheRealm()
    {
        NewDevice("nobody", "guess").Register(Phone);
        Assert.Equal(["REGISTER", "401", "REGISTER", "401"], Lines(_harness.Trace.OfUnknownUsers(_realmId)));
    }

    [Fact]
    public void FirstRegistrationAndRemoval_AreTraced_RefreshAndFetchAreNot()
    {
        var device = NewDevice();
        device.Register(Phone);
        var first = _harness.Trace.OfCredential(_alice).Count;
        Assert.Equal(["REGISTER", "401", "REGISTER", "200"], Lines(_harness.Trace.OfCredential(_alice)));

        for (var i = 0; i < 3; i++) Assert.Equal(200, device.SendOnce($"Contact: {Phone}\r\n").Status);
        Assert.Equal(200, device.SendOnce("").Status);
        device.Nonce = null; // as a phone that asks to be challenged each time
        Assert.Equal(200, device.Register(Phone).Status);
        Assert.Equal(first, _harness.Trace.OfCredential(_alice).Count);

        Assert.Equal(200, device.SendOnce("Contact: *\r\nExpires: 0\r\n").Status);
        Assert.Equal(["REGISTER", "200"], Lines(_harness.Trace.OfCredential(_alice)).Skip(first));
    }

    [Fact]
    public void ChallengeOfAnotherDevice_IsNotTaken()
    {
        var waiting = NewDevice("bob");
        waiting.SendOnce($"Contact: {Phone}\r\n");
        var device = NewDevice();
        device.CSeq = 7; // so that no challenge has its Call-ID and the CSeq before
        device.Nonce = _harness.Send(new ScriptedDevice(_harness, _realm, "alice", "secret").Build(""))!.Challenge("nonce");
        Assert.Equal(200, device.SendOnce($"Contact: {Phone}\r\n").Status);
        Assert.Equal(["REGISTER", "200"], Lines(_harness.Trace.OfCredential(_alice)));
    }

    [Fact]
    public void ChallengeTooLongToKeep_IsLeftOut_AndTheRestIsTraced()
    {
        NewDevice().Register(Phone, 600, $"X-Filler: {new string('x', 5000)}\r\n");
        Assert.Equal(["REGISTER", "200"], Lines(_harness.Trace.OfCredential(_alice)));
    }

    [Fact]
    public void RegistrationThatIsNotWritten_IsTracedWithoutThe200ThatDidNotLeave()
    {
        _harness.Journal.IsBroken = true;
        Assert.Equal(503, NewDevice().Register(Phone).Status);
        Assert.Equal(["REGISTER", "401", "REGISTER"], Lines(_harness.Trace.OfCredential(_alice)));
    }

    [Fact]
    public void Invite_IsTraced_WithItsChallengeAndItsRefusal()
    {
        var device = NewDevice();
        device.Method = "INVITE";
        Assert.Equal(480, device.Request("").Status);
        Assert.Equal(["INVITE", "407", "INVITE", "480"], Lines(_harness.Trace.OfCredential(_alice)));
        Assert.Empty(_harness.History.OfCredential(_alice));
    }

    [Fact]
    public void Invite_OfAnUnknownUser_IsTracedForTheRealm()
    {
        var device = NewDevice("nobody", "guess");
        device.Method = "INVITE";
        Assert.Equal(407, device.Request("").Status);
        Assert.Equal(["INVITE", "407", "INVITE", "407"], Lines(_harness.Trace.OfUnknownUsers(_realmId)));
    }

    private ScriptedDevice NewDevice(string user = "alice", string password = "secret") => new(_harness, _realm, user, password);

    /// <summary>The method of each request, the status of each answer.</summary>
    private static List<string> Lines(IEnumerable<TracedMessage> messages) =>
        [.. messages.Select(message => Encoding.Latin1.GetString(message.Octets.Span).Split(' ') is ["SIP/2.0", var status, ..] ? status : FirstWord(message))];

    private static string FirstWord(TracedMessage message) => Encoding.Latin1.GetString(message.Octets.Span).Split(' ')[0];
}
