using Microsoft.Playwright;
using Sipstead.Testing;
using Sipstead.Testing.Phones;

namespace Sipstead.Browser.Tests;

/// <summary>
/// The pictures of README and docs: an account as it looks after some work. They are written to the folder that SIPSTEAD_SCREENSHOTS names
/// (<c>SIPSTEAD_SCREENSHOTS=docs/screenshots ./test --filter-class '*ScreenshotTests'</c>), else to one that goes with the test.
/// </summary>
public sealed class ScreenshotTests(DashboardServer server) : IDisposable
{
    private const long Account = 9_900_207;
    private const int Width = 1280;
    private const int Height = 800;
    private const int TallHeight = 1400;
    private const string UserName = "operator";
    private const string Password = "wonderland";

    private const string Greeting =
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Response>\n    <StartRecording/>\n    <SpeakSentence>Hello from your own call server.</SpeakSentence>\n    <Pause duration=\"0.5\"/>\n    <Hangup/>\n</Response>";

    private const string Meeting = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Response>\n    <Conference>stand-up</Conference>\n</Response>";

    private readonly TemporaryFolder _own = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string Folder => Environment.GetEnvironmentVariable("SIPSTEAD_SCREENSHOTS") is { Length: > 0 } folder ? RepositoryPaths.In(folder) : _own.Path;

    public void Dispose() => _own.Dispose();

    [Fact]
    public async Task MainPages_HaveTheirPictures()
    {
        await using var user = await server.OpenAsync();
        await server.AddAccountAsync(Account, UserName);
        using var client = server.Setup.CreateClient(Account, UserName);
        var realm = await client.CreateRealmAsync("office", Cancel);
        await using var phone = await WorkAsync(client, realm);
        using var desk = await SipDevice.ConnectAsync("tcp", server.Setup.SipPort, Cancel);
        using var lobby = await SipDevice.ConnectAsync("udp", server.Setup.SipPort, Cancel);
        await RegisterAsync(desk, realm, "reception", "Yealink SIP-T46U 108.86.0.90", Password);
        await RegisterAsync(lobby, realm, "lobby", "Linphone-Desktop/5.2.4", "an old password");
        await RegisterAsync(lobby, realm, "lobby", "Linphone-Desktop/5.2.4", Password);

        await user.SignInAsync(UserName);
        await CallAsync(user, realm, Greeting);
        await Assertions.Expect(user.Page.GetByText("Hangup: ended the call: hangup")).ToBeVisibleAsync();
        await TakeAsync(user, "call.png", TallHeight);
        await user.GoToAsync("recordings", "Recordings", Account);
        await user.Page.GetByRole(AriaRole.Button, new() { NameString = "Play recording" }).ClickAsync();
        await TakeAsync(user, "recordings.png");
        await ShowAsync(user, "", "Overview", "overview.png");
        await ShowAsync(user, "credentials", "SIP Credentials", "credentials.png");
        await ShowAsync(user, "devices", "Devices", "devices.png");
        await user.Page.GetByRole(AriaRole.Link, new() { NameString = "lobby" }).First.ClickAsync();
        await Assertions.Expect(user.Page.GetByText("Wrong password").First).ToBeVisibleAsync();
        await TakeAsync(user, "timeline.png", TallHeight);
        await ShowAsync(user, "bxml", "BXML editor", "bxml.png");
        await ShowAsync(user, "doctor", "Connection doctor", "doctor.png");
        await using var second = await DeskPhone.StartAsync(server.Setup.SipPort, realm, "bob", Password, PhoneManner.Answers, Cancel);
        foreach (var name in (string[])["alice", "bob"]) await CallAsync(user, realm, Meeting, name);
        await user.GoToAsync("conferences", "Conferences", Account);
        await Assertions.Expect(user.Page.GetByText("2 members")).ToBeVisibleAsync();
        await TakeAsync(user, "conferences.png");
        Assert.Empty(user.Errors);
    }

    private async Task<DeskPhone> WorkAsync(ApiClient client, ApiRealm realm)
    {
        foreach (var name in (string[])["alice", "bob", "reception", "lobby", "warehouse"]) await client.CreateCredentialAsync(realm, name, Password, Cancel);
        await client.CreateApplicationAsync("front desk", new Uri("http://127.0.0.1:8000/answer"), new Uri("http://127.0.0.1:8000/status"), Cancel);
        return await DeskPhone.StartAsync(server.Setup.SipPort, realm, "alice", Password, PhoneManner.Answers, Cancel);
    }

    private static async Task RegisterAsync(SipDevice device, ApiRealm realm, string userName, string userAgent, string password)
    {
        device.UserAgent = userAgent;
        await device.RegisterAsync(realm.Fqdn, userName, password, Cancel);
    }

    /// <summary>Runs a document on a phone. Ends on the call's page.</summary>
    private static async Task CallAsync(DashboardUser user, ApiRealm realm, string document, string name = "alice")
    {
        await user.GoToAsync("bxml", "BXML editor", Account);
        await user.Page.GetByLabel("BXML document").FillAsync(document);
        await user.CallDeviceAsync(name, realm.Fqdn);
    }

    private async Task ShowAsync(DashboardUser user, string page, string heading, string file)
    {
        await user.GoToAsync(page, heading, Account);
        await Assertions.Expect(user.Page.Locator("main .card").First).ToBeVisibleAsync();
        await TakeAsync(user, file);
    }

    private async Task TakeAsync(DashboardUser user, string file, int height = Height)
    {
        await user.Page.SetViewportSizeAsync(Width, height);
        Directory.CreateDirectory(Folder);
        var path = Path.Combine(Folder, file);
        await user.Page.EvaluateAsync("window.scrollTo(0, 0)");
        await user.Page.ScreenshotAsync(new() { Path = path, Animations = ScreenshotAnimations.Disabled });
        Assert.True(new FileInfo(path).Length > 10_000);
    }
}
