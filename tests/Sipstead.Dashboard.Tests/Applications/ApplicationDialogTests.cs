using AngleSharp.Dom;
using Bunit;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;
using MudBlazor.Services;
using Sipstead.Dashboard.Accounts;
using Sipstead.Dashboard.Applications;
using Sipstead.Provisioning;
using Sipstead.Provisioning.Accounts;
using Sipstead.Provisioning.Applications;
using Sipstead.Testing;

namespace Sipstead.Dashboard.Tests.Applications;

/// <summary>The form of an application, with the rules behind it.</summary>
public sealed class ApplicationDialogTests : BunitContext, IAsyncLifetime
{
    private const long Account = 9_900_000;

    private readonly TemporaryFolder _folder = new();

    public ApplicationDialogTests()
    {
        DefaultWaitTimeout = Poll.DefaultDeadline;
        JSInterop.Mode = JSRuntimeMode.Loose;
        Services.AddMudServices();
        Services.AddLogging().AddProvisioning(new ProvisioningOptions { DataDirectory = _folder["data"], BootstrapPassword = "correct horse battery" });
    }

    private ApplicationService Applications => Services.GetRequiredService<ApplicationService>();

    public async ValueTask InitializeAsync() => await Services.OpenProvisioningAsync(TestContext.Current.CancellationToken);

    protected override async ValueTask DisposeAsyncCore()
    {
        await base.DisposeAsyncCore();
        _folder.Dispose();
    }

    [Fact]
    public async Task Refusal_StandsAtItsField_AndWhatWasTypedStays()
    {
        var form = await OpenAsync(ApiRole.Write, null);
        Input(form, "Name").Change("menu");
        Input(form, "Call initiated URL").Change("nowhere");

        Button(form, "Add application").Click();

        form.WaitForAssertion(() => Assert.Contains("valid format for an Internet destination: CallInitiatedCallbackUrl", form.Markup, StringComparison.Ordinal));
        Assert.Equal("nowhere", Input(form, "Call initiated URL").GetAttribute("value"));
        Assert.Equal("true", Input(form, "Call initiated URL").GetAttribute("aria-invalid"));
        Assert.Equal("menu", Input(form, "Name").GetAttribute("value"));
        Assert.Empty(await Applications.ListAsync(Account, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task RightForm_MakesTheApplication_AndCloses()
    {
        var form = await OpenAsync(ApiRole.Write, null);
        Input(form, "Name").Change("menu");
        Input(form, "Call initiated URL").Change(" https://a.example/voice ");

        Button(form, "Add application").Click();

        form.WaitForAssertion(() => Assert.Empty(form.FindAll("[role=dialog]")));
        var made = Assert.Single(await Applications.ListAsync(Account, TestContext.Current.CancellationToken));
        Assert.Equal(("menu", "https://a.example/voice"), (made.Name, made.Voice.CallInitiatedUrl));
    }

    [Fact]
    public async Task Edit_ShowsNoStoredPassword()
    {
        var wish = new VoiceApplicationForm { Name = "menu", CallInitiatedUrl = "https://a.example/", UserId = "bob", Password = "do not show this" };
        var made = await Applications.CreateAsync(Account, wish, TestContext.Current.CancellationToken);

        var form = await OpenAsync(ApiRole.Write, made.Value);

        Assert.Equal("bob", Input(form, "User name").GetAttribute("value"));
        Assert.True(string.IsNullOrEmpty(Input(form, "Password").GetAttribute("value")));
        Assert.DoesNotContain("do not show this", form.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reader_CannotSave()
    {
        var form = await OpenAsync(ApiRole.Read, null);
        Input(form, "Name").Change("menu");
        Input(form, "Call initiated URL").Change("https://a.example/");

        await Button(form, "Add application").ClickAsync(new());

        Assert.Empty(await Applications.ListAsync(Account, TestContext.Current.CancellationToken));
    }

    private static IElement Input(IRenderedComponent<MudDialogProvider> form, string label) =>
        form.Find("#" + form.FindAll("label").Single(one => one.TextContent.Trim() == label).GetAttribute("for"));

    private static IElement Button(IRenderedComponent<MudDialogProvider> form, string text) =>
        form.FindAll("button").Single(button => button.TextContent.Trim() == text);

    private async Task<IRenderedComponent<MudDialogProvider>> OpenAsync(ApiRole role, ApplicationDetails? application)
    {
        Render<MudPopoverProvider>();
        var account = new AccountContext(new AccountDetails(Account, "9f3c02", 5060, true), "somebody", role, []);
        var provider = Render<MudDialogProvider>(parameters => parameters.AddCascadingValue(account));
        await provider.InvokeAsync(() =>
        {
            _ = ApplicationDialog.ShowAsync(Services.GetRequiredService<IDialogService>(), application);
        });
        return provider;
    }
}
