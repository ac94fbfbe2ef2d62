using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Playwright;
using Sipstead.Testing;

namespace Sipstead.Browser.Tests;

/// <summary>Somebody at a browser. Whatever the browser's console reports as an error is kept: a page that breaks the Content-Security-Policy shows there.</summary>
public sealed class DashboardUser : IAsyncDisposable
{
    private readonly IBrowserContext _context;
    private readonly ConcurrentQueue<string> _errors = new();

    internal DashboardUser(IBrowserContext context, IPage page)
    {
        _context = context;
        Page = page;
        page.Console += (_, message) =>
        {
            if (message.Type == "error") _errors.Enqueue(message.Text);
        };
        page.PageError += (_, error) => _errors.Enqueue(error);
        page.Dialog += async (_, dialog) =>
        {
            _errors.Enqueue($"A script of the page opened a dialog: {dialog.Message}");
            await dialog.DismissAsync();
        };
    }

    public IPage Page { get; }

    public IBrowserContext Context => _context;

    /// <summary>Errors on the console, uncaught exceptions of scripts, and dialogs that scripts opened.</summary>
    public IReadOnlyCollection<string> Errors => _errors;

    /// <summary>The path of a page of an account.</summary>
    public static string Path(string page, long account = ServerSetup.Account) =>
        string.Create(CultureInfo.InvariantCulture, $"/accounts/{account}/{page}").TrimEnd('/');

    /// <summary>Signs in through the form, and waits for the first page.</summary>
    public async Task SignInAsync(string userName = ServerSetup.UserName, string password = ServerSetup.Password)
    {
        await Page.GotoAsync("/signin");
        await FillSignInAsync(userName, password);
        await Page.WaitForURLAsync("**/accounts/*");
        await Assertions.Expect(Page.Locator("h1")).ToBeVisibleAsync();
    }

    /// <summary>Fills the form that is shown, and sends it.</summary>
    public async Task FillSignInAsync(string userName, string password)
    {
        await Page.GetByLabel("User").FillAsync(userName);
        await Page.GetByLabel("Password").FillAsync(password);
        await Page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
    }

    /// <summary>Fills the form that changes the password, and sends it.</summary>
    public async Task FillPasswordAsync(string current, string next)
    {
        await Page.GetByLabel("Current password").FillAsync(current);
        await Page.GetByLabel("New password", new() { Exact = true }).FillAsync(next);
        await Page.GetByLabel("New password, again").FillAsync(next);
        await Page.GetByRole(AriaRole.Button, new() { Name = "Change password" }).ClickAsync();
    }

    /// <summary>Goes to a page of an account, and waits until it stands.</summary>
    public async Task GoToAsync(string page, string heading, long account = ServerSetup.Account)
    {
        await Page.GotoAsync(Path(page, account));
        await Assertions.Expect(Page.GetByRole(AriaRole.Heading, new() { Name = heading, Level = 1 })).ToBeVisibleAsync();
    }

    /// <summary>In the dialog "Call a device": chooses the one device of a user, and calls it. Ends on the call's page.</summary>
    public async Task CallDeviceAsync(string userName, string realm)
    {
        await Page.GetByRole(AriaRole.Button, new() { Name = "Call a device" }).ClickAsync();
        var dialog = Page.GetByRole(AriaRole.Dialog);
        var device = dialog.GetByRole(AriaRole.Combobox, new() { Name = "Device" });
        var options = Page.GetByRole(AriaRole.Option);
        await device.FillAsync(userName);
        await Assertions.Expect(options).ToHaveCountAsync(1); // the list before the search has other devices, and goes
        await options.ClickAsync();
        await Assertions.Expect(device).ToHaveValueAsync($"sip:{userName}@{realm}");
        await Assertions.Expect(options).ToHaveCountAsync(0);
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Call", Exact = true }).ClickAsync();
        await Page.WaitForURLAsync("**/calls/c-*");
    }

    public async ValueTask DisposeAsync() => await _context.DisposeAsync();
}
