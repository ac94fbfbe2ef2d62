using Bunit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using MudBlazor.Services;
using Sipstead.Dashboard.Bxml;
using Sipstead.Testing;

namespace Sipstead.Dashboard.Tests.Bxml;

/// <summary>The editor: what is wrong shows while somebody types, with its place.</summary>
public sealed class BxmlEditorTests : BunitContext
{
    private const string Wrong = "<Response>\n  <Pause duration=\"soon\"/>\n</Response>";

    private readonly FakeTimeProvider _time = new();
    private readonly BunitJSModuleInterop _module;
    private string _text = "";

    public BxmlEditorTests()
    {
        DefaultWaitTimeout = Poll.DefaultDeadline;
        JSInterop.Mode = JSRuntimeMode.Loose;
        _module = JSInterop.SetupModule("./_content/Sipstead.Dashboard/bxml-editor.js");
        _module.Mode = JSRuntimeMode.Loose;
        Services.AddMudServices();
        Services.AddSingleton<TimeProvider>(_time);
    }

    [Fact]
    public void Error_ShowsWithLineAndColumn()
    {
        var editor = Show(Wrong);

        Assert.StartsWith("Line 2, column ", editor.Find(".bxml-problem").TextContent.Trim(), StringComparison.Ordinal);
        Assert.Equal("true", editor.Find("textarea").GetAttribute("aria-invalid"));
    }

    [Fact]
    public void RepairedDocument_IsValid_AShortWhileAfterTheLastKey()
    {
        var editor = Show(Wrong);

        editor.Find("textarea").Input(Wrong.Replace("soon", "1", StringComparison.Ordinal));
        editor.Render(parameters => parameters.Add(p => p.Text, _text));
        Assert.Empty(editor.FindAll(".bxml-valid")); // typing is not held up

        _time.Advance(TimeSpan.FromSeconds(1));
        editor.WaitForAssertion(() => Assert.Equal("Valid BXML.", editor.Find(".bxml-valid").TextContent.Trim()));
        Assert.Equal("false", editor.Find("textarea").GetAttribute("aria-invalid"));
        Assert.Contains("duration=\"1\"", _text, StringComparison.Ordinal);
    }

    [Fact]
    public void Click_TakesTheCaretToTheError()
    {
        var editor = Show(Wrong);

        editor.Find(".bxml-problem").Click();

        var call = _module.VerifyInvoke("goTo");
        Assert.Equal(2, call.Arguments[1]);
        Assert.True((int)call.Arguments[2]! > 1);
    }

    [Fact]
    public void ErrorOfTheWholeDocument_HasNoPlaceToGoTo()
    {
        var editor = Show("");

        Assert.True(editor.Find(".bxml-problem").HasAttribute("disabled"));
    }

    [Fact]
    public void HostileText_IsShownAsText()
    {
        var editor = Show("<Response><Pause duration=\"&lt;script>alert(1)&lt;/script>\"/></Response>");

        Assert.Empty(editor.FindAll("script"));
        Assert.Contains("<script>alert(1)</script>", editor.Find(".bxml-problem").TextContent, StringComparison.Ordinal);
    }

    private IRenderedComponent<BxmlEditor> Show(string text)
    {
        _text = text;
        return Render<BxmlEditor>(parameters => parameters.Add(p => p.Text, text).Add(p => p.TextChanged, changed => _text = changed));
    }
}
