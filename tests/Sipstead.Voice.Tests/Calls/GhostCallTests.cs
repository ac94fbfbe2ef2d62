using Sipstead.Testing;
using Sipstead.Testing.Sip;
using Sipstead.Voice.Calls;
using Sipstead.Voice.Tests.Harness;

namespace Sipstead.Voice.Tests.Calls;

/// <summary>Calls that nobody ends, and far ends that ask us for credentials (docs/security.md).</summary>
public sealed class GhostCallTests : VoiceTest
{
    private const string Rings = "<Response><Ring answerCall=\"false\" duration=\"86400\"/></Response>";
    private ScriptedPhone _alice = null!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _alice = Voice.AddPhone();
    }

    private string Number => $"sip:+12025550111@{Voice.Realm}";

    [Fact]
    public async Task S_59_CallWithoutAck_EndsByItself()
    {
        Voice.Catcher.AnswerBxml("/initiate", Waiting);
        var placed = _alice.Call(Number);
        await placed.ExpectAsync(200);
        Voice.Advance(33);
        Assert.Equal("error", (await Voice.ExpectAsync("disconnect"))["cause"]);
        await AllIsFreeAsync();
    }

    [Fact]
    public async Task S_59_CallThatIsNeitherAnsweredNorCancelled_EndsWithTheTimeThatTheCallerGave()
    {
        Voice.Catcher.AnswerBxml("/initiate", Rings);
        var placed = _alice.Call(Number, "Expires: 120\r\n");
        await placed.ExpectAsync(180);
        Voice.Advance(121);
        await placed.ExpectAsync(487);
        Assert.Equal("cancel", (await Voice.ExpectAsync("disconnect"))["cause"]);
        await AllIsFreeAsync();
    }

    [Fact]
    public async Task S_59_CallWithoutBye_OfADeviceThatIsGone_EndsWhenItAnswersNothing()
    {
        Voice.Catcher.AnswerBxml("/initiate", Waiting);
        var placed = _alice.Call(Number);
        await placed.ConfirmAsync();
        var call = await Voice.InboundAsync();
        await VoiceHarness.UntilAsync(call, CallPhase.Answered);
        Voice.Advance(901); // half of the session interval: it knows no session timer, so it is asked
        await _alice.ExpectAsync("OPTIONS");
        Voice.Advance(33);
        Assert.Equal("error", (await VoiceHarness.EndOfAsync(call)).DisconnectCause);
        await AllIsFreeAsync();
    }

    [Fact]
    public async Task S_59_CalledDeviceThatIsSilent_EndsByItself()
    {
        _alice.IsDumb = true;
        var call = Voice.Create();
        await _alice.ExpectAsync("INVITE");
        Voice.Advance(31);
        Assert.Equal("timeout", (await VoiceHarness.EndOfAsync(call)).DisconnectCause);
        await AllIsFreeAsync();
    }

    [Fact]
    public async Task S_59_CallThatCameByOneOfOurs_IsALoop()
    {
        Voice.Create();
        var ours = await _alice.ExpectAsync("INVITE");
        var looped = _alice.Call(Number, $"Via: {ours.One("Via")}\r\n");
        Assert.Equal(482, looped.Refusal?.Status);
        Assert.DoesNotContain(Voice.Registry.Live(), call => call is InboundCall);
    }

    [Fact]
    public async Task S_51_WhatBelongsToNoCall_AndHasNoCredentials_MakesNone()
    {
        var (call, invite) = await Voice.EstablishAsync(_alice, Waiting);
        var ghost = Voice.NewPhone("ghost");
        foreach (var method in new[] { "BYE", "INFO", "UPDATE", "PRACK", "INVITE" })
        {
            // All of a call that there is, but its tag, which nobody can guess.
            var request = new RequestText
            {
                Method = method, Uri = "sip:127.0.0.1:5060", Via = ghost.NextVia(), From = $"<sip:alice@{Voice.Realm}>;tag=guess",
                To = $"{invite.One("From").Split(";tag=")[0]};tag=0123456789abcdef", CallId = invite.One("Call-ID"), CSeq = $"9 {method}",
                Headers = "Contact: <sip:ghost@192.0.2.66>\r\n",
            };
            Assert.Equal(481, Voice.Deliver(request.ToString(), ghost.Flow)?.Status);
        }

        Assert.Equal(407, ghost.Call(Number).Refusal?.Status);
        Assert.Equal([call], Voice.Registry.Live());
        Assert.Equal(CallPhase.Answered, call.State.Phase);
    }

    [Theory]
    [InlineData(401, "WWW-Authenticate")]
    [InlineData(407, "Proxy-Authenticate")]
    public async Task S_07_ChallengeOfACalledDevice_IsNotMet(int status, string header)
    {
        var call = Voice.Create();
        var invite = await _alice.ExpectAsync("INVITE");
        _alice.Answer(invite, status, $"{header}: Digest realm=\"trunk.example\", nonce=\"n\", algorithm=MD5\r\n");
        await _alice.ExpectAsync("ACK");
        Assert.Equal("rejected", (await VoiceHarness.EndOfAsync(call)).DisconnectCause);
        AssertNoCredentials();
        await AllIsFreeAsync();
    }

    [Fact]
    public async Task S_07_ChallengeWithinACall_IsNotMet()
    {
        _alice.IsDumb = true;
        var (call, _) = await Voice.EstablishAsync(_alice, Waiting);
        await call.CompleteAsync();
        var bye = await _alice.ExpectAsync("BYE");
        _alice.Answer(bye, 407, $"Proxy-Authenticate: Digest realm=\"{Voice.Realm}\", nonce=\"n\", algorithm=MD5\r\n");
        await AllIsFreeAsync();
        AssertNoCredentials();
        Assert.Single(_alice.Kinds, "BYE");
    }

    [Fact]
    public async Task S_08_NewNonceEachTime_GetsNoSecondTry()
    {
        for (var i = 0; i < 3; i++)
        {
            var call = Voice.Create();
            var invite = await _alice.ExpectAsync("INVITE");
            _alice.Answer(invite, 407, $"Proxy-Authenticate: Digest realm=\"trunk.example\", nonce=\"{i}\", stale=true, algorithm=MD5\r\n");
            Assert.Equal("rejected", (await VoiceHarness.EndOfAsync(call)).DisconnectCause);
        }

        await AllIsFreeAsync();
        Assert.Equal(3, _alice.Kinds.Count(kind => kind == "INVITE")); // one for each call
    }

    private void AssertNoCredentials() =>
        Assert.DoesNotContain(_alice.Got, message => message.Has("Authorization") || message.Has("Proxy-Authorization"));

    /// <summary>Ports, dialogs and places are back.</summary>
    private async Task AllIsFreeAsync()
    {
        await Voice.UntilNoMediaAsync();
        await Poll.UntilAsync("no dialog", () => Task.FromResult(Voice.Sessions.DialogCount == 0), Cancel);
        Assert.Equal(0, Voice.Traffic.LiveOf(VoiceHarness.Account.ToString(System.Globalization.CultureInfo.InvariantCulture)));
    }
}
