using System.Text;
using Sipstead.Testing;

namespace Sipstead.Server.Tests.Tenancy;

/// <summary>Paths and requests that mean one thing to one reader and another to the next.</summary>
public sealed class HostileRequestTests(TwoTenants tenants) : IClassFixture<TwoTenants>
{
    /// <summary>Things that nobody else has one of that is called so.</summary>
    private static readonly string[] Marks = ["fqdn", "application", "name", "number", "user", "callId"];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>What stands in the place of the account: 1 is the stranger's own, 9 the other's.</summary>
    [Theory]
    [InlineData("1/%2e%2e/9")]
    [InlineData("1/../9")]
    [InlineData("1/realms/../../9")]
    [InlineData("1/realms/%2E%2E/%2e%2e/9")]
    [InlineData("1%2f..%2f9")]
    [InlineData("1%5c..%5c9")]
    [InlineData("1\\..\\9")]
    [InlineData("1//9")]
    [InlineData("1/..;/9")]
    [InlineData("1/%252e%252e/9")]
    [InlineData("9;a=b")]
    [InlineData("9.")]
    [InlineData("9%20")]
    [InlineData("%209")]
    [InlineData("+9")]
    [InlineData("09")]
    [InlineData("9%00")]
    [InlineData("9%00/../1")]
    [InlineData("9?/../1")]
    [InlineData("9#/../1")]
    public async Task S_42_PathTricks_LeadNowhere_AtAnyResource(string trick)
    {
        var (own, theirs) = ($"{tenants.Stranger.Account}", $"{tenants.Owner.Account}");
        foreach (var resource in tenants.Resources.Where(resource => resource.Method == "GET").DistinctBy(resource => resource.Pattern))
        {
            var place = string.Concat(trick.Select(c => c switch { '1' => own, '9' => theirs, _ => $"{c}" }));
            var path = Bodies.Fill($"{resource.Prefix}{place}/{resource.Pattern}", tenants.Owner.Things);
            var answer = await AskAsync($"GET {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: {tenants.Stranger.Authorization}\r\nConnection: close\r\n\r\n");
            var isOwn = RawHttp.StatusOf(answer) is 200 or 303 && !Marks.Any(mark => answer.Contains(tenants.Owner.Things[mark], StringComparison.Ordinal));
            Assert.True(isOwn || RawHttp.StatusOf(answer) is >= 400 and < 500, $"{path}: {answer}");
        }
    }

    /// <summary>Of a request whose end two readers see in different places, nothing behind the first is answered.</summary>
    [Theory]
    [InlineData("Content-Length: 4\r\nTransfer-Encoding: chunked")]
    [InlineData("Transfer-Encoding: chunked\r\nContent-Length: 4")]
    [InlineData("Content-Length: 5\r\nContent-Length: 6")]
    [InlineData("Content-Length: 5, 6")]
    [InlineData("Content-Length: 0x5")]
    [InlineData("Content-Length: -1")]
    [InlineData("Content-Length : 5")]
    [InlineData("Transfer-Encoding : chunked")]
    [InlineData("Transfer-Encoding: xchunked")]
    [InlineData("Transfer-Encoding: chunked, identity")]
    [InlineData("Transfer-Encoding:\r\n chunked")]
    [InlineData("Transfer-Encoding: \x0bchunked")]
    [InlineData("X: a\rContent-Length: 5")]
    [InlineData("X: a\0b")]
    public async Task S_43_RequestWithTwoEnds_IsTheLastOfItsConnection(string headers)
    {
        var answer = await AskAsync(
            $"POST /api/v1/oauth2/token HTTP/1.1\r\nHost: localhost\r\n{headers}\r\n\r\n0\r\n\r\nGET /health/live HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        Assert.DoesNotContain("live\n", answer, StringComparison.Ordinal);
        Assert.InRange(answer.Split("HTTP/1.1 ").Length - 1, 0, 1);
    }

    /// <summary>The limits count who asks, as the proxy on this machine tells, and not the proxy.</summary>
    [Fact]
    public async Task S_43_GuessesThroughAProxy_SlowWhoGuesses_AndNobodyElse()
    {
        var guesses = new List<int>();
        for (var i = 0; i < 12; i++) guesses.Add(await GuessAsync("127.0.0.1, 203.0.113.1", $"guess {i}"));

        Assert.Equal([.. Enumerable.Repeat(401, 10), 429, 429], guesses);
        Assert.Equal(401, await GuessAsync("203.0.113.1, 203.0.113.2", "guess"));
        Assert.Equal(200, await GuessAsync("203.0.113.3", ServerSetup.Password));
    }

    private async Task<int> GuessAsync(string forwardedFor, string password)
    {
        var credentials = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{ServerSetup.UserName}:{password}"));
        return RawHttp.StatusOf(await AskAsync(
            $"GET /api/accounts/{tenants.Owner.Account}/realms HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: {forwardedFor}\r\nAuthorization: Basic {credentials}\r\nConnection: close\r\n\r\n"));
    }

    private Task<string> AskAsync(string request) => RawHttp.SendAsync(tenants.Server.Setup.HttpAddress, request, Cancel);
}
