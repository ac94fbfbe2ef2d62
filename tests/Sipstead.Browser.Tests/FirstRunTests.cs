using System.Globalization;
using Microsoft.Playwright;
using Sipstead.Testing;

namespace Sipstead.Browser.Tests;

/// <summary>The first minutes of a new server, one of its own: the password that it made up, and what slows those who guess it.</summary>
public sealed class FirstRunTests(DashboardServer dashboard) : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private ServerProcess? _server;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private Uri Address => _server!.Setup.HttpAddress;

    public async ValueTask InitializeAsync()
    {
        if (!DashboardServer.CanRun) return;
        _server = await ServerProcess.StartAsync(new ServerSetup(_folder["data"]).With("Sipstead__Bootstrap__Password", null), Cancel);
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null) await _server.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task PasswordOfTheFirstStart_Works_AndThePageAsksToChangeIt()
    {
        await using var user = await dashboard.OpenAsync();
        var password = (await File.ReadAllTextAsync(_folder["data/initial-password"], Cancel)).Trim();

        await user.Page.GotoAsync(new Uri(Address, "/").ToString());
        await user.FillSignInAsync(ServerSetup.UserName, password);

        await Assertions.Expect(user.Page.GetByText("Your password is the one that the server made up at its first start")).ToBeVisibleAsync();
        await user.Page.GetByRole(AriaRole.Link, new() { Name = "Change it now" }).ClickAsync();
        await user.FillPasswordAsync(password, "another horse battery");
        await Assertions.Expect(user.Page.GetByRole(AriaRole.Region, new() { Name = "First steps" })).ToBeVisibleAsync();
        await Assertions.Expect(user.Page.GetByText("made up at its first start")).ToHaveCountAsync(0);
        Assert.Empty(user.Errors);
    }

    [Fact]
    public async Task Guesses_AreSlowed_InWords()
    {
        await using var user = await dashboard.OpenAsync();
        await user.Page.GotoAsync(new Uri(Address, "/signin").ToString());
        var alert = user.Page.GetByRole(AriaRole.Alert);
        for (var guess = 0; guess < 5; guess++)
        {
            await user.FillSignInAsync(ServerSetup.UserName, string.Create(CultureInfo.InvariantCulture, $"guess number {guess}"));
            await Assertions.Expect(alert).ToHaveTextAsync("The user name or the password is wrong.");
            await user.Page.GotoAsync(new Uri(Address, "/signin").ToString());
        }

        // The first wait is 1 s: on a slow machine it is over before the next guess, and a longer one follows.
        for (var guess = 0; guess < 8 && !(await alert.IsVisibleAsync() && (await alert.InnerTextAsync()).StartsWith("Too many wrong passwords. Wait", StringComparison.Ordinal)); guess++)
            await user.FillSignInAsync(ServerSetup.UserName, "guess after guess");
        await Assertions.Expect(alert).ToContainTextAsync("Too many wrong passwords. Wait");
    }
}
