using Sipstead.Registrar;
using Sipstead.Testing.Registrar;
using Xunit;

namespace Sipstead.Conformance.Tests.Authentication;

/// <summary>AUTH duties (conformance.md) and rulings 1 to 6.</summary>
public sealed class DigestTests : IDisposable
{
    private const string Phone = "<sip:alice@192.0.2.10:40000>";
    private readonly RegistrarHarness _harness = new(new RegistrarOptions { NonceLifetime = 300 });
    private readonly string _realm;
    private readonly long _alice;
    private readonly ScriptedDevice _device;

    public DigestTests()
    {
        _realm = _harness.AddRealm();
        _alice = _harness.AddCredential(_realm, "alice", "secret");
        _device = NewDevice();
    }

    public void Dispose() => _harness.Dispose();

    [Fact]
    public void AUTH_01_RegisterGets401_InviteGets407_AndIsAnswered480OnceAuthenticated()
    {
        Assert.NotNull(_device.SendOnce("").One("WWW-Authenticate"));
        var caller = NewDevice();
        caller.Method = "INVITE";
        var challenge = caller.SendOnce("");
        Assert.Equal(407, challenge.Status);
        Assert.NotNull(challenge.One("Proxy-Authenticate"));
        Assert.Equal(480, caller.Request("").Status);
    }

    [Fact]
    public void AUTH_02_AckAndCancel_AreNeverChallenged()
    {
        _device.Method = "ACK";
        Assert.Null(_harness.Send(_device.Build("")));
        _device.Method = "CANCEL";
        Assert.Equal(481, _device.SendOnce("").Status);
    }

    [Fact]
    public void AUTH_03_ChallengeHasAllParts_StaleOnlyWhenTrue()
    {
        var challenge = _device.SendOnce("").One("WWW-Authenticate")!;
        Assert.Matches($"^Digest realm=\"{_realm}\", nonce=\"[A-Za-z0-9_-]{{27}}\", opaque=\"00\", algorithm=MD5, qop=\"auth\"$", challenge);
    }

    [Fact]
    public void AUTH_04_WithoutQop_IsAccepted_AndTheNonceIsSingleUse()
    {
        _device.UsesQop = false;
        Assert.Equal(200, _device.Register(Phone).Status);
        var second = _device.SendOnce($"Contact: {Phone}\r\n");
        Assert.Equal(401, second.Status);
        Assert.Equal("true", second.Challenge("stale"));
    }

    [Fact]
    public void AUTH_08_UnknownAlgorithm_GetsANewChallenge()
    {
        _device.Register(Phone);
        var message = _device.Build("").Replace("algorithm=MD5", "algorithm=SHA-999", StringComparison.Ordinal);
        var answer = _harness.Send(message);
        Assert.Equal(401, answer!.Status);
        Assert.Null(answer.Challenge("stale"));
    }

    [Fact]
    public void AUTH_10_Hash1ForTheExactName_Hash1bForTheNameWithRealm()
    {
        var bob = _harness.AddCredential(_realm, "bob@somewhere.com", "pass");
        var device = new ScriptedDevice(_harness, _realm, "bob@somewhere.com", "pass");
        Assert.Equal(200, device.Register("<sip:bob@192.0.2.3>").Status);
        var aliased = new ScriptedDevice(_harness, _realm, "bob@somewhere.com", "pass") { DigestUser = $"bob@somewhere.com@{_realm}" };
        Assert.Equal(200, aliased.Register("<sip:bob@192.0.2.4>").Status);
        Assert.Equal(2, _harness.Bindings(bob).Count);
    }

    [Fact]
    public void AUTH_10_WithoutHash1b_TheNameWithRealmIsWrong()
    {
        _harness.AddCredential(_realm, "carol", "pass", withHash1b: false);
        var device = new ScriptedDevice(_harness, _realm, "carol", "pass") { DigestUser = $"carol@{_realm}" };
        Assert.Equal(401, device.Register(Phone).Status);
    }

    [Fact]
    public void AUTH_10_WrongPasswordAndUnknownUser_GetEqualAnswers()
    {
        var wrong = new ScriptedDevice(_harness, _realm, "alice", "guess").Register(Phone);
        var unknown = new ScriptedDevice(_harness, _realm, "nobody", "guess").Register(Phone);
        Assert.Equal((401, (string?)null), (wrong.Status, wrong.Challenge("stale")));
        Assert.Equal((401, (string?)null), (unknown.Status, unknown.Challenge("stale")));
    }

    [Fact]
    public void AUTH_11_CredentialsOfAnotherRealm_AreAsNone_AndTheRightOneOfSeveralCounts()
    {
        var otherRealm = _harness.AddRealm("branch");
        _harness.AddCredential(otherRealm, "alice", "secret");
        _device.DigestRealm = otherRealm;
        Assert.Equal(401, _device.Register(Phone).Status);
        _device.DigestRealm = null;
        var other = "Authorization: Digest username=\"x\", realm=\"elsewhere\", nonce=\"n\", uri=\"sip:x\", response=\"00000000000000000000000000000000\"\r\n";
        Assert.Equal(200, _device.Request(other + $"Contact: {Phone}\r\n").Status);
    }

    [Fact]
    public void AUTH_11_UserNameIsComparedExactly()
    {
        var device = new ScriptedDevice(_harness, _realm, "Alice", "secret") { HashUser = "alice" };
        Assert.Equal(401, device.Register(Phone).Status);
    }

    [Theory]
    [InlineData("sip:{0}:5070;transport=tcp", 200)]
    [InlineData("sip:alice@{0}", 200)]
    [InlineData("sip:elsewhere.example.org", 401)]
    [InlineData("/", 401)]
    public void AUTH_12_DigestUri_IsAcceptedWhenItsHostIsTheRealm(string uri, int status)
    {
        _device.DigestUri = string.Format(System.Globalization.CultureInfo.InvariantCulture, uri, _realm);
        Assert.Equal(status, _device.Register(Phone).Status);
    }

    [Fact]
    public void AUTH_13_ForeignNonce_GetsAPlainChallenge_WhateverTheDigest()
    {
        _device.Nonce = new string('A', 27);
        var answer = _device.SendOnce($"Contact: {Phone}\r\n");
        Assert.Equal((401, (string?)null), (answer.Status, answer.Challenge("stale")));
    }

    [Fact]
    public void AUTH_13_NonceOfAnotherRealm_IsForeign()
    {
        var otherRealm = _harness.AddRealm("branch");
        _device.Nonce = new ScriptedDevice(_harness, otherRealm, "alice", "secret").SendOnce("").Challenge("nonce");
        Assert.Equal(401, _device.SendOnce($"Contact: {Phone}\r\n").Status);
    }

    [Fact]
    public void AUTH_14_OldNonceWithRightDigest_IsStale_WithWrongDigestPlain()
    {
        _device.Register(Phone);
        _harness.Time.Advance(TimeSpan.FromSeconds(300));
        var stale = _device.SendOnce($"Contact: {Phone}\r\n");
        Assert.Equal((401, "true"), (stale.Status, stale.Challenge("stale")));
        var wrong = new ScriptedDevice(_harness, _realm, "alice", "guess") { Nonce = _device.Nonce };
        Assert.Null(wrong.SendOnce("").Challenge("stale"));
    }

    [Fact]
    public void AUTH_15_EqualCountInAnotherRequest_IsStale_AndChangesNothing()
    {
        _device.Register(Phone, 600);
        _device.NonceCount--;
        var answer = _device.SendOnce("Contact: <sip:thief@203.0.113.1>\r\n");
        Assert.Equal((401, "true"), (answer.Status, answer.Challenge("stale")));
        Assert.Single(_harness.Bindings(_alice));
    }

    [Fact]
    public void AUTH_15_CountsMayLeaveGaps()
    {
        _device.Register(Phone);
        _device.NonceCount += 10;
        Assert.Equal(200, _device.SendOnce($"Contact: {Phone}\r\n").Status);
        _device.NonceCount -= 5;
        Assert.Equal(401, _device.SendOnce($"Contact: {Phone}\r\n").Status);
    }

    [Fact]
    public void AUTH_15_IdenticalRepeat_IsAnswered200_WithoutASecondEffect()
    {
        _device.Register(Phone, 600);
        var appends = _harness.Journal.Appends;
        _harness.Time.Advance(TimeSpan.FromSeconds(2));
        var answer = _device.Repeat();
        Assert.Equal([$"{Phone};expires=598"], answer.Contacts);
        Assert.Equal(appends, _harness.Journal.Appends);
    }

    [Fact]
    public void AUTH_15_RepeatFromAnotherSource_IsNoRepeat()
    {
        _device.Register(Phone, 600);
        _device.Flow = RegistrarHarness.Flow("203.0.113.66:5060");
        Assert.Equal(401, _device.Repeat().Status);
        Assert.Equal("192.0.2.10:40000", _harness.Bindings(_alice).Single().Flow.Source.ToString());
    }

    [Fact]
    public void AUTH_15_RepeatOfARefusedRequest_IsRefusedAgain()
    {
        Assert.Equal(423, _device.Register(Phone, 5).Status);
        Assert.Equal(423, _device.Repeat().Status);
    }

    [Fact]
    public void AUTH_16_EvictedNonce_IsStale()
    {
        _device.Register(Phone); // one device: two nonces are remembered
        var first = (_device.Nonce, _device.NonceCount);
        for (var i = 0; i < 3; i++)
        {
            _device.Nonce = null;
            Assert.Equal(200, _device.Register(Phone).Status);
        }

        (_device.Nonce, var count) = first;
        _device.NonceCount = count + 1;
        var answer = _device.SendOnce($"Contact: {Phone}\r\n");
        Assert.Equal((401, "true"), (answer.Status, answer.Challenge("stale")));
    }

    [Fact]
    public void AUTH_16_TenDevicesOfOneUser_KeepTheirNonces()
    {
        var devices = Enumerable.Range(1, 10).Select(i => NewDevice()).ToList();
        for (var i = 0; i < 10; i++) Assert.Equal(200, devices[i].Register($"<sip:d{i}@192.0.2.{i + 1}>").Status);
        for (var i = 0; i < 10; i++) Assert.Equal(200, devices[i].SendOnce($"Contact: <sip:d{i}@192.0.2.{i + 1}>\r\n").Status);
    }

    [Fact]
    public void AUTH_16_AFloodOfChallenges_EvictsNobody()
    {
        _device.Register(Phone);
        for (var i = 0; i < 1000; i++) NewDevice().SendOnce("");
        Assert.Equal(200, _device.SendOnce($"Contact: {Phone}\r\n").Status);
        Assert.Equal(1, _harness.Locations.Count);
    }

    [Fact]
    public void AUTH_17_NonceOfOneMethod_ServesAnother()
    {
        _device.Register(Phone);
        _device.Method = "INVITE";
        Assert.Equal(480, _device.SendOnce("").Status);
    }

    [Theory]
    [InlineData("NoOneKnowsThisScheme opaque-data=here")]
    [InlineData("Digest")]
    [InlineData("Digest username=\"alice\"")]
    [InlineData("Digest username=\"alice, realm=")]
    [InlineData("Digest =,=,=")]
    [InlineData("Digest username=\"alice\", username=\"alice\", realm=\"r\", nonce=\"n\", uri=\"sip:r\", response=\"00000000000000000000000000000000\"")]
    public void AUTH_19_UnusableCredentials_AreAsNone(string value)
    {
        var answer = _harness.Send(_device.Build($"Authorization: {value}\r\n"));
        Assert.Equal((401, (string?)null), (answer!.Status, answer.Challenge("stale")));
    }

    [Fact]
    public void AUTH_19_AnyOrderAndQuotedPairs_AreRead()
    {
        _device.Register(Phone);
        var message = _device.Build($"Contact: {Phone}\r\n").Replace("Digest username=\"alice\", ", "Digest  opaque=\"\", unknown = x ,username = \"al\\ice\" ,", StringComparison.Ordinal);
        Assert.Equal(200, _harness.Send(message, _device.Flow)!.Status);
    }

    [Fact]
    public void AUTH_20_EmptyUserName_NeverMatches()
    {
        var device = new ScriptedDevice(_harness, _realm, "", "") { AorUser = "alice" };
        Assert.Equal(401, device.Register(Phone).Status);
    }

    [Fact]
    public void Ruling_12_NewPassword_RefusesTheOldOne_AndEndsItsBindings()
    {
        _device.Register(Phone);
        _harness.ChangePassword(_realm, _alice, "alice", "fresh");
        Assert.Equal(401, _device.SendOnce($"Contact: {Phone}\r\n").Status);
        var device = new ScriptedDevice(_harness, _realm, "alice", "fresh");
        Assert.Equal(["<sip:alice@192.0.2.44>;expires=3600"], device.Register("<sip:alice@192.0.2.44>").Contacts);
    }

    private ScriptedDevice NewDevice() => new(_harness, _realm, "alice", "secret");
}
