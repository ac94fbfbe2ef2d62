using Sipstead.Voice.Callbacks;
using Sipstead.Voice.Tests.Harness;

namespace Sipstead.Voice.Tests.Connecting;

/// <summary>An unanswered call is sent on, and its application has no say in it any more (bxml.md 7.2).</summary>
public sealed class ForwardTests : ConnectingTest
{
    [Fact]
    public async Task TargetAnswers_TheTwoTalk_AndOnlyDisconnectIsTold()
    {
        var placed = CallWith($"<Forward to=\"{BobUri}\"/>");
        var invite = await Bob.ExpectAsync("INVITE");
        Assert.StartsWith($"<sip:{Number}@{Voice.Realm}>;tag=", invite.One("From"), StringComparison.Ordinal);
        Bob.Ring(invite);
        await placed.ExpectAsync(180);
        await Bob.AcceptAsync(invite);
        await placed.ConfirmAsync();
        var call = await Voice.InboundAsync();
        Assert.False(await call.RedirectAsync(new CallRedirect(Voice.Target("/next"), null, null)));
        Assert.All(Voice.Registry.Live(), live => Assert.True(live.IsForwarded));

        Bob.SendInDialog(invite, "BYE");

        await Alice.ExpectAsync("BYE");
        Assert.Equal((call.Id, "hangup"), ((await Voice.ExpectAsync("disconnect")) is var end ? end.CallId : null, end["cause"]));
        await ShouldBeOverAsync();
        Assert.Equal(["initiate", "disconnect"], Voice.Catcher.Requests.Select(request => request.EventType));
    }

    [Theory]
    [InlineData(486, 486, "busy")]
    [InlineData(603, 603, "rejected")]
    [InlineData(500, 480, "error")]
    public async Task TargetRefuses_TheCallerHearsIt(int status, int passedOn, string cause)
    {
        var placed = CallWith($"<Forward to=\"{BobUri}\" from=\"+12025550199\"/>");
        Bob.Answer(await Bob.ExpectAsync("INVITE"), status);

        await placed.ExpectAsync(passedOn);
        Assert.Equal(cause, (await Voice.ExpectAsync("disconnect"))["cause"]);
        await ShouldBeOverAsync();
    }

    [Fact]
    public async Task CallerHangsUp_TheTargetToo()
    {
        var placed = CallWith($"<Forward to=\"{BobUri}\"/>");
        await Bob.AcceptAsync(await Bob.ExpectAsync("INVITE"));
        placed.SendInDialog(await placed.ConfirmAsync(), "BYE");
        await Bob.ExpectAsync("BYE");
        await ShouldBeOverAsync();
    }

    [Fact]
    public async Task AnsweredCall_EndsWithApplicationError()
    {
        var placed = CallWith($"<Ring duration=\"0.1\"/><Forward to=\"{BobUri}\"/>");
        await placed.ConfirmAsync();
        var call = await Voice.InboundAsync();
        await VoiceHarness.RunsAsync(call);
        Voice.Media.Start();

        var end = await Voice.ExpectAsync("disconnect");

        Assert.Equal(("application-error", "Forward works on an inbound call that was not answered; use Transfer for others."), (end["cause"], end["errorMessage"]));
    }
}
