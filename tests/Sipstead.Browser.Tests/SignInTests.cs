using System.Net;
using Microsoft.Playwright;
using Sipstead.Testing;

namespace Sipstead.Browser.Tests;

/// <summary>The way in and out, and what a session is good for (S-39).</summary>
public sealed class SignInTests(DashboardServer server)
{
    private const string Cookie = "sipstead-session";

    [Fact]
    public async Task Page_WithoutSession_AsksToSignIn_AndGoesOn()
    {
        await using var user = await server.OpenAsync();
        await user.Page.GotoAsync(DashboardUser.Path("settings"));
        await Assertions.Expect(user.Page).ToHaveTitleAsync("Sign in · Sipstead");

        await user.FillSignInAsync(ServerSetup.UserName, ServerSetup.Password);

        await user.Page.WaitForURLAsync("**" + DashboardUser.Path("settings"));
        Assert.Empty(user.Errors);
    }

    [Fact]
    public async Task WrongPassword_IsRefused_AndTheNameStays()
    {
        await using var user = await server.OpenAsync();
        await user.Page.GotoAsync("/signin");

        await user.FillSignInAsync("somebody", "not the password");

        await Assertions.Expect(user.Page.GetByRole(AriaRole.Alert)).ToHaveTextAsync("The user name or the password is wrong.");
        await Assertions.Expect(user.Page.GetByLabel("User")).ToHaveValueAsync("somebody");
    }

    [Fact]
    public async Task ReturnToAnotherSite_IsNotFollowed()
    {
        await using var user = await server.OpenAsync();
        await user.Page.GotoAsync("/signin?return=%2F%2Fevil.example%2F");

        await user.FillSignInAsync(ServerSetup.UserName, ServerSetup.Password);

        await user.Page.WaitForURLAsync("**" + DashboardUser.Path(""));
        Assert.StartsWith(server.Setup.HttpAddress.ToString(), user.Page.Url, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cookie_IsForThisSiteAndNoScript()
    {
        await using var user = await server.OpenAsync();
        await user.SignInAsync();

        var cookie = await SessionCookieAsync(user);
        Assert.True(cookie.HttpOnly);
        Assert.Equal(SameSiteAttribute.Strict, cookie.SameSite);
        Assert.DoesNotContain(Cookie, await user.Page.EvaluateAsync<string>("document.cookie"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task SignOut_KillsTheSession_ForACopyOfTheCookieToo()
    {
        await using var user = await server.OpenAsync();
        await user.SignInAsync();
        var copy = (await SessionCookieAsync(user)).Value;

        await user.Page.GetByRole(AriaRole.Button, new() { Name = ServerSetup.UserName }).ClickAsync();
        await user.Page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await Assertions.Expect(user.Page).ToHaveTitleAsync("Sign in · Sipstead");

        using var answer = await GetAsync(DashboardUser.Path(""), copy);
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        Assert.Contains("/signin", answer.Headers.Location!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task SignIn_BeginsASessionThatNoEarlierCookieHad()
    {
        await using var user = await server.OpenAsync();
        await user.SignInAsync();
        var first = (await SessionCookieAsync(user)).Value;

        await user.SignInAsync();

        Assert.NotEqual(first, (await SessionCookieAsync(user)).Value);
    }

    [Theory]
    [InlineData("/api/accounts/9900000/realms")]
    [InlineData("/api/v2/accounts/9900000/calls")]
    public async Task Api_DoesNotAcceptTheCookie(string path)
    {
        await using var user = await server.OpenAsync();
        await user.SignInAsync();
        var cookie = (await SessionCookieAsync(user)).Value;

        using var answer = await GetAsync(path, cookie);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    [Theory]
    [InlineData("/signin")]
    [InlineData("/signout")]
    public async Task FormWithoutToken_IsRefused(string path)
    {
        await using var user = await server.OpenAsync();
        await user.SignInAsync();
        var cookie = (await SessionCookieAsync(user)).Value;
        using var client = Client();
        using var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new FormUrlEncodedContent(new Dictionary<string, string> { ["_handler"] = "signin", ["Form.UserName"] = "admin", ["Form.Password"] = "x" }),
            Headers = { { "Cookie", $"{Cookie}={cookie}" } },
        };

        using var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        using var still = await GetAsync(DashboardUser.Path(""), cookie);
        Assert.Equal(HttpStatusCode.OK, still.StatusCode);
    }

    [Fact]
    public async Task EveryAnswer_CarriesTheSecurityHeaders()
    {
        using var answer = await GetAsync("/signin", null);

        var policy = Assert.Single(answer.Headers.GetValues("Content-Security-Policy"));
        Assert.Contains("default-src 'none'; script-src 'self';", policy, StringComparison.Ordinal);
        Assert.Contains("media-src 'self';", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
        Assert.Equal("DENY", Assert.Single(answer.Headers.GetValues("X-Frame-Options")));
    }

    [Fact]
    public async Task AccountOfOthers_AndNoAccount_LookTheSame()
    {
        await using var user = await server.OpenAsync();
        await user.SignInAsync();

        await user.Page.GotoAsync("/accounts/123456/credentials");

        await Assertions.Expect(user.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Nothing here");
    }

    [Fact]
    public async Task UnknownPath_Is404_WithAPageForWhoIsSignedIn()
    {
        await using var user = await server.OpenAsync();
        using var anonymous = await GetAsync("/no/such/page", null);
        await user.SignInAsync();

        var signedIn = await user.Page.GotoAsync("/no/such/page");

        Assert.Equal((HttpStatusCode.NotFound, 404), (anonymous.StatusCode, signedIn!.Status));
        await Assertions.Expect(user.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Nothing here");
    }

    private static async Task<BrowserContextCookiesResult> SessionCookieAsync(DashboardUser user) =>
        Assert.Single(await user.Context.CookiesAsync(), cookie => cookie.Name == Cookie);

    private HttpClient Client() => new(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = server.Setup.HttpAddress };

    private async Task<HttpResponseMessage> GetAsync(string path, string? cookie)
    {
        Assert.SkipUnless(ProgramRun.IsInstalled("chromium"), "chromium is not installed (Debian package chromium)");
        using var client = Client();
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (cookie is not null) request.Headers.Add("Cookie", $"{Cookie}={cookie}");
        return await client.SendAsync(request, TestContext.Current.CancellationToken);
    }
}
