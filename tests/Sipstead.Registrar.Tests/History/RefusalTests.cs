using Sipstead.Registrar.History;
using Sipstead.Sip.Transport;
using Sipstead.Testing.Registrar;
using Xunit;

namespace Sipstead.Registrar.Tests.History;

/// <summary>Each way to be refused, by a REGISTER as a phone sends it: what the history says, for whom, and with the status that was answered.</summary>
public sealed class RefusalTests : IDisposable
{
    private const string Phone = "<sip:alice@192.0.2.10:40000>";

    private readonly RegistrarHarness _harness = new(new RegistrarOptions { NonceLifetime = 300, MaxContacts = 2, ContactLimit = ContactLimitPolicy.Refuse });
    private readonly string _realm;
    private readonly long _realmId;
    private readonly long _alice;

    public RefusalTests()
    {
        _realm = _harness.AddRealm();
        _alice = _harness.AddCredential(_realm, "alice", "secret");
        _harness.View.Realms.TryFind(System.Text.Encoding.ASCII.GetBytes(_realm), out var entry);
        _realmId = entry!.Id;
    }

    public void Dispose() => _harness.Dispose();

    [Fact]
    public void FirstRequestWithoutCredentials_IsNoAttempt()
    {
        Assert.Equal(401, NewDevice().SendOnce($"Contact: {Phone}\r\n").Status);
        Assert.Empty(_harness.History.OfRealm(_realmId));
    }

    [Fact]
    public void UnknownRealm_IsNobodys()
    {
        var device = new ScriptedDevice(_harness, "elsewhere.example", "alice", "secret");
        Assert.Equal(404, device.Register(Phone).Status);
        Assert.Empty(_harness.History.OfRealm(_realmId));
    }

    [Fact]
    public void WrongPassword_TellsAllOfTheAttempt()
    {
        var device = NewDevice(password: "guess");
        device.Flow = RegistrarHarness.Flow("198.51.100.7:5099", SipTransport.Tcp, 7);
        Assert.Equal(401, device.Register(Phone, 600, "User-Agent: Test Phone 1.0\r\n").Status);

        var attempt = Assert.Single(_harness.History.OfCredential(_alice));
        Assert.Equal(
            new RegistrationAttempt(
                1, _harness.Time.GetUtcNow(), _realmId, _alice, "alice", device.Flow.Source, SipTransport.Tcp, "Test Phone 1.0", Phone,
                RegistrationOutcome.WrongPassword),
            attempt);
        Assert.Equal(401, attempt.Status);
        Assert.Empty(_harness.History.OfUnknownUsers(_realmId));
    }

    [Theory]
    [InlineData("nobody")]
    [InlineData("Alice")] // names are compared exactly
    public void UnknownUser_IsKeptForTheRealm(string user)
    {
        var device = new ScriptedDevice(_harness, _realm, user, "secret");
        Assert.Equal(401, device.Register(Phone).Status);
        var attempt = Assert.Single(_harness.History.OfUnknownUsers(_realmId));
        Assert.Equal((RegistrationOutcome.UnknownUser, 0L, user), (attempt.Outcome, attempt.CredentialId, attempt.UserName));
    }

    [Fact]
    public void MissingHash1b_IsToldApartFromAnUnknownUser()
    {
        var carol = _harness.AddCredential(_realm, "carol", "pass", withHash1b: false);
        var device = new ScriptedDevice(_harness, _realm, "carol", "pass") { DigestUser = $"carol@{_realm}" };
        Assert.Equal(401, device.Register(Phone).Status);
        ShouldBe(RegistrationOutcome.MissingHash1b, carol, $"carol@{_realm}");
    }

    [Fact]
    public void UnusableHash1_IsToldApartFromAWrongPassword()
    {
        _harness.View.Realms.TryFind(System.Text.Encoding.ASCII.GetBytes(_realm), out var realm);
        _harness.View.AddCredential(realm!.AccountId, new(77, _realmId, 1, null, null), "dave");
        Assert.Equal(401, new ScriptedDevice(_harness, _realm, "dave", "pass").Register(Phone).Status);
        ShouldBe(RegistrationOutcome.UnusableHash1, 77, "dave");
    }

    [Fact]
    public void ForeignRealm_IsKeptForTheUserItNames()
    {
        var device = NewDevice();
        device.DigestRealm = "asterisk";
        Assert.Equal(401, device.Register(Phone).Status);
        ShouldBe(RegistrationOutcome.ForeignRealm);
    }

    [Fact]
    public void ForeignUri_IsKeptForTheUserItNames()
    {
        var device = NewDevice();
        device.DigestUri = "sip:192.0.2.1";
        Assert.Equal(401, device.Register(Phone).Status);
        ShouldBe(RegistrationOutcome.ForeignUri);
    }

    [Theory]
    [InlineData("algorithm=MD5", "algorithm=SHA-1")]
    [InlineData("algorithm=MD5", "algorithm=MD5-sess")]
    [InlineData("qop=auth", "qop=auth-int")]
    public void UnsupportedAlgorithm_IsKeptForTheUserItNames(string part, string other)
    {
        Assert.Equal(401, SendAltered(text => text.Replace(part, other, StringComparison.Ordinal)));
        ShouldBe(RegistrationOutcome.UnsupportedAlgorithm);
    }

    [Theory]
    [InlineData("Digest username", "Basic username")]
    [InlineData("qop=auth", "qop=auth-conf")]
    [InlineData("algorithm=MD5", "algorithm=SHA-256")] // with a response as long as an MD5
    [InlineData("nonce=\"", "nonce=\"x\", nonce=\"")]
    public void UnreadableCredentials_AreKeptForTheUserInTo(string part, string other)
    {
        Assert.Equal(401, SendAltered(text => text.Replace(part, other, StringComparison.Ordinal)));
        ShouldBe(RegistrationOutcome.UnreadableCredentials);
    }

    [Fact]
    public void UnreadableCredentials_OfNobodyWeKnow_AreKeptForTheRealm()
    {
        Assert.Equal(401, SendAltered(text => text
            .Replace("Digest username", "Basic username", StringComparison.Ordinal).Replace("<sip:alice@", "<sip:eve@", StringComparison.Ordinal)));
        Assert.Equal(RegistrationOutcome.UnreadableCredentials, Assert.Single(_harness.History.OfUnknownUsers(_realmId)).Outcome);
    }

    [Fact]
    public void EmptyResponse_OfAPhoneThatNamesItselfFirst_IsNoAttempt()
    {
        var announced = $"Authorization: Digest username=\"alice\", realm=\"{_realm}\", nonce=\"\", uri=\"sip:{_realm}\", response=\"\"\r\n";
        Assert.Equal(401, NewDevice().SendOnce(announced + $"Contact: {Phone}\r\n").Status);
        Assert.Empty(_harness.History.OfRealm(_realmId));
    }

    [Fact]
    public void ForeignNonce_IsKeptForTheUserItNames()
    {
        var device = NewDevice();
        device.Nonce = "bm90IG9uZSBvZiBvdXJz";
        Assert.Equal(401, device.SendOnce($"Contact: {Phone}\r\n").Status);
        ShouldBe(RegistrationOutcome.ForeignNonce);
    }

    [Fact]
    public void StaleNonce_IsNoEntryTheFirstTime_NorForARepeat_ButWhenItIsUsedAgain()
    {
        var device = NewDevice();
        device.Register(Phone);
        _harness.Time.Advance(TimeSpan.FromSeconds(301));
        Assert.Equal("true", device.SendOnce($"Contact: {Phone}\r\n").Challenge("stale"));
        Assert.Equal("true", device.Repeat().Challenge("stale"));
        Assert.Equal([RegistrationOutcome.Registered], OutcomesOfAlice());

        Assert.Equal("true", device.SendOnce($"Contact: {Phone}\r\n").Challenge("stale"));
        Assert.Equal([RegistrationOutcome.StaleNonce, RegistrationOutcome.Registered], OutcomesOfAlice());
    }

    [Fact]
    public void UsedNonceCount_WhenThePhoneTakesTheNewNonce_IsNoEntry()
    {
        var device = NewDevice();
        device.Register(Phone);
        for (var i = 0; i < 3; i++)
        {
            device.NonceCount = 0; // a phone that does not count: challenged stale at each refresh, and well again
            Assert.Equal(200, device.Register(Phone).Status);
        }

        Assert.Equal([RegistrationOutcome.Registered], OutcomesOfAlice());
    }

    [Fact]
    public void NotOwnAor_IsKeptForTheUserOfTheDigest()
    {
        _harness.AddCredential(_realm, "bob", "pass");
        var device = NewDevice();
        device.AorUser = "bob";
        Assert.Equal(403, device.Register(Phone).Status);
        ShouldBe(RegistrationOutcome.NotOwnAor);
    }

    [Theory]
    [InlineData("<sip:alice@192.0.2.10>;expires=30", RegistrationOutcome.IntervalTooBrief)]
    [InlineData("<sip:alice@192.0.2.10>;q=7", RegistrationOutcome.BadContact)]
    [InlineData("*", RegistrationOutcome.BadContact)]
    [InlineData("<sip:alice@192.0.2.10:0>", RegistrationOutcome.ForbiddenContact)]
    [InlineData("<sip:a@192.0.2.10>, <sip:b@192.0.2.10>, <sip:c@192.0.2.10>", RegistrationOutcome.TooManyContacts)]
    public void Contact_ThatIsRefused_IsToldWithItsStatus(string contact, RegistrationOutcome outcome)
    {
        var answer = NewDevice().Register(contact);
        Assert.Equal(RegistrationOutcomes.StatusOf(outcome), answer.Status);
        ShouldBe(outcome);
        Assert.Equal(contact, _harness.History.OfCredential(_alice)[0].Contact);
    }

    [Fact]
    public void OutOfOrder_IsToldWithItsStatus()
    {
        var device = NewDevice();
        device.Register(Phone);
        device.CSeq = 0;
        Assert.Equal(500, device.SendOnce($"Contact: {Phone}\r\n").Status);
        Assert.Equal([RegistrationOutcome.OutOfOrder, RegistrationOutcome.Registered], OutcomesOfAlice());
    }

    [Fact]
    public void Texts_AreCut_AndQuotedPairsDecoded()
    {
        var name = "a\\\"b" + new string('c', 200);
        var device = new ScriptedDevice(_harness, _realm, name, "secret") { AorUser = "alice" };
        device.Register($"<sip:{new string('d', 500)}@192.0.2.10>", 600, $"User-Agent: {new string('e', 500)}\r\n");
        var attempt = Assert.Single(_harness.History.OfUnknownUsers(_realmId));
        Assert.StartsWith("a\"bccc", attempt.UserName, StringComparison.Ordinal);
        Assert.InRange(attempt.UserName.Length, RegistrationAttempt.MaxUserName - 1, RegistrationAttempt.MaxUserName);
        Assert.Equal(RegistrationAttempt.MaxUserAgent, attempt.UserAgent.Length);
        Assert.Equal(RegistrationAttempt.MaxContact, attempt.Contact.Length);
    }

    private ScriptedDevice NewDevice(string password = "secret") => new(_harness, _realm, "alice", password);

    private IEnumerable<RegistrationOutcome> OutcomesOfAlice() => _harness.History.OfCredential(_alice).Select(attempt => attempt.Outcome);

    private void ShouldBe(RegistrationOutcome outcome) => ShouldBe(outcome, _alice, "alice");

    /// <summary>One entry there is, of this credential.</summary>
    private void ShouldBe(RegistrationOutcome outcome, long credential, string userName)
    {
        var attempt = Assert.Single(_harness.History.OfRealm(_realmId));
        Assert.Equal((outcome, credential, userName), (attempt.Outcome, attempt.CredentialId, attempt.UserName));
        Assert.Equal(attempt, Assert.Single(_harness.History.OfCredential(credential)));
    }

    /// <summary>Sends what a registered phone sends next, altered. Returns the status, with nothing of what went before in the history.</summary>
    private int SendAltered(Func<string, string> alter)
    {
        var device = NewDevice();
        device.Nonce = device.SendOnce("").Challenge("nonce");
        return _harness.Send(alter(device.Build($"Contact: {Phone}\r\n")))!.Status;
    }
}
