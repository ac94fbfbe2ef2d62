using Sipstead.Voice.Calls;
using Sipstead.Voice.Tests.Harness;

namespace Sipstead.Voice.Tests.Trunks;

/// <summary>Calls that the API makes over trunks (ruling 27, docs/calls.md Trunks).</summary>
public sealed class TrunkCallTests : TrunkTest
{
    private const string Challenge = "Proxy-Authenticate: Digest realm=\"carrier.example\", nonce=\"n1\", algorithm=MD5, qop=\"auth\"\r\n";

    private ScriptedPhone _first = null!;
    private ScriptedPhone _second = null!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _first = Voice.NewPhone("first");
        _second = Voice.NewPhone("second");
        Voice.Catcher.AnswerBxml("/answer", Waiting);
    }

    [Fact]
    public async Task Number_IsCalledOverTheTrunk()
    {
        SetTrunk(_first);
        var call = Voice.Create(Voice.Wish(Number) with { DisplayName = "Office" });
        var invite = await _first.ExpectAsync("INVITE");
        Assert.Equal($"sip:{Number}@{_first.Address}", invite.Uri);
        Assert.Equal($"<sip:{Number}@{_first.Address}>", invite.One("To"));
        Assert.StartsWith("\"Office\" <sip:+12025550100@127.0.0.1>;tag=", invite.One("From"), StringComparison.Ordinal);
        Assert.Equal("\"Office\" <sip:+12025550100@127.0.0.1>", invite.One("P-Asserted-Identity"));
        foreach (var absent in (string[])["Privacy", "History-Info", "Authorization", "Proxy-Authorization", "Route"]) Assert.False(invite.Has(absent));

        await _first.AcceptAsync(invite);
        var answer = await Voice.ExpectAsync("answer");
        Assert.Equal((Number, VoiceHarness.From, "outbound"), (answer["to"], answer["from"], answer["direction"]));
        var leg = Assert.Single(call.Legs.All);
        Assert.Equal(("carrier 7", 200, _first.Address), (leg.Trunk, leg.Status, leg.Peer));
        Assert.Equal(1, Voice.Meters["sipstead.voice.trunk.calls 7"]);
        var trace = Voice.Directory.Find(VoiceHarness.Account, call.Id)!.Trace;
        Assert.True(trace.Count >= 3); // INVITE, 200, ACK
        await call.CompleteAsync();
        await _first.ExpectAsync("BYE");
    }

    [Fact]
    public async Task HiddenCaller_IsToldToTheTrunkAlone()
    {
        SetTrunk(_first);
        Voice.Create(Voice.Wish(Number) with { Privacy = true, DisplayName = "Restricted" });
        var invite = await _first.ExpectAsync("INVITE");
        Assert.StartsWith("\"Restricted\" <sip:anonymous@anonymous.invalid>;tag=", invite.One("From"), StringComparison.Ordinal);
        Assert.Equal(("id", "<sip:+12025550100@127.0.0.1>"), (invite.One("Privacy"), invite.One("P-Asserted-Identity")));
    }

    [Theory]
    [InlineData(408)]
    [InlineData(500)]
    [InlineData(502)]
    [InlineData(503)]
    [InlineData(504)]
    public async Task RouteThatFails_IsFollowedByTheNextTrunk(int status)
    {
        SetTrunk(_first, priority: 1);
        SetTrunk(_second, 8, priority: 2);
        var call = Voice.Create(Voice.Wish(Number));
        var invite = await _first.ExpectAsync("INVITE");
        _first.Answer(invite, status);
        var next = await _second.ExpectAsync("INVITE");
        Assert.NotEqual(invite.One("Call-ID"), next.One("Call-ID"));
        await _second.AcceptAsync(next);
        await VoiceHarness.UntilAsync(call, CallPhase.Answered);
        Assert.Equal([("carrier 7", status), ("carrier 8", 200)], call.Legs.All.Select(leg => (leg.Trunk!, leg.Status!.Value)));
        Assert.Equal((1, 0), (Voice.Meters["sipstead.voice.trunk.failures 7"], Voice.Meters["sipstead.voice.trunk.failures 8"]));
    }

    [Theory]
    [InlineData(403, "rejected")]
    [InlineData(404, "error")]
    [InlineData(480, "timeout")]
    [InlineData(486, "busy")]
    [InlineData(488, "rejected")]
    [InlineData(501, "error")]
    [InlineData(600, "busy")]
    [InlineData(603, "rejected")]
    public async Task WordOfTheCallee_IsFinal(int status, string cause)
    {
        SetTrunk(_first, priority: 1);
        SetTrunk(_second, 8, priority: 2);
        var call = Voice.Create(Voice.Wish(Number));
        _first.Answer(await _first.ExpectAsync("INVITE"), status);
        Assert.Equal(cause, (await VoiceHarness.EndOfAsync(call)).DisconnectCause);
        Assert.Equal(status.ToString(System.Globalization.CultureInfo.InvariantCulture), (await Voice.ExpectAsync("disconnect"))["sipResponseCode"]);
        Assert.Empty(_second.Got);
        await Voice.UntilNoMediaAsync();
    }

    [Fact]
    public async Task TrunkThatIsSilent_IsGivenUpAfterFourSeconds_ForTheNext()
    {
        SetTrunk(_first, priority: 1);
        SetTrunk(_second, 8, priority: 2);
        var call = Voice.Create(Voice.Wish(Number));
        await _first.ExpectAsync("INVITE");
        await VoiceHarness.SettleAsync(call);
        Voice.Advance(4);
        await _second.AcceptAsync(await _second.ExpectAsync("INVITE"));
        await VoiceHarness.UntilAsync(call, CallPhase.Answered);
    }

    [Fact]
    public async Task TrunkThatCannotBeReached_IsFollowedByTheNext()
    {
        _first.RefusesToTake = true;
        Voice.View.SetTrunk(Entry(6, VoiceHarness.Account, "nowhere.example", null, priority: 0));
        SetTrunk(_first, priority: 1);
        SetTrunk(_second, 8, priority: 2);
        var call = Voice.Create(Voice.Wish(Number));
        await _second.AcceptAsync(await _second.ExpectAsync("INVITE"));
        await VoiceHarness.UntilAsync(call, CallPhase.Answered);
        Assert.Equal(1, Voice.Meters["sipstead.voice.trunk.failures 6"]);
    }

    [Fact]
    public async Task NoTrunkThatCanBeReached_EndsTheCall_AndNamesThem()
    {
        Voice.View.SetTrunk(Entry(6, VoiceHarness.Account, "nowhere.example", null, name: "one", priority: 0));
        Voice.View.SetTrunk(Entry(7, VoiceHarness.Account, "10.0.0.7", null, name: "two"));
        var end = await VoiceHarness.EndOfAsync(Voice.Create(Voice.Wish(Number)));
        Assert.Equal("error", end.DisconnectCause);
        Assert.Equal(
            "Trunk one: nowhere.example has no address that can be reached; "
            + "Trunk two: 10.0.0.7 leads to an address that is not allowed (Sipstead:Voice:AllowedNetworks)", end.ErrorMessage);
    }

    [Fact]
    public async Task AllTrunksThatFail_EndTheCallWithTheLastAnswer()
    {
        SetTrunk(_first, priority: 1);
        SetTrunk(_second, 8, priority: 2);
        var call = Voice.Create(Voice.Wish(Number));
        _first.Answer(await _first.ExpectAsync("INVITE"), 503);
        _second.Answer(await _second.ExpectAsync("INVITE"), 500);
        var end = await VoiceHarness.EndOfAsync(call);
        Assert.Equal(("error", "Trunk carrier 8 could not take the call: 500 Reason 500"), (end.DisconnectCause, end.ErrorMessage));
        await Voice.UntilNoMediaAsync();
    }

    [Theory]
    [InlineData(180)]
    [InlineData(183)]
    public async Task CallThatHasRung_GoesToNoOtherTrunk(int progress)
    {
        SetTrunk(_first, priority: 1);
        SetTrunk(_second, 8, priority: 2);
        var call = Voice.Create(Voice.Wish(Number));
        var invite = await _first.ExpectAsync("INVITE");
        _first.Answer(invite, progress);
        _first.Answer(invite, 503);
        Assert.Equal("error", (await VoiceHarness.EndOfAsync(call)).DisconnectCause);
        Assert.Empty(_second.Got);
    }

    [Fact]
    public async Task CallThatIsGivenUp_BetweenTrunks_RingsNoMore()
    {
        SetTrunk(_first, priority: 1);
        SetTrunk(_second, 8, priority: 2);
        var call = Voice.Create(Voice.Wish(Number));
        var invite = await _first.ExpectAsync("INVITE");
        _first.Answer(invite, 100);
        await call.CompleteAsync();
        await _first.ExpectAsync("CANCEL");
        await VoiceHarness.EndOfAsync(call);
        Assert.Empty(_second.Got);
        await Voice.UntilNoMediaAsync();
    }

    [Fact]
    public async Task WithoutATrunk_ANumberIsRejected()
    {
        SetTrunk(_first, account: VoiceHarness.OtherAccount); // S-10
        var end = await VoiceHarness.EndOfAsync(Voice.Create(Voice.Wish(Number)));
        Assert.Equal(("rejected", $"{Number} is a telephone number, and the account has no trunk that reaches it"), (end.DisconnectCause, end.ErrorMessage));
        Assert.Empty(_first.Got);
    }

    [Fact]
    public async Task S_48_CallerThatTheTrunkDoesNotAllow_CallsNobody()
    {
        SetTrunk(_first, callerIds: []);
        var call = Voice.Create(Voice.Wish(Number));
        var end = await VoiceHarness.EndOfAsync(call);
        Assert.Equal("rejected", end.DisconnectCause);
        Assert.Equal("+12025550100 is no number of the account and no caller id that is allowed on carrier 7", end.ErrorMessage);
        Assert.Empty(_first.Got);
    }

    [Fact]
    public async Task NumberAtARealm_ThatIsNoUser_GoesToTheTrunk()
    {
        SetTrunk(_first);
        var alice = Voice.AddPhone("+17778889999");
        Voice.Create(Voice.Wish($"sip:+17778889999@{Voice.Realm}:5060"));
        await alice.ExpectAsync("INVITE"); // a user
        Voice.Create(Voice.Wish($"sip:+17778880000@{Voice.Realm}:5060"));
        Assert.Equal($"sip:+17778880000@{_first.Address}", (await _first.ExpectAsync("INVITE")).Uri);
        Assert.Equal("error", (await VoiceHarness.EndOfAsync(Voice.Create(Voice.Wish($"sip:bob@{Voice.Realm}")))).DisconnectCause);
    }

    [Fact]
    public async Task UriAtTheHostOfATrunk_GoesOverIt_WithItsLogin()
    {
        SetTrunk(_first, hasLogin: true);
        Voice.Create(Voice.Wish($"sip:operator@{_first.Address};x=y"));
        var invite = await _first.ExpectAsync("INVITE");
        Assert.Equal($"sip:operator@{_first.Address}", invite.Uri);
        _first.Answer(invite, 407, Challenge);
        Assert.True((await _first.ExpectAsync("INVITE")).Has("Proxy-Authorization"));
    }

    [Fact]
    public async Task AUTH_21_TrunkThatAsks_GetsItsLogin_AlsoForTheBye()
    {
        SetTrunk(_first, hasLogin: true);
        _first.IsDumb = true;
        var call = Voice.Create(Voice.Wish(Number));
        var invite = await _first.ExpectAsync("INVITE");
        _first.Answer(invite, 407, Challenge);
        var second = await _first.ExpectAsync("INVITE");
        Assert.Contains($"username=\"{UserName}\", realm=\"carrier.example\", nonce=\"n1\"", second.One("Proxy-Authorization"), StringComparison.Ordinal);
        await _first.ExpectAsync("ACK");
        await _first.AcceptAsync(second);
        await VoiceHarness.UntilAsync(call, CallPhase.Answered);
        await call.CompleteAsync();
        _first.Answer(await _first.ExpectAsync("BYE"), 407, Challenge);
        var bye = await _first.ExpectAsync("BYE");
        Assert.Contains("nc=00000002", bye.One("Proxy-Authorization"), StringComparison.Ordinal);
        _first.Answer(bye, 200);

        var leg = Assert.Single(call.Legs.All);
        Assert.Equal(200, leg.Status);
        var trace = string.Concat(Voice.Directory.Find(VoiceHarness.Account, call.Id)!.Trace.Select(message => System.Text.Encoding.UTF8.GetString(message.Octets.Span)));
        Assert.Contains("username=\"acme\"", trace, StringComparison.Ordinal);
        var response = second.One("Proxy-Authorization").Split("response=\"")[1][..32];
        Assert.DoesNotContain(response, trace, StringComparison.Ordinal);
        Assert.DoesNotContain(Password, trace, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, "Trunk carrier 7 does not accept its user name and password (407)", 2)]
    [InlineData(false, "Trunk carrier 7 asks for a user name and password: enter them (407)", 1)]
    public async Task AUTH_21_LoginThatIsNotAccepted_EndsTheCall_AndSaysSo(bool hasLogin, string message, int invites)
    {
        SetTrunk(_first, priority: 1, hasLogin: hasLogin);
        SetTrunk(_second, 8, priority: 2);
        var call = Voice.Create(Voice.Wish(Number));
        for (var i = 0; i < invites; i++) _first.Answer(await _first.ExpectAsync("INVITE"), 407, Challenge);
        var end = await VoiceHarness.EndOfAsync(call);
        Assert.Equal(("error", message), (end.DisconnectCause, end.ErrorMessage));
        Assert.Empty(_second.Got);
        Assert.Equal(1, Voice.Meters["sipstead.voice.trunk.failures 7"]);
    }

    [Fact]
    public async Task S_07_RegisteredDevice_ThatAsksInTheNameOfATrunk_GetsNothing()
    {
        SetTrunk(_first, hasLogin: true);
        var alice = Voice.AddPhone();
        var call = Voice.Create();
        alice.Answer(await alice.ExpectAsync("INVITE"), 407, Challenge);
        Assert.Equal("rejected", (await VoiceHarness.EndOfAsync(call)).DisconnectCause);
        Assert.Single(alice.Kinds, "INVITE");
    }

    [Fact]
    public async Task PRX_09_AckAndBye_GoByTheRouteThatTheTrunkRecorded()
    {
        SetTrunk(_first);
        var call = Voice.Create(Voice.Wish(Number));
        var route = $"<sip:{_second.Address};lr>";
        _first.Answer(await _first.ExpectAsync("INVITE"), 200, $"Record-Route: {route}\r\n", ScriptedPhone.Sdp());
        Assert.Equal(route, (await _second.ExpectAsync("ACK")).One("Route"));
        await VoiceHarness.UntilAsync(call, CallPhase.Answered);
        await call.CompleteAsync();
        await _second.ExpectAsync("BYE");
    }
}
