using Microsoft.Extensions.Time.Testing;
using Sipstead.Voice.Bxml;
using Sipstead.Voice.Conferences;

namespace Sipstead.Voice.Tests.Bxml;

/// <summary>The attributes of Conference and their limits (bxml.md 7.4).</summary>
public sealed class ConferenceVerbTests
{
    [Fact]
    public async Task Attributes_AreTaken()
    {
        var wish = await WishAsync(
            "<Conference mute=\"TRUE\" hold=\"true\" callIdsToCoach=\"c-1, c-2,\" conferenceEventUrl=\"/e\" conferenceEventMethod=\"GET\" "
            + "conferenceEventFallbackUrl=\"/f\" username=\"u\" password=\"p\" fallbackUsername=\"v\" fallbackPassword=\"q\" tag=\"t\" callbackTimeout=\"2.5\">"
            + " my-Room_1.0 </Conference>");
        Assert.Equal(("my-Room_1.0", true, true, "t"), (wish.Name, wish.Mute, wish.Hold, wish.Tag));
        Assert.Equal(["c-1", "c-2"], wish.CallIdsToCoach);
        Assert.Equal(("/e", true, "u"), (wish.Events!.Primary.Url.AbsolutePath, wish.Events.Primary.IsGet, wish.Events.Primary.Credentials!.UserName));
        Assert.Equal(("/f", false, "v"), (wish.Events.Fallback!.Url.AbsolutePath, wish.Events.Fallback.IsGet, wish.Events.Fallback.Credentials!.UserName));
        Assert.Equal(TimeSpan.FromSeconds(2.5), wish.CallbackTimeout);
    }

    [Fact]
    public async Task Nothing_IsTheDefault()
    {
        var wish = await WishAsync("<Conference mute=\"false\" hold=\"false\" tag=\"\">r</Conference>"); // as the C# builder writes it
        Assert.Equal((false, false, null, null), (wish.Mute, wish.Hold, wish.Tag, wish.Events));
        Assert.Empty(wish.CallIdsToCoach);
        Assert.Null(wish.CallbackTimeout);
    }

    [Theory]
    [InlineData("<Conference name=\"r\"/>", "r")]
    [InlineData("<Conference name=\"r\"> </Conference>", "r")]
    [InlineData("<Conference name=\"r\">s</Conference>", "s")]
    public async Task Name_IsTheText_OrTheAttribute(string verb, string name) => Assert.Equal(name, (await WishAsync(verb)).Name);

    [Fact]
    public async Task CallbackTimeout_MisspeltAsInTheDocumentation_Counts() =>
        Assert.Equal(TimeSpan.FromSeconds(7), (await WishAsync("<Conference calbackTimeout=\"7\">r</Conference>")).CallbackTimeout);

    [Fact]
    public async Task UnansweredCall_IsAnsweredFirst_AndGoesOnBehind()
    {
        var call = new FakeVerbCall(new FakeTimeProvider());
        await RunAsync(call, "<Conference>r</Conference>");
        Assert.Equal(["answer", "join r"], call.Steps);
    }

    [Theory]
    [InlineData("<Conference/>", "Conference has no name; give it as text.")]
    [InlineData("<Conference name=\"\"/>", "Conference has no name; give it as text.")]
    [InlineData("<Conference>my room</Conference>", "Conference's name is \"my room\"; give letters, digits, '-', '_' and '.' only.")]
    [InlineData("<Conference name=\"räume\"/>", "Conference's name is \"räume\"; give letters, digits, '-', '_' and '.' only.")]
    [InlineData("<Conference mute=\"yes\">r</Conference>", "Conference's mute is \"yes\"; give true or false.")]
    [InlineData("<Conference callbackTimeout=\"26\">r</Conference>", "Conference's callbackTimeout is \"26\"; give seconds from 1 to 25.")]
    [InlineData("<Conference calbackTimeout=\"0.5\">r</Conference>", "Conference's calbackTimeout is \"0.5\"; give seconds from 1 to 25.")]
    [InlineData("<Conference conferenceEventUrl=\"ftp://a/\">r</Conference>", "Conference's conferenceEventUrl is \"ftp://a/\"; give an http or https URL.")]
    [InlineData("<Conference><Hangup/></Conference>", "<Hangup> cannot stand inside <Conference>.")]
    public void Wrong_IsRefused(string verb, string message) =>
        Assert.EndsWith(message, Reading.Error($"<Response>{verb}</Response>", VerbRun.BaseUrl).Message);

    [Fact]
    public void Limits_OfNameAndCoached()
    {
        Assert.True(Reading.IsValid($"<Conference>{new string('r', 100)}</Conference>"));
        Assert.False(Reading.IsValid($"<Conference>{new string('r', 101)}</Conference>"));
        Assert.True(Reading.IsValid($"<Conference callIdsToCoach=\"{Ids(19)}\">r</Conference>"));
        Assert.False(Reading.IsValid($"<Conference callIdsToCoach=\"{Ids(20)}\">r</Conference>"));
        Assert.False(Reading.IsValid($"<Conference callIdsToCoach=\"{new string('c', 101)}\">r</Conference>"));
        Assert.False(Reading.IsValid($"<Conference tag=\"{new string('t', 4097)}\">r</Conference>"));

        static string Ids(int count) => string.Join(',', Enumerable.Range(0, count).Select(i => $"c-{i}"));
    }

    [Theory]
    [InlineData(BxmlContext.TransferAnswer)]
    [InlineData(BxmlContext.Conference)]
    public void OtherContexts_DoNotTakeIt(BxmlContext context)
    {
        var read = Reading.Of("<Response><Conference>r</Conference></Response>"u8.ToArray(), VerbRun.BaseUrl, context);
        Assert.Contains("<Conference> cannot be used here", read.Error!.Message);
    }

    private static async Task<ConferenceWish> WishAsync(string verb)
    {
        var call = new FakeVerbCall(new FakeTimeProvider()) { IsAnswered = true };
        await RunAsync(call, verb);
        return Assert.Single(call.Joined);
    }

    private static async Task RunAsync(FakeVerbCall call, string verb)
    {
        var document = Reading.Of($"<Response>{verb}</Response>", VerbRun.BaseUrl);
        Assert.Null(document.Error);
        Assert.Equal(VerbOutcome.Next, await document.Document!.Verbs[0].RunAsync(call, TestContext.Current.CancellationToken));
    }
}
