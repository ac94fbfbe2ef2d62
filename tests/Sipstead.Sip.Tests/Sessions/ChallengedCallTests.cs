using System.Security.Cryptography;
using System.Text;
using Sipstead.Sip.Digest;
using Sipstead.Sip.Sessions;
using Sipstead.Testing.Sip;
using Xunit;

namespace Sipstead.Sip.Tests.Sessions;

/// <summary>AUTH-21: challenges of the far end of a trunk, to the INVITE of a call and to what follows in its dialog.</summary>
public sealed class ChallengedCallTests : IDisposable
{
    private const string User = "acme";
    private const string Password = "carrier horse battery";
    private const string Realm = "carrier.example";
    private const string Contact = "Contact: <sip:alice@192.0.2.10:40000>\r\n";

    private readonly SessionHarness _harness = new();

    public void Dispose() => _harness.Dispose();

    public static TheoryData<int, string, string, string> Challenges => new()
    {
        { 407, "", "", "" },
        { 401, ", algorithm=MD5", "", "" },
        { 407, ", algorithm=md5", ", qop=\"auth\"", "auth" },
        { 407, ", algorithm=MD5-sess", ", qop=\"auth\"", "auth" },
        { 401, ", algorithm=SHA-256", ", qop=\"auth-int,auth\"", "auth" },
        { 407, ", algorithm=SHA-256-sess", ", qop=\"auth, auth-int\"", "auth" },
        { 407, ", algorithm=MD5", ", qop=\"auth-int\"", "auth-int" },
        { 401, ", algorithm=SHA-256", "", "" },
    };

    [Theory]
    [MemberData(nameof(Challenges))]
    public void AUTH_21_ChallengedInvite_IsSentAgain_WithCredentials(int status, string algorithm, string qop, string chosen)
    {
        var first = Call();
        Challenge(first, "n1", algorithm + qop + ", opaque=\"o\\\"1\", domain=\"sip:x\"", status);

        var second = _harness.Flows.Last("INVITE");
        Assert.Equal(2, _harness.Flows.Count("INVITE"));
        Assert.Equal((first.One("Call-ID"), first.FromTag, first.One("To"), first.Uri, first.Body), (second.One("Call-ID"), second.FromTag, second.One("To"), second.Uri, second.Body));
        Assert.Equal(("1 INVITE", "2 INVITE"), (first.One("CSeq"), second.One("CSeq")));
        Assert.NotEqual(first.Branch, second.Branch);
        var ack = _harness.Flows.Last("ACK");
        Assert.Equal((first.Branch, "1 ACK"), (ack.Branch, ack.One("CSeq")));
        var header = status == 407 ? "Proxy-Authorization" : "Authorization";
        Assert.False(second.Has(status == 407 ? "Authorization" : "Proxy-Authorization"));
        var credentials = Parts(second.One(header));
        Assert.Equal((User, Realm, "n1", first.Uri, "o\\\"1"), (credentials["username"], credentials["realm"], credentials["nonce"], credentials["uri"], credentials["opaque"]));
        Assert.Equal(chosen, credentials.GetValueOrDefault("qop", ""));
        Assert.Equal(chosen == "" ? null : "00000001", credentials.GetValueOrDefault("nc"));
        Assert.Equal(algorithm.Length > 0, credentials.ContainsKey("algorithm"));
        Assert.Equal(Expected(credentials, second), credentials["response"]);
        Assert.DoesNotContain(Password, second.Text, StringComparison.Ordinal);

        _harness.Receive(second.Answer(200, "callee", Contact, "answer"));
        ack = _harness.Flows.Last("ACK");
        Assert.Equal(("2 ACK", second.One(header)), (ack.One("CSeq"), ack.One(header))); // RFC 3261 13.2.2.4
        Assert.Equal(["answered: answer"], _harness.Log.Events);
    }

    [Theory]
    [InlineData("")]
    [InlineData(", stale=false")]
    public void AUTH_21_SecondChallenge_EndsTheCall(string stale)
    {
        Challenge(Call(), "n1");
        Challenge(_harness.Flows.Last("INVITE"), "n2", stale);
        Assert.Equal(2, _harness.Flows.Count("INVITE"));
        Assert.Equal(["failed 407 Reason 407"], _harness.Log.Events);
    }

    [Fact]
    public void AUTH_21_NonceThatIsStale_IsReplacedOnce_AndNoFurtherOne()
    {
        Challenge(Call(), "n1", ", qop=\"auth\"");
        for (var i = 2; i < 6; i++) Challenge(_harness.Flows.Last("INVITE"), $"n{i}", ", qop=\"auth\", stale=TRUE");
        Assert.Equal(3, _harness.Flows.Count("INVITE"));
        var last = Parts(_harness.Flows.Last("INVITE").One("Proxy-Authorization"));
        Assert.Equal(("n2", "00000001"), (last["nonce"], last["nc"]));
        Assert.Equal(["failed 407 Reason 407"], _harness.Log.Events);
        _harness.Advance(40);
        Assert.Equal((0, 0), (_harness.Transactions.Count, _harness.Sessions.DialogCount));
    }

    [Fact]
    public void AUTH_07_FirstChallengeThatCanBeMet_IsMet()
    {
        var invite = Call();
        _harness.Receive(invite.Answer(
            401, headers: $"WWW-Authenticate: Basic realm=\"x\"\r\nWWW-Authenticate: Digest realm=\"{Realm}\", nonce=\"0\", algorithm=SHA3, qop=\"auth\"\r\n"
            + $"WWW-Authenticate: Digest realm=\"{Realm}\", nonce=\"1\", algorithm=SHA-256, qop=\"auth\"\r\n"
            + $"WWW-Authenticate: Digest realm=\"{Realm}\", nonce=\"2\", algorithm=MD5\r\n"));
        var credentials = Parts(_harness.Flows.Last("INVITE").One("Authorization"));
        Assert.Equal(("SHA-256", "1"), (credentials["algorithm"], credentials["nonce"]));
    }

    [Theory]
    [InlineData("Basic realm=\"carrier.example\"")]
    [InlineData("Digest realm=\"carrier.example\"")]
    [InlineData("Digest nonce=\"n\"")]
    [InlineData("Digest realm=\"carrier.example\", nonce=\"n\", nonce=\"m\"")]
    [InlineData("Digest realm=\"carrier.example\", nonce=\"n\", algorithm=SHA-1")]
    [InlineData("Digest realm=\"carrier.example\", nonce=\"n\", qop=\"token\"")]
    [InlineData("Digest realm=\"carrier.example\", nonce=\"n\", algorithm=MD5-sess")]
    [InlineData("Digest realm=\"carrier.example\" nonce=\"n\"")]
    [InlineData("Digest realm=\"carrier.example, nonce=\"n\"")]
    public void AUTH_21_ChallengeThatCannotBeMet_EndsTheCall(string challenge)
    {
        _harness.Receive(Call().Answer(407, headers: $"Proxy-Authenticate: {challenge}\r\n"));
        Assert.Equal(1, _harness.Flows.Count("INVITE"));
        Assert.Equal(["failed 407 Reason 407"], _harness.Log.Events);
    }

    [Fact]
    public void AUTH_21_ChallengeOfThousandsOfOctets_IsNotMet()
    {
        Challenge(Call(), new string('n', 1025));
        Assert.Equal(1, _harness.Flows.Count("INVITE"));
    }

    [Fact]
    public void AUTH_21_SessionIntervalThatIsTooSmall_AfterAChallenge_IsMetWithTheNextNonceCount()
    {
        _harness.Dispose();
        using var harness = new SessionHarness(options: new SipSessionOptions { SessionExpires = 90 });
        harness.Call(invite: Invite());
        harness.Receive(harness.Flows.Last("INVITE").Answer(407, headers: Header("n1", ", qop=\"auth\"")));
        harness.Receive(harness.Flows.Last("INVITE").Answer(422, headers: "Min-SE: 200\r\n"));
        var last = harness.Flows.Last("INVITE");
        Assert.Equal(("3 INVITE", "200"), (last.One("CSeq"), last.One("Session-Expires").Split(';')[0]));
        Assert.Equal("00000002", Parts(last.One("Proxy-Authorization"))["nc"]);
    }

    [Fact]
    public void AUTH_21_CallThatIsGivenUp_IsNotSentAgain()
    {
        var session = _harness.Call(invite: Invite());
        var invite = _harness.Flows.Last("INVITE");
        _harness.Receive(invite.Answer(100));
        session.Cancel();
        Challenge(invite, "n1");
        Assert.Equal(1, _harness.Flows.Count("INVITE"));
    }

    [Theory]
    [InlineData("BYE")]
    [InlineData("INFO")]
    [InlineData("INVITE")]
    public void AUTH_21_ChallengeWithinTheCall_IsMetOnce(string method)
    {
        var session = Establish();
        Send(session, method);
        var first = _harness.Flows.Last(method);
        Challenge(first, "n1", ", qop=\"auth\""); // the nonce of the INVITE
        var second = _harness.Flows.Last(method);
        var credentials = Parts(second.One("Proxy-Authorization"));
        Assert.Equal(("n1", "00000002"), (credentials["nonce"], credentials["nc"]));
        Assert.Equal(Expected(credentials, second), credentials["response"]);
        Assert.Equal(Number(first) + 1, Number(second));
        Assert.Equal((first.One("To"), first.One("From"), first.Body), (second.One("To"), second.One("From"), second.Body));

        Challenge(second, "n2");
        Assert.Equal(Number(second), Number(_harness.Flows.Last(method)));
        if (method == "BYE") Assert.Contains("ended Bye", _harness.Log.Events);
    }

    [Fact]
    public void AUTH_21_ReInviteThatIsTakenWithCredentials_IsAcknowledgedWithThem()
    {
        var session = Establish();
        Send(session, "INVITE");
        Challenge(_harness.Flows.Last("INVITE"), "n7");
        var second = _harness.Flows.Last("INVITE");
        _harness.Receive(second.Answer(200, headers: Contact, body: "other"));
        Assert.Equal(second.One("Proxy-Authorization"), _harness.Flows.Last("ACK").One("Proxy-Authorization"));
    }

    [Fact]
    public void AUTH_21_ChallengedPrack_IsSentAgainForTheSameResponse()
    {
        Challenge(Call(), "n1");
        _harness.Receive(_harness.Flows.Last("INVITE").Answer(183, "callee", $"{Contact}Require: 100rel\r\nRSeq: 5\r\n", "early"));
        var first = _harness.Flows.Last("PRACK");
        Challenge(first, "n3");
        var second = _harness.Flows.Last("PRACK");
        Assert.Equal((first.One("RAck"), Number(first) + 1), (second.One("RAck"), Number(second)));
        Assert.Equal("n3", Parts(second.One("Proxy-Authorization"))["nonce"]);
    }

    [Fact]
    public void S_07_ChallengeWithinTheCall_OfAnotherRealm_IsNotMet()
    {
        var session = Establish();
        Send(session, "INFO");
        _harness.Receive(_harness.Flows.Last("INFO").Answer(407, headers: "Proxy-Authenticate: Digest realm=\"callee.example\", nonce=\"n\"\r\n"));
        Assert.Equal(1, _harness.Flows.Count("INFO"));
    }

    [Fact]
    public void S_07_ChallengeWithinACallWhoseInviteWasNotChallenged_IsNotMet()
    {
        var session = _harness.Call(invite: Invite());
        _harness.Receive(_harness.Flows.Last("INVITE").Answer(200, "callee", Contact, "answer"));
        session.Bye();
        Challenge(_harness.Flows.Last("BYE"), "n");
        Assert.Equal(1, _harness.Flows.Count("BYE"));
        Assert.Contains("ended Bye", _harness.Log.Events);
    }

    [Fact]
    public void S_07_ChallengeFromAnotherAddress_IsNotMet()
    {
        var session = Establish();
        Send(session, "INFO");
        _harness.Receive(_harness.Flows.Last("INFO").Answer(407, headers: Header("n1")), SessionHarness.Flow("198.51.100.9:40000"));
        Assert.Equal(1, _harness.Flows.Count("INFO"));
    }

    [Fact]
    public void AUTH_21_PasswordGoesWithTheCall()
    {
        var login = CallAndEnd();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        Assert.False(login.TryGetTarget(out _));
    }

    [Fact]
    public void Login_HasNoTextThatTellsThePassword() =>
        Assert.DoesNotContain(Password, Invite().ToString(), StringComparison.Ordinal);

    private static OutboundInvite Invite() => SessionHarness.Invite() with { Login = new DigestLogin(User, Password) };

    private static string Header(string nonce, string more = "", int status = 407) =>
        $"{(status == 407 ? "Proxy" : "WWW")}-Authenticate: Digest realm=\"{Realm}\", nonce=\"{nonce}\"{more}\r\n";

    private static int Number(MessageText message) => int.Parse(message.One("CSeq").Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture);

    private static void Send(OutboundSession session, string method)
    {
        if (method == "BYE") session.Bye();
        else if (method == "INFO") session.Info("application/dtmf", "5"u8.ToArray());
        else session.Offer("offer 2"u8.ToArray());
    }

    private MessageText Call()
    {
        _harness.Call(invite: Invite());
        return _harness.Flows.Last("INVITE");
    }

    private void Challenge(MessageText request, string nonce, string more = "", int status = 407) =>
        _harness.Receive(request.Answer(status, request.ToTag == "" ? "proxy" : "", Header(nonce, more, status)));

    /// <summary>A call that was challenged, and answered.</summary>
    private OutboundSession Establish()
    {
        var session = _harness.Call(invite: Invite());
        Challenge(_harness.Flows.Last("INVITE"), "n1", ", qop=\"auth\"");
        _harness.Receive(_harness.Flows.Last("INVITE").Answer(200, "callee", Contact, "answer"));
        return session;
    }

    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
    private WeakReference<DigestLogin> CallAndEnd()
    {
        var login = new DigestLogin(User, Password);
        var session = _harness.Call(invite: SessionHarness.Invite() with { Login = login });
        Challenge(_harness.Flows.Last("INVITE"), "n1");
        _harness.Receive(_harness.Flows.Last("INVITE").Answer(200, "callee", Contact, "answer"));
        session.Bye();
        _harness.Receive(_harness.Flows.Last("BYE").Answer(200));
        _harness.Advance(40);
        return new WeakReference<DigestLogin>(login);
    }

    private static Dictionary<string, string> Parts(string credentials) => credentials["Digest ".Length..].Split(", ")
        .Select(part => part.Split('=', 2)).ToDictionary(part => part[0], part => part[1].StartsWith('"') ? part[1][1..^1] : part[1]);

    /// <summary>The response, computed by other means (RFC 7616 3.4.1).</summary>
    private static string Expected(Dictionary<string, string> parts, MessageText request)
    {
        var algorithm = parts.GetValueOrDefault("algorithm", "MD5").ToUpperInvariant();
        string Hash(string text) => Convert.ToHexStringLower(
            algorithm.StartsWith("MD5", StringComparison.Ordinal) ? MD5.HashData(Encoding.UTF8.GetBytes(text)) : SHA256.HashData(Encoding.UTF8.GetBytes(text)));
        var secret = Hash($"{User}:{Realm}:{Password}");
        if (algorithm.EndsWith("-SESS", StringComparison.Ordinal)) secret = Hash($"{secret}:{parts["nonce"]}:{parts["cnonce"]}");
        var qop = parts.GetValueOrDefault("qop", "");
        var what = Hash($"{request.Method}:{request.Uri}{(qop == "auth-int" ? $":{Hash(request.Body)}" : "")}");
        return Hash(qop == "" ? $"{secret}:{parts["nonce"]}:{what}" : $"{secret}:{parts["nonce"]}:{parts["nc"]}:{parts["cnonce"]}:{qop}:{what}");
    }
}
