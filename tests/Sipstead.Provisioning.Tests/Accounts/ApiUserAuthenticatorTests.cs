using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Sipstead.Provisioning.Accounts;

namespace Sipstead.Provisioning.Tests.Accounts;

/// <summary>Ruling 24. What a check costs is counted in password hashes, not measured in time.</summary>
public sealed class ApiUserAuthenticatorTests : IAsyncLifetime
{
    private const string Password = "correct horse battery";

    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch.AddYears(60));
    private readonly MeterListener _meters = new();
    private Harness _harness = null!;
    private int _verifications;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _harness = await Harness.OpenAsync(_folder, new ProvisioningOptions { BootstrapPassword = Password }, _time);
        var factory = _harness.Services.GetRequiredService<IMeterFactory>();
        _meters.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Name == "sipstead.api.password_verifications" && instrument.Meter.Scope == factory) listener.EnableMeasurementEvents(instrument);
        };
        _meters.SetMeasurementEventCallback<long>((_, value, _, _) => Interlocked.Add(ref _verifications, (int)value));
        _meters.Start();
    }

    public async ValueTask DisposeAsync()
    {
        _meters.Dispose();
        await _harness.DisposeAsync();
        _folder.Dispose();
    }

    private async Task<ApiAuthenticationOutcome> TryAsync(string name, string password) =>
        (await _harness.Authenticator.AuthenticateAsync(name, password, Cancel)).Outcome;

    [Fact]
    public async Task Success_IsRememberedFor60Seconds()
    {
        Assert.Equal(ApiAuthenticationOutcome.Accepted, await TryAsync("admin", Password));
        _time.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal(ApiAuthenticationOutcome.Accepted, await TryAsync("admin", Password));
        Assert.Equal(1, _verifications);
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(ApiAuthenticationOutcome.Accepted, await TryAsync("admin", Password));
        Assert.Equal(2, _verifications);
    }

    [Theory]
    [InlineData("admin", "wrong password")]
    [InlineData("nobody", Password)]
    [InlineData("Admin", Password)]
    [InlineData("admin", "Correct horse battery")]
    [InlineData("adminc", "orrect horse battery")]
    public async Task Refusal_KnownOrUnknownUser_CostsOneVerificationEveryTime(string name, string password)
    {
        Assert.Equal(ApiAuthenticationOutcome.Accepted, await TryAsync("admin", Password));
        Assert.Equal(ApiAuthenticationOutcome.Refused, await TryAsync(name, password));
        Assert.Equal(ApiAuthenticationOutcome.Refused, await TryAsync(name, password));
        Assert.Equal(3, _verifications);
    }

    [Fact]
    public async Task ParallelRequests_OfOneUser_ShareOneVerification()
    {
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 500).Select(_ => TryAsync("admin", Password)));
        Assert.All(outcomes, o => Assert.Equal(ApiAuthenticationOutcome.Accepted, o));
        Assert.Equal(1, _verifications);
    }

    [Fact]
    public async Task ParallelGuesses_BeyondTheQueue_AreTurnedAway()
    {
        const int guesses = 50;
        const int maximumWaiting = 3;
        using var authenticator = new ApiUserAuthenticator(
            _harness.Store, _time, _harness.Services.GetRequiredService<ProvisioningMetrics>(), maximumWaiting);
        var guessing = Enumerable.Range(0, guesses)
            .Select(async i => (await authenticator.AuthenticateAsync("admin", $"guess number {i}", Cancel)).Outcome).ToList();
        var begun = Volatile.Read(ref _verifications); // some may have ended already, and made room
        var outcomes = await Task.WhenAll(guessing);
        Assert.Contains(ApiAuthenticationOutcome.Overloaded, outcomes);
        Assert.InRange(_verifications, 1, begun + maximumWaiting + Environment.ProcessorCount);
        Assert.Equal(guesses - _verifications, outcomes.Count(o => o == ApiAuthenticationOutcome.Overloaded));
        Assert.NotNull((await authenticator.AuthenticateAsync("admin", Password, Cancel)).Principal);
    }
}
