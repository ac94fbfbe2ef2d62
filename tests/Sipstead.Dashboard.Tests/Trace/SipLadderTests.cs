using Bunit;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor.Services;
using Sipstead.Dashboard.Components;
using Sipstead.Dashboard.Trace;
using Sipstead.Sip.Trace;

namespace Sipstead.Dashboard.Tests.Trace;

/// <summary>The ladder as it is shown and used.</summary>
public sealed class SipLadderTests : BunitContext
{
    public SipLadderTests()
    {
        JSInterop.Mode = JSRuntimeMode.Loose;
        Services.AddMudServices();
        Services.AddScoped<BrowserBridge>();
    }

    [Fact]
    public void NoMessages_SayWhatWouldBringSome()
    {
        var ladder = Show([], "Let the phone register.");

        Assert.Equal("No SIP messages are kept.", ladder.Find(".empty-text").TextContent);
        Assert.Equal("Let the phone register.", ladder.Find(".empty-hint").TextContent);
    }

    [Fact]
    public void Row_OpensAndClosesTheWholeMessage_AsText()
    {
        var ladder = Show([Messages.Received(1, Messages.Request("REGISTER", headers: "User-Agent: <script>alert(1)</script>\r\n"))]);
        Assert.Empty(ladder.FindAll("pre"));

        ladder.Find("button.ladder-row").Click();

        Assert.Equal("true", ladder.Find("button.ladder-row").GetAttribute("aria-expanded"));
        Assert.Contains("User-Agent: <script>alert(1)</script>", ladder.Find("pre").TextContent, StringComparison.Ordinal);
        Assert.Empty(ladder.FindAll("script"));

        ladder.Find("button.ladder-row").Click();

        Assert.Empty(ladder.FindAll("pre"));
    }

    [Fact]
    public void OtherRow_TakesThePlaceOfTheOpenOne()
    {
        var ladder = Show([Messages.Received(1, Messages.Request("REGISTER")), Messages.Sent(2, Messages.Response("200 OK", "REGISTER"))]);

        ladder.FindAll("button.ladder-row")[0].Click();
        ladder.FindAll("button.ladder-row")[1].Click();

        Assert.StartsWith("SIP/2.0 200 OK", ladder.Find("pre").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void CutMessage_SaysHowMuchIsMissing()
    {
        var ladder = Show([Messages.Received(1, Messages.Request("REGISTER")) with { CutOctets = 42 }]);

        ladder.Find("button.ladder-row").Click();

        Assert.Contains("42 more octets were not kept.", ladder.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void ManyMessages_ShowTheNewest_AndOlderOnesOnWish()
    {
        var ladder = Show([.. Enumerable.Range(1, SipLadder.Step + 30).Select(i => Messages.Received(i, Messages.Request("REGISTER", i)))]);
        Assert.Equal(SipLadder.Step, ladder.FindAll("button.ladder-row").Count);

        ladder.Find(".ladder-older button").Click();

        Assert.Equal(SipLadder.Step + 30, ladder.FindAll("button.ladder-row").Count);
        Assert.Empty(ladder.FindAll(".ladder-older"));
    }

    [Fact]
    public void NewMessage_Appears_AndTheOpenOneStaysOpen()
    {
        var first = Messages.Received(1, Messages.Request("REGISTER"));
        var ladder = Show([first]);
        ladder.Find("button.ladder-row").Click();

        ladder.Render(parameters => parameters.Add(p => p.Messages, [first, Messages.Sent(2, Messages.Response("401 Unauthorized", "REGISTER"))]));

        Assert.Equal(["REGISTER", "401 Unauthorized"], ladder.FindAll(".ladder-label").Select(label => label.TextContent));
        Assert.StartsWith("REGISTER", ladder.Find("pre").TextContent, StringComparison.Ordinal);
    }

    private IRenderedComponent<SipLadder> Show(IReadOnlyList<TracedMessage> messages, string? hint = null) =>
        Render<SipLadder>(parameters => parameters.Add(p => p.Messages, messages).Add(p => p.EmptyHint, hint));
}
