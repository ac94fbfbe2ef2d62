using System.Globalization;
using System.Net;
using System.Text;
using Microsoft.Playwright;
using Sipstead.Testing;

namespace Sipstead.Browser.Tests;

/// <summary>SIP credentials and realms as a user adds, imports and deletes them, in an account of these tests alone: tables show its rows and no others.</summary>
public sealed class CredentialsTests(DashboardServer server) : IAsyncLifetime
{
    private const long Account = 9_900_205;
    private const string UserName = "credentialist";
    private const long OtherAccount = 9_900_206;

    private static readonly Lock Adding = new();
    private static Task? _added;

    private readonly ApiClient _client = server.Setup.CreateClient(Account, UserName);

    /// <summary>Milliseconds for five thousand rows on a busy machine.</summary>
    private const float ImportDeadline = 120_000;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        if (!DashboardServer.CanRun) return;
        lock (Adding) _added ??= server.AddAccountAsync(Account, UserName);
        await _added;
    }

    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task RealmAndCredential_AreAdded_AndTheCardFollowsThePhone()
    {
        await using var user = await server.OpenAsync();
        var page = user.Page;
        await user.SignInAsync(UserName);
        await user.GoToAsync("credentials", "SIP Credentials", Account);

        await page.GetByRole(AriaRole.Button, new() { Name = "Add a realm" }).ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel("Name").First.FillAsync("cardoffice");
        await dialog.GetByLabel("Description").First.FillAsync("<b>Front office</b>");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Add realm" }).ClickAsync();
        await Assertions.Expect(Row(page, "Realms", "cardoffice.")).ToContainTextAsync("<b>Front office</b>");

        await page.GetByRole(AriaRole.Button, new() { Name = "Add a credential" }).ClickAsync();
        await dialog.GetByRole(AriaRole.Textbox, new() { Name = "User name" }).FillAsync("alice");
        await ChooseAsync(page, dialog, "cardoffice.");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Generate" }).ClickAsync();
        await Assertions.Expect(dialog.GetByText("Strong")).ToBeVisibleAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Add credential" }).ClickAsync();

        var card = page.GetByRole(AriaRole.Region, new() { Name = "Set up the phone of alice" });
        await Assertions.Expect(card).ToContainTextAsync("127.0.0.1:");
        await Assertions.Expect(card).ToContainTextAsync("Waiting for the phone to register");
        await Assertions.Expect(card.GetByRole(AriaRole.Img, new() { Name = "QR code" })).ToBeVisibleAsync();
        var password = await card.Locator("dt:text-is('Password') + dd .mono").InnerTextAsync();
        var realm = await card.Locator("dt:has-text('Domain') + dd .mono").InnerTextAsync();

        using var phone = await SipDevice.ConnectAsync("udp", server.Setup.SipPort, Cancel);
        await phone.RegisterAsync(realm, "alice", "not the password", Cancel);
        await Assertions.Expect(card).ToContainTextAsync("from 127.0.0.1: Wrong password");
        Assert.Equal(200, (await phone.RegisterAsync(realm, "alice", password, Cancel)).Status);
        await Assertions.Expect(card).ToContainTextAsync("Registered from 127.0.0.1");
        await Assertions.Expect(Row(page, "SIP credentials", realm)).ToContainTextAsync("1 registered");
        Assert.Empty(user.Errors);
    }

    [Fact]
    public async Task RefusedCredential_KeepsWhatWasTyped_AndSaysWhyInTheWordsOfTheApi()
    {
        await _client.CreateRealmAsync("refusing", Cancel);
        await using var user = await server.OpenAsync();
        await user.SignInAsync(UserName);
        await user.GoToAsync("credentials", "SIP Credentials", Account);

        await user.Page.GetByRole(AriaRole.Button, new() { Name = "Add a credential" }).ClickAsync();
        var dialog = user.Page.GetByRole(AriaRole.Dialog);
        await dialog.GetByRole(AriaRole.Textbox, new() { Name = "User name" }).FillAsync("not a name");
        await dialog.GetByRole(AriaRole.Textbox, new() { Name = "Password" }).FillAsync("correct horse battery");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Add credential" }).ClickAsync();

        await Assertions.Expect(dialog.GetByRole(AriaRole.Alert).First).ToContainTextAsync("UserName 'not a name' may contain letters, digits and");
        await Assertions.Expect(dialog.GetByRole(AriaRole.Textbox, new() { Name = "User name" })).ToHaveValueAsync("not a name");
        Assert.Empty(user.Errors);
    }

    [Fact]
    public async Task Import_ShowsWhatFails_ThenAddsTheRest_AndExportHoldsThem()
    {
        var realm = await _client.CreateRealmAsync("imported", Cancel);
        await using var user = await server.OpenAsync();
        var page = user.Page;
        await user.SignInAsync(UserName);
        await user.GoToAsync("credentials/import", "Import credentials", Account);
        await ChooseAsync(page, page.Locator("main"), realm.Fqdn);

        var text = new StringBuilder("UserName;Password\r\n");
        for (var i = 0; i < 4997; i++) text.Append(CultureInfo.InvariantCulture, $"import{i};password of {i}\r\n");
        text.Append("import7;again\r\nbad name;x\r\n\"nobody\";\r\n");
        await page.GetByLabel("CSV file").SetInputFilesAsync(new FilePayload { Name = "phones.csv", MimeType = "text/csv", Buffer = Encoding.UTF8.GetBytes(text.ToString()) });

        await Assertions.Expect(page.GetByText("Hash1 is required")).ToBeVisibleAsync(new() { Timeout = ImportDeadline });
        await Assertions.Expect(page.GetByText("Sip credential import7 occurs more than once in the request")).ToBeVisibleAsync();
        Assert.Equal(0, await CountAsync(realm));
        await page.GetByRole(AriaRole.Button, new() { Name = "Import 4,997 credentials" }).ClickAsync();
        await Assertions.Expect(page.GetByText("4,997 credentials were added")).ToBeVisibleAsync(new() { Timeout = ImportDeadline });
        Assert.Equal(4997, await CountAsync(realm));

        await user.GoToAsync("credentials", "SIP Credentials", Account);
        await page.GetByRole(AriaRole.Textbox, new() { Name = "User name contains" }).FillAsync("import499");
        await Assertions.Expect(page.GetByText("1-8 of 8")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Export" }).ClickAsync();
        var download = await page.RunAndWaitForDownloadAsync(() => page.GetByText("CSV of what the filter shows").ClickAsync());
        var lines = await File.ReadAllLinesAsync(await download.PathAsync(), Cancel);
        Assert.Equal("UserName,Realm,ApplicationId,ApplicationName,Id", lines[0]);
        Assert.Equal(9, lines.Length);
        Assert.Empty(user.Errors);
    }

    [Fact]
    public async Task RealmInUse_IsNotDeleted_UntilItsCredentialIs()
    {
        var realm = await _client.CreateRealmAsync("inuse", Cancel);
        await _client.CreateCredentialAsync(realm, "lastone", "correct horse battery", Cancel);
        await using var user = await server.OpenAsync();
        var page = user.Page;
        await user.SignInAsync(UserName);
        await user.GoToAsync("credentials", "SIP Credentials", Account);
        var dialog = page.GetByRole(AriaRole.Dialog);

        await CommandAsync(page, "Actions for the realm inuse", "Delete");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Delete" }).ClickAsync();
        await Assertions.Expect(dialog).ToContainTextAsync("It is not possible to remove this Realm because it is in use on some provisioned SIP Credentials.");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Cancel" }).ClickAsync();

        await page.GetByLabel("User name contains").FillAsync("lastone");
        await Assertions.Expect(page.GetByText("1-1 of 1")).ToBeVisibleAsync();
        await CommandAsync(page, "Actions for lastone", "Delete");
        await Assertions.Expect(dialog).ToContainTextAsync($"lastone@{realm.Fqdn} is gone for good");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Delete" }).ClickAsync();
        await Assertions.Expect(page.GetByText("lastone was deleted")).ToBeVisibleAsync();
        await CommandAsync(page, "Actions for the realm inuse", "Delete");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Delete" }).ClickAsync();

        await Assertions.Expect(Row(page, "Realms", realm.Fqdn)).ToHaveCountAsync(0);
        Assert.Equal(HttpStatusCode.NotFound, (await _client.GetAsync($"realms/{realm.Id}", Cancel)).Status);
        Assert.Empty(user.Errors);
    }

    [Fact]
    public async Task S_57_OtherAccount_SeesNothing_AndDownloadsNothing()
    {
        var realm = await _client.CreateRealmAsync("hidden", Cancel);
        await _client.CreateCredentialAsync(realm, "hiddenuser", "correct horse battery", Cancel);
        await using var user = await server.OpenAsync();
        await server.AddAccountAsync(OtherAccount, "credentialsother");
        await user.SignInAsync("credentialsother");

        await user.GoToAsync("credentials", "SIP Credentials", OtherAccount);
        await Assertions.Expect(user.Page.GetByText("No realms yet.")).ToBeVisibleAsync();
        await Assertions.Expect(user.Page.GetByText("hidden")).ToHaveCountAsync(0);

        var foreign = await user.Context.APIRequest.GetAsync(DashboardUser.Path("credentials.csv", Account));
        Assert.Equal(404, foreign.Status);
        var own = await user.Context.APIRequest.GetAsync($"/accounts/{OtherAccount}/credentials.csv?realm={realm.Id}");
        Assert.Equal(200, own.Status);
        Assert.DoesNotContain("hiddenuser", await own.TextAsync(), StringComparison.Ordinal);
    }

    private static ILocator Row(IPage page, string table, string text) =>
        page.GetByRole(AriaRole.Table, new() { Name = table }).GetByRole(AriaRole.Row).Filter(new() { HasText = text });

    private static async Task CommandAsync(IPage page, string menu, string command)
    {
        await page.GetByRole(AriaRole.Button, new() { Name = menu }).ClickAsync();
        await page.Locator(".mud-popover-open").GetByText(command, new() { Exact = true }).ClickAsync();
    }

    private static async Task ChooseAsync(IPage page, ILocator within, string option)
    {
        await within.GetByRole(AriaRole.Combobox, new() { Name = "Realm" }).ClickAsync();
        await page.Locator(".mud-popover-open .mud-list-item").Filter(new() { HasText = option }).ClickAsync();
    }

    private async Task<int> CountAsync(ApiRealm realm) =>
        int.Parse((await _client.GetAsync($"realms/{realm.Id}", Cancel))["SipCredentialCount"]!, CultureInfo.InvariantCulture);
}
