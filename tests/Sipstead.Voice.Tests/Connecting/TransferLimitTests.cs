namespace Sipstead.Voice.Tests.Connecting;

/// <summary>Targets count as calls of the account (voice-api.md 3, webhooks.md 8.4).</summary>
public sealed class TransferLimitTests : ConnectingTest
{
    private const int Targets = 8;

    /// <summary>5 calls a second.</summary>
    private protected override VoiceOptions Options => new() { Profile = VoiceProfile.Bandwidth };

    [Fact]
    public async Task TargetsAboveTheLimit_EndAtOnce_TheOthersRing()
    {
        CallWith($"<Transfer>{string.Concat(Enumerable.Repeat($"<SipUri transferDisconnectUrl=\"/left\">{UriOf("nobody")}</SipUri>", Targets))}</Transfer>");

        var causes = new List<string?>();
        for (var i = 0; i < Targets; i++) causes.Add((await Voice.ExpectAsync("transferDisconnect"))["cause"]);

        Assert.Equal((4, 4), (causes.Count(cause => cause == "account-limit"), causes.Count(cause => cause == "error")));
        await ShouldBeOverAsync();
    }

    [Fact]
    public async Task NoTargetFits_IsTold()
    {
        Voice.Catcher.AnswerBxml("/complete", "<Response/>");
        for (var i = 0; i < 4; i++) Voice.Create(Voice.Wish(UriOf("nobody")));
        CallWith($"<Transfer transferCompleteUrl=\"/complete\"><SipUri>{BobUri}</SipUri></Transfer>");

        var complete = await Voice.ExpectAsync("transferComplete");

        Assert.Equal(("account-limit", "The account begins as many calls a second as it may", BobUri), (complete["cause"], complete["errorMessage"], complete["transferTo"]));
        await ShouldBeOverAsync();
    }
}
