using Bunit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using MudBlazor.Services;
using Sipstead.Dashboard.Accounts;
using Sipstead.Dashboard.Bxml;
using Sipstead.Dashboard.Calls;
using Sipstead.Dashboard.Components;
using Sipstead.Media;
using Sipstead.Provisioning.Accounts;
using Sipstead.Testing;
using Sipstead.Voice.Bxml;
using Sipstead.Voice.Bxml.Runs;
using CallState = Sipstead.Voice.Calls.CallState;
using TransferState = Sipstead.Voice.Calls.TransferState;

namespace Sipstead.Dashboard.Tests.Calls;

/// <summary>The sections of a call's page.</summary>
public sealed class CallSectionsTests : BunitContext
{
    private const string Script = "<script>alert(1)</script>";

    private static readonly AccountContext Account = new(new AccountDetails(9_900_000, "9f3c02", 5060, true), "somebody", ApiRole.Read, []);

    public CallSectionsTests()
    {
        DefaultWaitTimeout = Poll.DefaultDeadline;
        JSInterop.Mode = JSRuntimeMode.Loose;
        Services.AddMudServices();
        var time = new FakeTimeProvider(SomeCall.Start.AddMinutes(1));
        Services.AddSingleton<TimeProvider>(time).AddIdleEngine(time);
        Services.AddScoped<BrowserBridge>().AddScoped<BxmlDraft>();
    }

    [Fact]
    public void Facts_TellStateErrorAndDevices()
    {
        var call = SomeCall.Details(SomeCall.State with { DisconnectCause = "error", ErrorMessage = $"Wrong: {Script}", ErrorId = "e-1" });

        var facts = Render<CallFacts>(parameters => parameters.AddCascadingValue(Account).Add(p => p.Call, call));

        Assert.Contains($"Wrong: {Script}", facts.Find(".mud-alert").TextContent, StringComparison.Ordinal);
        Assert.Empty(facts.FindAll("script"));
        Assert.Equal(4, facts.FindAll(".call-timeline li").Count);
        Assert.Contains("No device was reached.", facts.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void Document_ShowsWhatRan_AndHowItEnded()
    {
        var run = SomeCall.Run(
            "<Response>\n  <Hangup/>\n</Response>", null,
            new RanVerb("Hangup", 2, 4, SomeCall.Start, SomeCall.Start.AddSeconds(0.2), VerbEnd.EndedCall, "hangup"));

        var documents = Documents(run);

        Assert.Equal("Hangup: ended the call: hangup after 0.2 s", documents.Find(".has-run .line-verb").TextContent.Trim());
        Assert.Equal("<Hangup/>", documents.FindAll(".line-text")[1].TextContent.Trim());
    }

    [Fact]
    public void InvalidDocument_MarksThePlace_AndIsShownAsText()
    {
        var run = SomeCall.Run($"<Response>\n{Script}\n</Response>", new BxmlError(2, 2, "script", null, $"Line 2, column 2: {Script} is no verb."));

        var documents = Documents(run);

        Assert.Equal("s", documents.Find(".has-error mark").TextContent);
        Assert.Equal(Script, documents.Find(".has-error .line-text").TextContent.Trim());
        Assert.Contains($"{Script} is no verb.", documents.Find(".mud-alert").TextContent, StringComparison.Ordinal);
        Assert.Empty(documents.FindAll("script"));
    }

    [Fact]
    public void FailedVerb_TellsWhatWentWrong_OnItsLine()
    {
        var run = SomeCall.Run(
            "<Response>\n<PlayAudio>a.wav</PlayAudio>\n</Response>", null,
            new RanVerb("PlayAudio", 2, 2, SomeCall.Start, SomeCall.Start, VerbEnd.EndedCall, "application-error", $"{Script} is not there."));

        var line = Documents(run).Find(".has-error");

        Assert.Contains("PlayAudio: ended the call: application-error", line.TextContent, StringComparison.Ordinal);
        Assert.Equal($"{Script} is not there.", line.QuerySelector(".line-error")!.TextContent);
    }

    [Fact]
    public void DocumentForTheEditor_IsItsDraft()
    {
        var documents = Documents(SomeCall.Run("<Response/>"));

        documents.FindAll("button").Single(button => button.TextContent.Contains("Open in the editor", StringComparison.Ordinal)).Click();

        Assert.Equal("<Response/>", Services.GetRequiredService<BxmlDraft>().Text);
    }

    [Fact]
    public void ManyDocuments_OnlyTheLastIsOpen()
    {
        var documents = Documents([.. Enumerable.Range(1, 9).Select(i => SomeCall.Run($"<Response>{i}</Response>") with { At = SomeCall.Start.AddSeconds(i) })]);

        Assert.Equal("<Response>9</Response>", Assert.Single(documents.FindAll(".line-text")).TextContent.Trim());
    }

    [Fact]
    public void Webhook_OpensToRequestAndResponse_AsText()
    {
        var exchange = SomeCall.Exchange($$"""{"eventType":"initiate","tag":"{{Script}}"}""", $"<html>{Script}</html>", 500, "The answer was 500.");
        var webhooks = Render<CallWebhooks>(parameters => parameters.Add(p => p.Exchanges, [exchange]));

        webhooks.Find(".mud-expand-panel-header").Click();

        webhooks.WaitForAssertion(() => Assert.Equal(2, webhooks.FindAll("pre").Count));
        Assert.Contains($"\"tag\": \"{Script}\"", webhooks.FindAll("pre")[0].TextContent, StringComparison.Ordinal);
        Assert.Contains("alert(1)", webhooks.FindAll("pre")[1].TextContent, StringComparison.Ordinal);
        Assert.Contains("The answer was 500.", webhooks.Markup, StringComparison.Ordinal);
        Assert.Contains("12.3 ms", webhooks.Markup, StringComparison.Ordinal);
        Assert.Empty(webhooks.FindAll("script"));
    }

    [Fact]
    public void Transfer_LinksTheCallWithItsParentAndItsLegs_AsText()
    {
        var leg = SomeCall.State with { CallId = "c-2", Transfer = new TransferState("c-1", Script, $"sip:{Script}@a.example") };

        var ofLeg = Transfer(leg);
        var ofParent = Transfer(SomeCall.State, leg);

        Assert.Equal("/accounts/9900000/calls/c-1", ofLeg.Find("a").GetAttribute("href"));
        Assert.Equal(["c-1", $"sip:{Script}@a.example", Script], ofLeg.FindAll("dd").Select(fact => fact.TextContent));
        Assert.Equal("/accounts/9900000/calls/c-2", ofParent.Find("tbody a").GetAttribute("href"));
        Assert.Equal(Script, ofParent.Find("tbody td[data-label=From] .call-party").TextContent);
        Assert.Equal($"sip:{Script}@a.example", ofParent.Find("tbody td[data-label=To] .call-party > span").TextContent);
        Assert.Empty(ofLeg.FindAll("script"));
        Assert.Empty(ofParent.FindAll("script"));
        Assert.Empty(Transfer(SomeCall.State).Markup);
    }

    [Fact]
    public void Media_TellsCodecLossJitterAndWhatThePartyReports()
    {
        var media = Media(new MediaStatistics
        {
            Codec = "PCMU", PacketsReceived = 995, PacketsLost = 5, Jitter = TimeSpan.FromMilliseconds(2.34), Concealed = TimeSpan.FromSeconds(0.1),
            RemoteLossPercent = 0.39, RemoteJitter = TimeSpan.FromMilliseconds(4),
        });

        Assert.Equal(["PCMU", "0.5 %", "2.3 ms", "–"], media.FindAll(".tile .value").Select(value => value.TextContent.Trim()));
        Assert.Contains("0.1 s", media.FindAll("dd").Select(fact => fact.TextContent));
        Assert.Contains("0.39 % lost, jitter 4 ms", media.FindAll("dd").Select(fact => fact.TextContent));
        Assert.Empty(media.FindAll(".mud-alert"));
    }

    [Theory]
    [InlineData(1, 30, 1, "")]
    [InlineData(1.1, 0, 0, "1.1 % of the party's packets did not come")]
    [InlineData(0, 30.1, 0, "come unevenly (30.1 ms)")]
    [InlineData(0, 0, 1.2, "The party misses 1.2 % of our packets")]
    public void AudibleTrouble_IsToldInWords(double loss, double jitter, double remoteLoss, string expected)
    {
        var media = Media(new MediaStatistics
        {
            Codec = "PCMU", PacketsReceived = 1_000 - (long)(loss * 10), PacketsLost = (long)(loss * 10), Jitter = TimeSpan.FromMilliseconds(jitter), RemoteLossPercent = remoteLoss,
        });

        if (expected.Length == 0) Assert.Empty(media.FindAll(".mud-alert"));
        else Assert.Contains(expected, Assert.Single(media.FindAll(".mud-alert")).TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void SilentDevice_IsToldWithWhatToDo() =>
        Assert.Contains("Nothing came from the device.", Media(new MediaStatistics { Codec = "PCMU" }).Find(".mud-alert").TextContent, StringComparison.Ordinal);

    [Fact]
    public void NoMedia_SaysSo() => Assert.Contains("No media was agreed on.", Media(null).Markup, StringComparison.Ordinal);

    private IRenderedComponent<CallDocuments> Documents(params BxmlRun[] runs) =>
        Render<CallDocuments>(parameters => parameters.AddCascadingValue(Account).Add(p => p.Runs, runs));

    private IRenderedComponent<CallTransfer> Transfer(CallState call, params CallState[] legs) =>
        Render<CallTransfer>(parameters => parameters.AddCascadingValue(Account).Add(p => p.Call, call).Add(p => p.Legs, legs));

    private IRenderedComponent<CallMedia> Media(MediaStatistics? media) =>
        Render<CallMedia>(parameters => parameters.Add(p => p.Call, SomeCall.Details(media: media)));
}
