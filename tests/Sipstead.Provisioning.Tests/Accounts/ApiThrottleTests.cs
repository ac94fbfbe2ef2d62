using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Sipstead.Provisioning.Accounts;
using Sipstead.Provisioning.Tokens;
using Sipstead.Testing.Sip;

namespace Sipstead.Provisioning.Tests.Accounts;

/// <summary>Guessing over the APIs is slowed; who knows the password is not. The clock stands unless a test moves it.</summary>
public sealed class ApiThrottleTests : IAsyncLifetime
{
    private const string Password = "correct horse battery";
    private const string Here = "192.0.2.1";
    private const string Elsewhere = "192.0.2.2";

    private readonly TemporaryFolder _folder = new();
    private readonly CountingMeters _meters = new();
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch.AddYears(60));
    private Harness _harness = null!;
    private ProvisioningMetrics _metrics = null!;
    private ApiUserAuthenticator _authenticator = null!;
    private AccountAccess _access = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _harness = await Harness.OpenAsync(_folder, new ProvisioningOptions { BootstrapPassword = Password });
        _metrics = new ProvisioningMetrics(_meters);
        _authenticator = new ApiUserAuthenticator(_harness.Store, _time, _metrics);
        _access = new AccountAccess(
            new ApiPasswords(_authenticator, new ApiThrottle(_time, _metrics), NullLogger<ApiPasswords>.Instance),
            _harness.Services.GetRequiredService<AccessTokens>(),
            _metrics);
    }

    public async ValueTask DisposeAsync()
    {
        _authenticator.Dispose();
        _metrics.Dispose();
        await _harness.DisposeAsync();
        _meters.Dispose();
        _folder.Dispose();
    }

    /// <summary>The outcome, and the seconds of Retry-After if there are any.</summary>
    private async Task<(AccountAccessOutcome Outcome, string RetryAfter)> AskAsync(string user, string password, string remote = Here)
    {
        var context = new DefaultHttpContext { RequestAborted = Cancel };
        context.Connection.RemoteIpAddress = IPAddress.Parse(remote);
        context.Request.Headers.Authorization = "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}"));
        var authorization = await _access.AuthorizeAsync(context, "9900000", ApiRole.Read);
        return (authorization.Outcome, context.Response.Headers.RetryAfter.ToString());
    }

    /// <summary>The right password is among the guesses after those that are checked: who hit it would not know.</summary>
    [Fact]
    public async Task S_09_AThousandGuesses_CostTenHashes_AndTheRightPasswordFromElsewhereWorks()
    {
        for (var i = 0; i < 1000; i++)
        {
            var answer = await AskAsync("admin", i == 500 ? Password : $"guess number {i}");
            Assert.Equal(i < 10 ? (AccountAccessOutcome.Unauthenticated, "") : (AccountAccessOutcome.Slowed, "1"), answer);
        }

        Assert.Equal(10, _meters["sipstead.api.password_verifications"]);
        Assert.Equal(990, _meters["sipstead.api.slowed_requests"]);
        Assert.Equal((AccountAccessOutcome.Authorized, ""), await AskAsync("admin", Password, Elsewhere));
    }

    [Fact]
    public async Task S_09_UnknownAndKnownUsers_AreAnsweredAlike_AndCostOneHashEach()
    {
        foreach (var user in new[] { "admin", "nobody" })
        {
            for (var i = 0; i < 12; i++)
            {
                var answer = await AskAsync(user, $"guess {i}");
                Assert.Equal(i < 10 ? (AccountAccessOutcome.Unauthenticated, "") : (AccountAccessOutcome.Slowed, "1"), answer);
            }
        }

        Assert.Equal(20, _meters["sipstead.api.password_verifications"]);
    }

    /// <summary>Behind one address sit a user and somebody who guesses the user's password.</summary>
    [Fact]
    public async Task Remembered_ThePasswordThatWasRight_IsNotHeldUpByGuesses()
    {
        Assert.Equal(AccountAccessOutcome.Authorized, (await AskAsync("admin", Password)).Outcome);
        for (var i = 0; i < 15; i++) await AskAsync("admin", $"guess {i}");
        Assert.Equal(AccountAccessOutcome.Slowed, (await AskAsync("admin", "another guess")).Outcome);
        Assert.Equal(AccountAccessOutcome.Authorized, (await AskAsync("admin", Password)).Outcome);
    }

    [Fact]
    public async Task Waited_TheNextPasswordIsChecked_AndARightOneTakesTheFailuresAway()
    {
        for (var i = 0; i < 11; i++) await AskAsync("admin", $"guess {i}");
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(AccountAccessOutcome.Authorized, (await AskAsync("admin", Password)).Outcome);
        for (var i = 0; i < 10; i++) Assert.Equal(AccountAccessOutcome.Unauthenticated, (await AskAsync("admin", $"guess {i}")).Outcome);
        Assert.Equal(AccountAccessOutcome.Slowed, (await AskAsync("admin", "one more")).Outcome);
    }

    [Fact]
    public void ManyNames_FromOneSource_SlowTheSource_AndOfIpv6TheNetwork()
    {
        var throttle = new ApiThrottle(_time, _metrics);
        for (var i = 0; i < 100; i++) throttle.Checked($"user{i}", IPAddress.Parse($"2001:db8::{i:x}"), isRight: false);
        Assert.Equal(TimeSpan.FromSeconds(1), throttle.Wait("somebody", IPAddress.Parse("2001:db8::ffff")));
        Assert.Equal(TimeSpan.Zero, throttle.Wait("somebody", IPAddress.Parse("2001:db8:0:1::1")));
    }

    [Fact]
    public void Memory_IsBounded()
    {
        var throttle = new ApiThrottle(_time, _metrics, maximumKeys: 50);
        for (var i = 0; i < 1000; i++) throttle.Checked($"user{i}", new IPAddress([10, 0, (byte)(i >> 8), (byte)i]), isRight: false);
        Assert.Equal(100, throttle.Count);
        throttle.Checked(new string('x', 5000), IPAddress.Parse(Here), isRight: false);
        Assert.Equal(100, throttle.Count);
    }
}
