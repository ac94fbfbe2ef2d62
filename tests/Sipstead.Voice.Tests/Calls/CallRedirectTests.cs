using System.Text;
using Sipstead.Testing.Webhooks;
using Sipstead.Voice.Bxml;
using Sipstead.Voice.Calls;
using Sipstead.Voice.Callbacks;
using Sipstead.Voice.Tests.Harness;

namespace Sipstead.Voice.Tests.Calls;

/// <summary>What runs is replaced from outside (voice-api.md 4.4, 4.5).</summary>
public sealed class CallRedirectTests : VoiceTest
{
    private ScriptedPhone _alice = null!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _alice = Voice.AddPhone();
        Voice.Catcher.AnswerBxml("/next", "<Response><Hangup/></Response>");
    }

    [Theory]
    [InlineData("<Response><Pause duration=\"60\"/><Redirect redirectUrl=\"/never\"/></Response>")]
    [InlineData("<Response><SpeakSentence>For ever, as the media clock does not run</SpeakSentence><Redirect redirectUrl=\"/never\"/></Response>")]
    [InlineData("<Response><Gather gatherUrl=\"/never\" firstDigitTimeout=\"60\"/></Response>")]
    [InlineData("<Response><Gather gatherUrl=\"/never\"><SpeakSentence>Press</SpeakSentence></Gather></Response>")]
    [InlineData("<Response><SendDtmf>1234</SendDtmf><Redirect redirectUrl=\"/never\"/></Response>")]
    [InlineData("<Response><Ring duration=\"60\"/><Redirect redirectUrl=\"/never\"/></Response>")]
    public async Task Redirect_WhileAVerbRuns_DropsWhatRuns(string bxml)
    {
        var (call, _) = await Voice.EstablishAsync(_alice, bxml);
        await VoiceHarness.SettleAsync(call);

        Assert.True(await call.RedirectAsync(To("/next")));

        var redirect = await Voice.ExpectAsync("redirect");
        Assert.Equal("/next", redirect.Path);
        Assert.Equal("t1", redirect["tag"]);
        Assert.Equal("hangup", (await Voice.ExpectAsync("disconnect"))["cause"]);
        Assert.DoesNotContain(Voice.Catcher.Requests, request => request.Path == "/never");
    }

    [Fact]
    public async Task Redirect_WhileAWebhookIsAwaited_DropsItsAnswer()
    {
        var released = new TaskCompletionSource();
        Voice.Catcher.Answer("/answer", CatcherAnswer.Bxml("<Response><Redirect redirectUrl=\"/never\"/></Response>").After(released.Task));
        var call = Voice.Create();
        await _alice.AcceptAsync(await _alice.ExpectAsync("INVITE"));
        await Voice.ExpectAsync("answer");
        Voice.Catcher.AnswerBxml("/next", Waiting);

        Assert.True(await call.RedirectAsync(To("/next")));

        await Voice.ExpectAsync("redirect");
        await VoiceHarness.RunsAsync(call);
        released.SetResult();
        await Voice.AnsweredAsync(call, "answer");
        Assert.DoesNotContain(Voice.Catcher.Requests, request => request.Path == "/never");
        Assert.Equal(CallPhase.Answered, call.State.Phase);
        Assert.Equal(Voice.Catcher.Url("/next"), call.DocumentUrl);
    }

    [Fact]
    public async Task Redirect_TwiceInARow_TheLastRuns()
    {
        var (call, _) = await Voice.EstablishAsync(_alice, Waiting);
        var released = new TaskCompletionSource();
        Voice.Catcher.Answer("/slow", CatcherAnswer.Bxml("<Response><Redirect redirectUrl=\"/never\"/></Response>").After(released.Task));
        Voice.Catcher.AnswerBxml("/next", Waiting);

        var asked = await Task.WhenAll(call.RedirectAsync(To("/slow")), call.RedirectAsync(To("/next")));

        Assert.Equal([true, true], asked);
        await Sipstead.Testing.Poll.UntilAsync("the second", () => Task.FromResult(call.DocumentUrl == Voice.Catcher.Url("/next")), Cancel);
        released.SetResult();
        await Voice.AnsweredAsync(call, "redirect");
        Assert.DoesNotContain(Voice.Catcher.Requests, request => request.Path == "/never");
    }

    /// <summary>A verb may take a moment to unwind; what was replaced meanwhile must not begin after it.</summary>
    [Fact]
    public async Task Redirect_TwiceWhileAVerbUnwinds_BeginsOnlyTheLast()
    {
        var unwinding = new TaskCompletionSource();
        Voice.Speech.Speak = async (_, cancellation) =>
        {
            await unwinding.Task;
            cancellation.ThrowIfCancellationRequested();
            return new Media.Audio.AudioResult(null, "not reached");
        };
        var (call, _) = await Voice.EstablishAsync(_alice, "<Response><SpeakSentence>Hello</SpeakSentence></Response>");
        await VoiceHarness.SettleAsync(call);
        Voice.Catcher.AnswerBxml("/next", Waiting);

        Assert.True(await call.RedirectAsync(To("/never")));
        Assert.True(await call.RedirectAsync(To("/next")));
        unwinding.SetResult();

        Assert.Equal("/next", (await Voice.ExpectAsync("redirect")).Path);
        Assert.DoesNotContain(Voice.Catcher.Requests, request => request.Path == "/never");
    }

    [Fact]
    public async Task Redirect_ThenTheEndWhileAVerbUnwinds_TellsOnlyTheEnd()
    {
        var unwinding = new TaskCompletionSource();
        Voice.Speech.Speak = async (_, _) =>
        {
            await unwinding.Task;
            return new Media.Audio.AudioResult(null, "too late");
        };
        var (call, _) = await Voice.EstablishAsync(_alice, "<Response><SpeakSentence>Hello</SpeakSentence></Response>");
        await VoiceHarness.SettleAsync(call);

        Assert.True(await call.RedirectAsync(To("/next")));
        Assert.True(await call.CompleteAsync());
        unwinding.SetResult();

        Assert.Equal("hangup", (await Voice.ExpectAsync("disconnect"))["cause"]);
        await Voice.AnsweredAsync(call, "disconnect");
        await NoWebhookAsync("redirect", call);
    }

    [Fact]
    public async Task Redirect_SetsOrClearsTheTag()
    {
        Voice.Catcher.AnswerBxml("/next", Waiting);
        var (call, _) = await Voice.EstablishAsync(_alice, Waiting);

        await call.RedirectAsync(To("/next") with { Tag = "t2" });
        Assert.Equal("t2", (await Voice.ExpectAsync("redirect"))["tag"]);
        await call.RedirectAsync(To("/next"));
        Assert.Equal("t2", (await Voice.ExpectAsync("redirect"))["tag"]);
        await call.RedirectAsync(To("/next") with { Tag = "" });
        Assert.Null((await Voice.ExpectAsync("redirect"))["tag"]);
    }

    [Fact]
    public async Task Redirect_FailsAndItsFallbackToo_EndsWithCallbackError()
    {
        Voice.Catcher.Answer("/bad", CatcherAnswer.Of(500));
        var (call, _) = await Voice.EstablishAsync(_alice, Waiting);

        await call.RedirectAsync(To("/bad") with { Fallback = Voice.Target("/bad") });

        Assert.Equal("callback-error", (await Voice.ExpectAsync("disconnect"))["cause"]);
        Assert.Equal(2, Voice.Catcher.Requests.Count(request => request.Path == "/bad"));
    }

    [Fact]
    public async Task Bxml_WhileAVerbRuns_RunsInItsPlaceWithoutAWebhook()
    {
        var (call, _) = await Voice.EstablishAsync(_alice, Waiting);

        Assert.True(await call.ReplaceBxmlAsync(Document("<Bxml><Tag>t3</Tag><Redirect redirectUrl=\"/next\"/></Bxml>")));

        Assert.Equal("t3", (await Voice.ExpectAsync("redirect"))["tag"]);
        Assert.Equal(Voice.Catcher.Url("/answer"), Voice.Catcher.Url(Voice.Catcher.Requests[0].Path));
        Assert.Equal("hangup", (await Voice.ExpectAsync("disconnect"))["cause"]);
    }

    [Fact]
    public async Task Bxml_WhileAWebhookIsAwaited_Runs()
    {
        Voice.Catcher.Answer("/answer", CatcherAnswer.Bxml(Waiting).After(TimeSpan.FromSeconds(10)));
        var call = Voice.Create();
        await _alice.AcceptAsync(await _alice.ExpectAsync("INVITE"));
        await Voice.ExpectAsync("answer");

        Assert.True(await call.ReplaceBxmlAsync(Document("<Bxml/>")));

        Assert.Equal("hangup", (await VoiceHarness.EndOfAsync(call)).DisconnectCause);
    }

    [Fact]
    public async Task Redirect_BeforeTheAnswerOrAfterTheEnd_IsRefused()
    {
        var call = Voice.Create();
        var invite = await _alice.ExpectAsync("INVITE");

        Assert.False(await call.RedirectAsync(To("/next")));
        Assert.False(await call.ReplaceBxmlAsync(Document("<Bxml/>")));
        _alice.Answer(invite, 486);
        await VoiceHarness.EndOfAsync(call);
        Assert.False(await call.RedirectAsync(To("/next")));
        Assert.False(await call.ReplaceBxmlAsync(Document("<Bxml/>")));
        Assert.False(await call.CompleteAsync());
        await NoWebhookAsync("redirect", call);
    }

    private CallRedirect To(string path) => new(Voice.Target(path), null, null);

    private GivenBxml Document(string bxml)
    {
        var octets = Encoding.UTF8.GetBytes(bxml);
        return new GivenBxml(BxmlReader.Read(octets, Voice.Catcher.Url("/answer"), BxmlContext.Call).Document!, octets);
    }
}
