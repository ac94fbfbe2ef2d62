using System.Globalization;
using Microsoft.Playwright;
using Sipstead.Testing;

[assembly: AssemblyFixture(typeof(Sipstead.Browser.Tests.DashboardServer))]

namespace Sipstead.Browser.Tests;

/// <summary>A server as users run it, and Debian's Chromium. All test classes use the same two; each test has a browser context, and data, of its own.</summary>
public sealed class DashboardServer : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private ServerProcess? _server;
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public DashboardServer() => Setup = new ServerSetup(_folder["data"]);

    /// <summary>Whether there is a browser.</summary>
    public static bool CanRun => ProgramRun.IsInstalled("chromium");

    /// <summary>Speaks to the first account over the XML API.</summary>
    public ApiClient Client => Server.Client;

    public ServerSetup Setup { get; }

    /// <summary>Skips the test where Chromium is not installed.</summary>
    internal ServerProcess Server
    {
        get
        {
            Assert.SkipUnless(_server is not null, "chromium is not installed (Debian package chromium)");
            return _server!;
        }
    }

    public async ValueTask InitializeAsync()
    {
        if (!CanRun) return;
        Assertions.SetDefaultExpectTimeout((float)Poll.DefaultDeadline.TotalMilliseconds); // only a failure reaches it
        var cancel = TestContext.Current.CancellationToken;
        _server = await ServerProcess.StartAsync(Setup, cancel);
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = "/usr/bin/chromium",
            Args = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
        });
    }

    /// <summary>A browser of its own for a test: no cookie of another. Skips the test where Chromium is not installed.</summary>
    public async Task<DashboardUser> OpenAsync(int width = 1280, int height = 800, ColorScheme colors = ColorScheme.Light)
    {
        _ = Server;
        var context = await _browser!.NewContextAsync(new BrowserNewContextOptions
        {
            BaseURL = Setup.HttpAddress.ToString(), ViewportSize = new ViewportSize { Width = width, Height = height }, ColorScheme = colors,
            TimezoneId = "Europe/Berlin", Permissions = ["clipboard-read", "clipboard-write"],
        });
        context.SetDefaultTimeout((float)Poll.DefaultDeadline.TotalMilliseconds);
        return new DashboardUser(context, await context.NewPageAsync());
    }

    /// <summary>Adds an account with a user of its own that administers it, through the command line.</summary>
    public async Task AddAccountAsync(long account, string userName)
    {
        var number = account.ToString(CultureInfo.InvariantCulture);
        await RunAsync("account", "add", number);
        await RunAsync("user", "add", userName, "--account", number, "--role", "admin", "--password", ServerSetup.Password);
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null) await _browser.DisposeAsync();
        _playwright?.Dispose();
        if (_server is not null) await _server.DisposeAsync();
        _folder.Dispose();
    }

    private async Task RunAsync(params string[] command)
    {
        var result = await ServerProcess.RunAsync(Setup, command, TestContext.Current.CancellationToken);
        if (result.ExitCode != 0) throw new InvalidOperationException(result.ToString());
    }
}
