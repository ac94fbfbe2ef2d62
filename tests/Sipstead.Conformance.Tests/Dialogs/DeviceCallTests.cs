using Sipstead.Registrar.Calls;
using Sipstead.Sip.Sessions;
using Sipstead.Testing.Registrar;
using Sipstead.Testing.Sip;
using Xunit;

namespace Sipstead.Conformance.Tests.Dialogs;

/// <summary>Calls of authenticated devices: what comes before there is a transaction, and what is never challenged (conformance.md).</summary>
public sealed class DeviceCallTests : IDisposable
{
    private const string Contact = "Contact: <sip:alice@192.0.2.10:40000>\r\n";

    private readonly RegistrarHarness _harness = new();
    private readonly TakenCalls _calls = new();
    private readonly ScriptedDevice _device;
    private readonly long _credential;

    public DeviceCallTests()
    {
        var realm = _harness.AddRealm();
        _credential = _harness.AddCredential(realm, "alice", "secret");
        _device = new ScriptedDevice(_harness, realm, "alice", "secret") { Method = "INVITE" };
        _harness.Calls.Calls = _calls;
    }

    public void Dispose() => _harness.Dispose();

    [Fact]
    public void AUTH_02_OnceAuthenticated_ACallIsHandedOver_AndNothingWithinItIsChallenged()
    {
        var invite = Invite();
        var (account, realm, credential, session) = Assert.Single(_calls.All);
        Assert.Equal((9_900_000, _credential), (account, credential));
        Assert.True(realm > 0);
        session.Attach(_calls.Log);
        session.Answer("answer"u8.ToArray());
        var tag = Sent("200 INVITE").ToTag;
        Assert.Null(_harness.Send(Within(invite, "ACK", tag)));
        Assert.Null(_harness.Send(Within(invite, "BYE", tag)));
        Assert.Equal(["confirmed", "ended Bye"], _calls.Log.Events);
        Assert.Equal(["100 INVITE", "200 INVITE", "200 BYE"], Messages.Select(m => m.Kind));
    }

    [Fact]
    public void TXN_04_Challenge_IsStateless_AndItsAckIsSwallowed()
    {
        var challenge = _device.SendOnce(Contact);
        Assert.Equal(407, challenge.Status);
        var tag = challenge.One("To")!.Split(";tag=")[1];
        Assert.Null(_harness.Send(Within(_device.LastMessage, "ACK", tag)));
        Assert.Equal(0, _harness.Transactions.Count);
        Assert.Empty(Messages);
    }

    [Fact]
    public void TXN_05_RepeatedInvite_IsAbsorbedBeforeAuthentication()
    {
        var invite = Invite();
        var uses = _device.NonceCount;
        Assert.Null(_harness.Send(invite));
        Assert.Single(_calls.All);
        Assert.Equal(2, Messages.Count(m => m.Kind == "100 INVITE"));
        Assert.Equal(uses, _device.NonceCount);
    }

    [Fact]
    public void TXN_13_Cancel_IsNeverChallenged()
    {
        var invite = Invite();
        Assert.Null(_harness.Send(invite.Replace("INVITE", "CANCEL", StringComparison.Ordinal)));
        Assert.Equal(["100 INVITE", "200 CANCEL", "487 INVITE"], Messages.Select(m => m.Kind));
    }

    [Fact]
    public void TXN_15_Register_HasNoTransaction()
    {
        _device.Method = "REGISTER";
        _device.Register("<sip:alice@192.0.2.10>");
        Assert.Equal(0, _harness.Transactions.Count);
    }

    [Fact]
    public void S_48_NoInviteWithoutARightPassword_BecomesACall()
    {
        var realm = _harness.AddRealm("elsewhere");
        _harness.AddCredential(realm, "alice", "other");
        foreach (var uri in new[] { $"sip:+12025550123@{realm}", $"sip:0012025550123@{realm};user=phone", "sip:+12025550123@office.3efeaa.auth.example.net" })
        {
            var stranger = new ScriptedDevice(_harness, realm, "mallory", "guess") { Method = "INVITE", Callee = uri };
            Assert.Equal(407, stranger.SendOnce(Contact).Status);
            Assert.Equal(407, stranger.Request(Contact).Status);
        }

        _device.Callee = $"sip:+12025550123@{realm}"; // the password is right, of another realm
        Assert.Equal(407, _device.Request(Contact).Status);
        Assert.Empty(_calls.All);
        Assert.Equal(0, _harness.Transactions.Count);
    }

    private IReadOnlyList<MessageText> Messages => [.. _harness.Flows.Sent.Select(sent => new MessageText(sent.Message))];

    private MessageText Sent(string kind) => Messages.Last(message => message.Kind == kind);

    /// <summary>Calls, answers the challenge, and returns the INVITE that was taken.</summary>
    private string Invite()
    {
        _device.Nonce = _device.SendOnce(Contact).Challenge("nonce");
        var invite = _device.Build(Contact);
        Assert.Null(_harness.Send(invite));
        return invite;
    }

    private static string Within(string invite, string method, string tag)
    {
        var message = new MessageText(invite);
        return new RequestText
        {
            Method = method, Uri = "sip:192.0.2.1:5060", Via = $"SIP/2.0/UDP 192.0.2.10:40000;rport;branch=z9hG4bK{method}", From = message.One("From"),
            To = $"{message.One("To")};tag={tag}", CallId = message.One("Call-ID"),
            CSeq = method == "ACK" ? message.One("CSeq").Replace("INVITE", "ACK", StringComparison.Ordinal) : "99 " + method,
        }.ToString();
    }

    private sealed class TakenCalls : IDeviceCalls
    {
        public List<(long Account, long Realm, long Credential, InboundSession Session)> All { get; } = [];

        public ListenerLog Log { get; } = new();

        public void Receive(long accountId, long realmId, long credentialId, InboundSession session) => All.Add((accountId, realmId, credentialId, session));

        public void Receive(TrunkCall call, InboundSession session) => throw new InvalidOperationException("There is no trunk.");
    }
}
