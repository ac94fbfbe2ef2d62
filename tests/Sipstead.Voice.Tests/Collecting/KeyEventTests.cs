using Sipstead.Testing.Sip;
using Sipstead.Testing.Webhooks;
using Sipstead.Voice.Collecting;
using Sipstead.Voice.Tests.Bxml;
using Sipstead.Voice.Tests.Harness;

namespace Sipstead.Voice.Tests.Collecting;

/// <summary>StartGather and StopGather (bxml.md 5.2): verbs, and their webhooks over HTTP.</summary>
public sealed class KeyEventTests : VoiceTest
{
    private const string Info = "Content-Type: application/dtmf\r\n";

    private ScriptedPhone _alice = null!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _alice = Voice.AddPhone();
    }

    [Fact]
    public void Verbs_GoOnAtOnce_AndAnswerNothing()
    {
        using var run = new VerbRun().Start("""<StartGather dtmfUrl="keys" dtmfMethod="get" tag="k"/><StopGather/><StopGather/>""");
        Assert.Equal(["tell keys GET https://app.example/voice/keys", "tell no keys", "tell no keys"], run.Steps);
        Assert.Equal("k", run.Call.Tag);
        Assert.True(run.IsOver);
    }

    [Theory]
    [InlineData("<StartGather/>", "StartGather has no dtmfUrl; it is required.")]
    [InlineData("<StartGather dtmfUrl=\"\"/>", "StartGather's dtmfUrl is empty; give an http or https URL.")]
    [InlineData("<StartGather dtmfUrl=\"/k\" username=\"u\"/>", "StartGather has username without password; give both or none.")]
    [InlineData("<StartGather dtmfUrl=\"/k\">x</StartGather>", "There is text inside <StartGather>; give attributes only.")]
    public void Document_ThatIsWrong_IsRefused(string verb, string error) =>
        Assert.EndsWith(error, Reading.Error($"<Response>{verb}</Response>", VerbRun.BaseUrl).Message, StringComparison.Ordinal);

    [Fact]
    public void Gather_PausesTheEvents_HoweverItEnds()
    {
        using var run = new VerbRun().Start("""<Gather gatherUrl="/g" maxDigits="2"/>""");
        Assert.Equal(1, run.Call.KeyPauses);
        run.Press("12");
        Assert.Equal(0, run.Call.KeyPauses);

        using var interrupted = new VerbRun().Start("""<Gather gatherUrl="/g"/>""").Interrupt();
        Assert.Equal(0, interrupted.Call.KeyPauses);
    }

    [Fact]
    public async Task EachKey_IsAWebhookWithCredentialsAndTag_UntilStopGather()
    {
        Voice.Catcher.AnswerBxml("/next", "<Response><StopGather/><Pause duration=\"86400\"/></Response>");
        var (call, invite) = await Voice.EstablishAsync(
            _alice, """<Response><StartGather dtmfUrl="/keys" username="u" password="p" tag="k"/><Pause duration="10"/><Redirect redirectUrl="/next"/></Response>""");
        Press(invite, "1#");

        var first = await Voice.ExpectAsync("dtmf");
        Assert.Equal(("1", "k", call.Id, "/keys", "u:p"), (first["digit"], first["tag"], first.CallId, first.Path, first.Basic));
        Assert.Equal("#", (await Voice.ExpectAsync("dtmf"))["digit"]);

        Voice.Advance(11);
        await Voice.ExpectAsync("redirect");
        await Voice.AnsweredAsync(call, "redirect");
        Press(invite, "3");
        await VoiceHarness.SettleAsync(call);
        Assert.Equal(2, Voice.Catcher.Requests.Count(request => request.EventType == "dtmf"));
    }

    [Fact]
    public async Task KeysOfAGather_AreItsOwn_AndAfterItTheEventsGoOn()
    {
        Voice.Catcher.AnswerBxml("/digits", Waiting);
        var (call, invite) = await Voice.EstablishAsync(
            _alice, """<Response><StartGather dtmfUrl="/keys"/><Gather gatherUrl="/digits" maxDigits="2" firstDigitTimeout="60"/></Response>""");
        Press(invite, "12");
        Assert.Equal("12", (await Voice.ExpectAsync("gather"))["digits"]);
        await Voice.AnsweredAsync(call, "gather");
        Press(invite, "7");
        Assert.Equal("7", (await Voice.ExpectAsync("dtmf"))["digit"]);
        Assert.Single(Voice.Catcher.Requests, request => request.EventType == "dtmf");
    }

    [Fact]
    public async Task SlowApplication_GetsKeysInOrder_OneAfterTheOther()
    {
        var gate = new TaskCompletionSource();
        Voice.Catcher.Answer("/keys", CatcherAnswer.NoContent with { Until = gate.Task });
        var (call, invite) = await Voice.EstablishAsync(_alice, $"""<Response><StartGather dtmfUrl="/keys"/>{Waiting["<Response>".Length..]}""");
        Press(invite, "123456");
        await Voice.ExpectAsync("dtmf");
        await VoiceHarness.SettleAsync(call);
        Assert.Single(Voice.Catcher.Requests, request => request.EventType == "dtmf");
        gate.SetResult();
        for (var i = 0; i < 5; i++) await Voice.ExpectAsync("dtmf");
        Assert.Equal("123456", string.Concat(Voice.Catcher.Requests.Where(request => request.EventType == "dtmf").Select(request => request["digit"])));
    }

    [Fact]
    public async Task KeysBeyondTheCap_AreDropped_AndCounted()
    {
        var gate = new TaskCompletionSource();
        Voice.Catcher.Answer("/keys", CatcherAnswer.NoContent with { Until = gate.Task });
        var (call, invite) = await Voice.EstablishAsync(_alice, $"""<Response><StartGather dtmfUrl="/keys"/>{Waiting["<Response>".Length..]}""");
        Press(invite, "0");
        await Voice.ExpectAsync("dtmf");
        for (var i = 0; i < KeyEvents.Capacity + 3; i++)
        {
            Press(invite, "1");
            await VoiceHarness.SettleAsync(call);
        }

        Assert.Equal(3, Voice.Meters["sipstead.voice.keys.dropped"]);
        gate.SetResult();
        for (var i = 0; i < KeyEvents.Capacity; i++) await Voice.ExpectAsync("dtmf");
        await VoiceHarness.SettleAsync(call);
        Assert.Equal(KeyEvents.Capacity + 1, Voice.Catcher.Requests.Count(request => request.EventType == "dtmf"));
    }

    [Fact]
    public async Task KeyOfACallThatEnded_IsTold_AndEventsEndWithTheCall()
    {
        var gate = new TaskCompletionSource();
        Voice.Catcher.Answer("/keys", CatcherAnswer.NoContent with { Until = gate.Task });
        var (call, invite) = await Voice.EstablishAsync(_alice, $"""<Response><StartGather dtmfUrl="/keys"/>{Waiting["<Response>".Length..]}""");
        Press(invite, "12");
        await Voice.ExpectAsync("dtmf");
        await call.CompleteAsync();
        await Voice.ExpectAsync("disconnect");
        gate.SetResult();
        Assert.Equal("2", (await Voice.ExpectAsync("dtmf"))["digit"]);
    }

    private void Press(MessageText invite, string keys)
    {
        foreach (var key in keys) _alice.SendInDialog(invite, "INFO", $"{key}", Info);
    }
}
