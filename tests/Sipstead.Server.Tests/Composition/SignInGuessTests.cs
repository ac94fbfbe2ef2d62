using System.Net;
using Sipstead.Testing;

namespace Sipstead.Server.Tests.Composition;

/// <summary>Guessing where people sign in, and guessing tokens.</summary>
public sealed class SignInGuessTests(RunningServer running) : IClassFixture<RunningServer>
{
    private const string TokenField = "name=\"__RequestVerificationToken\" value=\"";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task S_09_AThousandGuesses_AtTheDashboard_AreSlowed_AndTheRightPasswordFromElsewhereWorks()
    {
        using var browser = await BrowserAsync();
        var statuses = new Dictionary<HttpStatusCode, int>();
        for (var i = 0; i < 1000; i++)
        {
            using var answer = await browser.SignInAsync($"guess number {i}", "203.0.113.1");
            statuses[answer.StatusCode] = statuses.GetValueOrDefault(answer.StatusCode) + 1;
            if (answer.StatusCode == HttpStatusCode.TooManyRequests) Assert.InRange(answer.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 60);
        }

        Assert.Equal([HttpStatusCode.TooManyRequests, HttpStatusCode.Unauthorized], statuses.Keys.OrderDescending());
        Assert.InRange(statuses[HttpStatusCode.Unauthorized], 5, 40); // five, then one after each wait
        using var elsewhere = await browser.SignInAsync(ServerSetup.Password, "203.0.113.2");
        Assert.Equal(HttpStatusCode.Redirect, elsewhere.StatusCode);
    }

    /// <summary>A token is checked by its signature, which costs no password hash and holds up nobody.</summary>
    [Fact]
    public async Task S_09_AThousandGuessedTokens_AreRefused_AndHoldUpNobody()
    {
        using var http = new HttpClient { BaseAddress = running.Setup.HttpAddress };
        for (var i = 0; i < 1000; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/accounts/{ServerSetup.Account}/realms");
            request.Headers.TryAddWithoutValidation("Authorization", $"Bearer eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhZG1pbiJ9.{i:x43}");
            using var answer = await http.SendAsync(request, Cancel);
            Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
            Assert.Contains("invalid_token", answer.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
        }

        Assert.Equal(HttpStatusCode.OK, (await running.Server.Client.GetAsync("realms", Cancel)).Status);
    }

    private async Task<Browser> BrowserAsync()
    {
        var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = running.Setup.HttpAddress };
        var page = await http.GetStringAsync("/signin", Cancel);
        return new Browser(http, page.Split(TokenField)[1].Split('"')[0]);
    }

    /// <summary>With the cookie and the token of the form.</summary>
    private sealed class Browser(HttpClient http, string token) : IDisposable
    {
        public void Dispose() => http.Dispose();

        public async Task<HttpResponseMessage> SignInAsync(string password, string forwardedFor)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/signin")
            {
                Content = new FormUrlEncodedContent(
                [
                    new("_handler", "signin"), new("__RequestVerificationToken", token), new("Form.UserName", ServerSetup.UserName), new("Form.Password", password),
                ]),
            };
            request.Headers.Add("X-Forwarded-For", forwardedFor);
            return await http.SendAsync(request, Cancel);
        }
    }
}
