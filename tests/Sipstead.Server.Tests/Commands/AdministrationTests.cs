using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Sipstead.Testing;

namespace Sipstead.Server.Tests.Commands;

/// <summary><c>sipstead account add</c> and <c>sipstead user add</c>, against a running server and on a stopped one's folder (ruling 23).</summary>
public sealed class AdministrationTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ServerSetup _setup;

    public AdministrationTests() => _setup = new ServerSetup(_folder["data"]);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Add_WhileTheServerRuns_TakesEffectAtOnce()
    {
        await using var server = await ServerProcess.StartAsync(_setup, Cancel);

        var account = await RunAsync("account", "add", "9900001");
        var user = await RunAsync("user", "add", "bob", "--account", "9900001", "--role", "write");

        Assert.Contains($"its SIP port is {_setup.FirstAccountPort}", account.Output, StringComparison.Ordinal);
        using var bob = _setup.CreateClient(9_900_001, "bob", PasswordIn(user));
        Assert.Equal(HttpStatusCode.OK, (await bob.GetAsync("realms", Cancel)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await server.Client.GetAsync("/api/accounts/9900001/realms", Cancel)).Status);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_folder["data/admin.sock"]));
    }

    /// <summary>The way of a client of the whole server: a token for its name and password, then each API with the token.</summary>
    [Fact]
    public async Task User_IsAClientOfEveryApi_UntilItIsRemoved()
    {
        await using var server = await ServerProcess.StartAsync(_setup, Cancel);
        var added = await RunAsync("user", "add", "robot", "--account", "9900000", "--role", "read");
        Assert.Contains("read   robot", (await RunAsync("user", "list", "--account", "9900000")).Output, StringComparison.Ordinal);

        using var client = new HttpClient { BaseAddress = _setup.HttpAddress };
        using var ask = new HttpRequestMessage(HttpMethod.Post, "/api/v1/oauth2/token");
        ask.Content = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "client_credentials", ["client_id"] = "robot", ["client_secret"] = PasswordIn(added),
        });
        using var answer = await client.SendAsync(ask, Cancel);
        var token = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Cancel)).RootElement.GetProperty("access_token").GetString();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        string[] resources = ["realms", "applications", "calls", "statistics"];
        foreach (var resource in resources) Assert.Equal(HttpStatusCode.OK, await StatusAsync(resource));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync("users"));

        await RunAsync("user", "remove", "robot", "--account", "9900000");
        foreach (var resource in resources) Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(resource));

        async Task<HttpStatusCode> StatusAsync(string resource)
        {
            using var response = await client.GetAsync($"/api/v2/accounts/9900000/{resource}", Cancel);
            return response.StatusCode;
        }
    }

    [Fact]
    public async Task Add_WhileTheServerIsStopped_IsThereAtTheNextStart()
    {
        await using (var first = await ServerProcess.StartAsync(_setup, Cancel)) await first.StopAsync(Poll.DefaultDeadline, Cancel);

        await RunAsync("account", "add", "9900001");
        await RunAsync("user", "add", "bob", "--account", "9900001", "--password", "looking glass");

        await using var server = await ServerProcess.StartAsync(_setup, Cancel);
        using var bob = _setup.CreateClient(9_900_001, "bob", "looking glass");
        Assert.Equal(HttpStatusCode.OK, (await bob.GetAsync("realms", Cancel)).Status);
    }

    [Fact]
    public async Task Add_AfterTheServerWasKilled_PassesOverItsSocket()
    {
        await using (var killed = await ServerProcess.StartAsync(_setup, Cancel)) await killed.KillAsync(Cancel);
        Assert.True(File.Exists(_folder["data/admin.sock"]));

        Assert.Equal(0, (await RunAsync("account", "add", "9900001")).ExitCode);
    }

    [Fact]
    public async Task Add_OnAFreshFolder_TellsTheFirstPassword()
    {
        var result = await ServerProcess.RunAsync(_setup.With("Sipstead__Bootstrap__Password", null), ["account", "add", "9900001"], Cancel);

        Assert.Equal(0, result.ExitCode);
        var password = result.Output.Split("password ")[1].Split(' ')[0];
        await using var server = await ServerProcess.StartAsync(_setup, Cancel);
        using var client = _setup.CreateClient(password: password);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("realms", Cancel)).Status);
    }

    [Theory]
    [InlineData("account 9900000 exists", "account", "add", "9900000")]
    [InlineData("must be 1 or more", "account", "add", "0")]
    [InlineData("there is no account 123", "user", "add", "bob", "--account", "123")]
    [InlineData("user 'admin' exists", "user", "add", "admin", "--account", "9900000")]
    [InlineData("'owner' is no role; give read, write or admin", "user", "add", "bob", "--account", "9900000", "--role", "owner")]
    [InlineData("'2' is no role", "user", "add", "bob", "--account", "9900000", "--role", "2")]
    [InlineData("shorter than 8", "user", "add", "bob", "--account", "9900000", "--password", "short")]
    [InlineData("--account", "user", "add", "bob")]
    [InlineData("acme", "account", "add", "acme")]
    [InlineData("there is no account 123", "user", "list", "--account", "123")]
    [InlineData("has no user 'bob'", "user", "remove", "bob", "--account", "9900000")]
    [InlineData("last admin", "user", "remove", "admin", "--account", "9900000")]
    public async Task Add_WhatCannotBe_FailsWithTheReason(string reason, params string[] arguments)
    {
        var result = await ServerProcess.RunAsync(_setup, arguments, Cancel);

        Assert.Equal(1, result.ExitCode);
        Assert.Contains(reason, result.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Add_TheSameFailsOnARunningServerToo()
    {
        await using var server = await ServerProcess.StartAsync(_setup, Cancel);

        var result = await ServerProcess.RunAsync(_setup, ["account", "add", ServerSetup.Account.ToString(CultureInfo.InvariantCulture)], Cancel);

        Assert.Equal((1, "account 9900000 exists"), (result.ExitCode, result.Errors.Trim()));
    }

    [Fact]
    public async Task Add_MoreAccountsThanPorts_IsRefused()
    {
        var setup = _setup.With("Sipstead__Sip__AccountPorts", _setup.FirstAccountPort.ToString(CultureInfo.InvariantCulture));
        Assert.Equal(0, (await ServerProcess.RunAsync(setup, ["account", "add", "9900001"], Cancel)).ExitCode);

        var result = await ServerProcess.RunAsync(setup, ["account", "add", "9900002"], Cancel);

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("Sipstead:Sip:AccountPorts", result.Errors, StringComparison.Ordinal);
    }

    private static string PasswordIn(ProgramResult result) => result.Output.Split("Password: ")[1].Split(' ')[0];

    private async Task<ProgramResult> RunAsync(params string[] arguments)
    {
        var result = await ServerProcess.RunAsync(_setup, arguments, Cancel);
        Assert.True(result.ExitCode == 0, result.ToString());
        return result;
    }
}
