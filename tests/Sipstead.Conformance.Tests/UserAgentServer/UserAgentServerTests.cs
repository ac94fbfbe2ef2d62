using Sipstead.Testing.Registrar;
using Xunit;

namespace Sipstead.Conformance.Tests.UserAgentServer;

/// <summary>UAS duties that apply before calls: RFC 3261 8.2 and 11 (conformance.md).</summary>
public sealed class UserAgentServerTests : IDisposable
{
    private const string Allow = "Register, Invite, Ack, Bye, Cancel, Options";
    private readonly RegistrarHarness _harness = new();
    private readonly string _realm;

    public UserAgentServerTests() => _realm = _harness.AddRealm();

    public void Dispose() => _harness.Dispose();

    [Theory]
    [InlineData("FROBNICATE", 501)]
    [InlineData("register", 501)]
    [InlineData("MESSAGE", 405)]
    [InlineData("SUBSCRIBE", 405)]
    [InlineData("PUBLISH", 405)]
    [InlineData("REFER", 405)]
    [InlineData("INFO", 405)]
    [InlineData("UPDATE", 405)]
    [InlineData("NOTIFY", 405)]
    [InlineData("PRACK", 405)]
    public void UAS_01_UnknownMethodGets501_NotAllowedOne405_BothWithAllow(string method, int status)
    {
        var answer = Send(method, $"sip:alice@{_realm}");
        Assert.Equal(status, answer.Status);
        Assert.Equal(Allow.ToUpperInvariant(), answer.One("Allow"));
    }

    [Theory]
    [InlineData("nobodyKnowsThisScheme:totallyopaquecontent")]
    [InlineData("soap.beep://192.0.2.103:3002")]
    [InlineData("tel:+15551234")]
    public void UAS_02_ForeignScheme_Gets416(string uri)
    {
        foreach (var method in new[] { "OPTIONS", "INVITE", "REGISTER" }) Assert.Equal(416, Send(method, uri).Status);
    }

    [Theory]
    [InlineData("OPTIONS")]
    [InlineData("INVITE")]
    [InlineData("REGISTER")]
    public void UAS_02_ForeignDomain_Gets404(string method) => Assert.Equal(404, Send(method, "sip:elsewhere.example.org").Status);

    [Fact]
    public void UAS_02_ToOfAnotherScheme_IsNoReason_ButForRegister()
    {
        const string to = "To: <isbn:2983792873>\r\n";
        Assert.Equal(200, Send("OPTIONS", $"sip:{_realm}", to: to).Status);
        Assert.Equal(400, Send("REGISTER", $"sip:{_realm}", to: to).Status);
    }

    [Fact]
    public void UAS_03_RequireGets420_ProxyRequireIsIgnored_AndCancelIsExempt()
    {
        var answer = Send("OPTIONS", $"sip:{_realm}", "Require: nothingSupportsThis\r\nProxy-Require: norThis\r\nRequire: nothingSupportsThisEither\r\n");
        Assert.Equal(420, answer.Status);
        Assert.Equal("nothingSupportsThis, nothingSupportsThisEither", answer.One("Unsupported"));
        Assert.Equal(200, Send("OPTIONS", $"sip:{_realm}", "Proxy-Require: norThis\r\n").Status);
        Assert.Equal(481, Send("CANCEL", $"sip:{_realm}", "Require: nothingSupportsThis\r\n").Status);
    }

    [Theory]
    [InlineData("Content-Type: application/unknownformat\r\n", 415)]
    [InlineData("Content-Type: application/sdp\r\nContent-Encoding: gzip\r\n", 415)]
    [InlineData("Content-Type: application/unknownformat\r\nContent-Disposition: session;handling=optional\r\n", 407)]
    [InlineData("Content-Type: application/sdp\r\n", 407)]
    [InlineData("Content-Type: multipart/mixed;boundary=x\r\n", 407)]
    public void UAS_04_BodyNotUnderstood_Gets415WithWhatIs(string headers, int status)
    {
        var answer = Send("INVITE", $"sip:alice@{_realm}", headers, body: "v=0");
        Assert.Equal(status, answer.Status);
        if (status == 415) Assert.Equal("application/sdp, multipart/mixed", answer.One("Accept"));
    }

    [Theory]
    [InlineData("", 407)]
    [InlineData("Accept: application/sdp\r\n", 407)]
    [InlineData("Accept: text/plain, application/SDP;level=1\r\n", 407)]
    [InlineData("Accept: application/*\r\n", 407)]
    [InlineData("Accept: */*;q=0.1\r\n", 407)]
    [InlineData("Accept: text/plain\r\n", 406)]
    [InlineData("Accept: application/sdp;q=0.0, text/plain\r\n", 406)]
    [InlineData("Accept: application/dtmf-relay\r\nAccept: text/*\r\n", 406)]
    [InlineData("Accept:\r\n", 406)]
    public void UAS_05_CallerThatTakesNoSdp_Gets406WithWhatIsSpoken(string headers, int status)
    {
        var answer = Send("INVITE", $"sip:alice@{_realm}", headers);
        Assert.Equal(status, answer.Status);
        if (status == 406) Assert.Equal("application/sdp, multipart/mixed", answer.One("Accept"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("Supported:\r\n")]
    [InlineData("Supported: nothingThatIsHere\r\n")]
    public void UAS_06_NoExtensionIsNeededOfAnybody_SoNobodyGets421(string supported)
    {
        Assert.Equal(407, Send("INVITE", $"sip:alice@{_realm}", supported).Status);
        Assert.Equal(401, Send("REGISTER", $"sip:{_realm}", supported).Status);
        Assert.Equal(200, Send("OPTIONS", $"sip:{_realm}", supported).Status);
    }

    [Fact]
    public void UAS_07_AnswerCopiesViasFromCallIdAndCSeq_AndItsToTagIsTheSameForARepeat()
    {
        var vias = "Via: SIP/2.0/UDP b.example.org;branch=z9hG4bKb, SIP/2.0/TCP c.example.org;branch=z9hG4bKc\r\nv: SIP/2.0/UNKNOWN d\r\n";
        var first = Send("OPTIONS", $"sip:{_realm}", vias);
        Assert.Equal(
            ["SIP/2.0/UDP 192.0.2.10:40000;rport=40000;branch=z9hG4bKu1;received=192.0.2.10", "SIP/2.0/UDP b.example.org;branch=z9hG4bKb, SIP/2.0/TCP c.example.org;branch=z9hG4bKc", "SIP/2.0/UNKNOWN d"],
            first.All("Via"));
        Assert.Equal("\"Me\" <sip:me@example.org>;tag=abc", first.One("From"));
        Assert.Equal("uas-call@example.org", first.One("Call-ID"));
        Assert.Equal("7 OPTIONS", first.One("CSeq"));
        Assert.Matches($"^<sip:{_realm}>;tag=[0-9a-f]{{16}}$", first.One("To")!);
        Assert.Equal(first.One("To"), Send("OPTIONS", $"sip:{_realm}", vias).One("To"));
    }

    [Theory]
    [InlineData("From", "400 Missing From Header")]
    [InlineData("To", "400 Missing To Header")]
    [InlineData("Call-ID", "400 Missing Call-ID Header")]
    [InlineData("CSeq", "400 Missing CSeq Header")]
    public void UAS_09_MissingHeader_Gets400ThatNamesIt(string header, string status)
    {
        var lines = Build("OPTIONS", $"sip:{_realm}").Split("\r\n").Where(line => !line.StartsWith(header + ":", StringComparison.Ordinal));
        Assert.Equal($"SIP/2.0 {status}", _harness.Send(string.Join("\r\n", lines))!.StatusLine);
    }

    [Fact]
    public void UAS_09_WithoutVia_NothingCanBeAnswered()
    {
        var lines = Build("OPTIONS", $"sip:{_realm}").Split("\r\n").Where(line => !line.StartsWith("Via:", StringComparison.Ordinal));
        Assert.Null(_harness.Send(string.Join("\r\n", lines)));
    }

    [Theory]
    [InlineData("sip:{0}")]
    [InlineData("sip:nobody@{0}")]
    [InlineData("sip:alice@{0}:5080;transport=tcp")]
    [InlineData("sip:192.0.2.1")]
    public void UAS_10_Options_AnswerForTheServer_TheSameForAnyUser(string uri)
    {
        _harness.AddCredential(_realm, "alice", "secret");
        var answer = Send("OPTIONS", string.Format(System.Globalization.CultureInfo.InvariantCulture, uri, _realm));
        Assert.Equal(200, answer.Status);
        Assert.Equal(Allow.ToUpperInvariant(), answer.One("Allow"));
        Assert.Equal("application/sdp, multipart/mixed", answer.One("Accept"));
        Assert.Equal("identity", answer.One("Accept-Encoding"));
        Assert.Equal("en", answer.One("Accept-Language"));
        Assert.Equal("100rel, timer, path, outbound, gruu", answer.One("Supported"));
    }

    [Fact]
    public void UAS_11_MaxForwardsZero_IsServed() =>
        Assert.Equal(200, _harness.Send(Build("OPTIONS", $"sip:{_realm}").Replace("Max-Forwards: 70", "Max-Forwards: 0", StringComparison.Ordinal))!.Status);

    [Fact]
    public void UAS_12_Answer503_CarriesRetryAfter_SpreadOut()
    {
        _harness.AddCredential(_realm, "alice", "secret");
        var device = new ScriptedDevice(_harness, _realm, "alice", "secret");
        _harness.Journal.IsBroken = true;
        var answers = Enumerable.Range(0, 30).Select(_ => device.Register("<sip:alice@192.0.2.10>")).ToList();
        Assert.All(answers, answer => Assert.Equal(503, answer.Status));
        var seconds = answers.Select(answer => int.Parse(answer.One("Retry-After")!, System.Globalization.CultureInfo.InvariantCulture)).ToList();
        Assert.All(seconds, second => Assert.InRange(second, 3, 8));
        Assert.True(seconds.Distinct().Count() > 1, "the same for all");
    }

    [Theory]
    [InlineData("INVITE", 407)]
    [InlineData("BYE", 481)]
    [InlineData("MESSAGE", 405)]
    [InlineData("SUBSCRIBE", 405)]
    [InlineData("PUBLISH", 405)]
    [InlineData("REFER", 405)]
    [InlineData("INFO", 405)]
    [InlineData("UPDATE", 405)]
    [InlineData("PRACK", 405)]
    [InlineData("NOTIFY", 405)]
    public void UAS_14_NoMethodOutOfDialog_IsOpen(string method, int status) => Assert.Equal(status, Send(method, $"sip:alice@{_realm}").Status);

    private SipResponseText Send(string method, string uri, string headers = "", string? to = null, string body = "") =>
        _harness.Send(Build(method, uri, headers, to, body)) ?? throw new InvalidOperationException("no answer");

    private string Build(string method, string uri, string headers = "", string? to = null, string body = "") =>
        $"{method} {uri} SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.10:40000;rport;branch=z9hG4bKu1\r\n{headers}Max-Forwards: 70\r\n"
        + $"From: \"Me\" <sip:me@example.org>;tag=abc\r\n{to ?? $"To: <sip:{_realm}>\r\n"}Call-ID: uas-call@example.org\r\nCSeq: 7 {method}\r\n"
        + $"Content-Length: {body.Length}\r\n\r\n{body}";
}
