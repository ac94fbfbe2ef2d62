using System.Diagnostics.Metrics;
using Sipstead.Provisioning.Accounts;

namespace Sipstead.Provisioning;

/// <summary>What the project counts.</summary>
internal sealed class ProvisioningMetrics : IDisposable
{
    public const string MeterName = "Sipstead.Provisioning";

    private readonly Meter _meter;
    private readonly Counter<long> _authentications;
    private readonly Counter<long> _verifications;
    private readonly Counter<long> _slowedSignIns;
    private readonly Counter<long> _slowedRequests;
    private readonly Counter<long> _requests;
    private readonly Counter<long> _tokens;
    private readonly Counter<long> _tokenChecks;

    public ProvisioningMetrics(IMeterFactory meters)
    {
        _meter = meters.Create(MeterName);
        _authentications = _meter.CreateCounter<long>(
            "sipstead.api.authentications", "{authentication}", "Checks of API names and passwords, by outcome");
        _verifications = _meter.CreateCounter<long>(
            "sipstead.api.password_verifications",
            "{verification}",
            "Password hashes computed to check a password, about 0.2 s of a core each");
        _slowedSignIns = _meter.CreateCounter<long>(
            "sipstead.dashboard.slowed_sign_ins", "{sign-in}", "Tries to sign in that had to wait because of failures before");
        _slowedRequests = _meter.CreateCounter<long>(
            "sipstead.api.slowed_requests", "{request}", "API requests answered 429 because of wrong passwords before");
        _requests = _meter.CreateCounter<long>("sipstead.api.requests", "{request}", "Requests of the account API, by method and status");
        _tokens = _meter.CreateCounter<long>("sipstead.api.tokens", "{token}", "Access tokens that were issued");
        _tokenChecks = _meter.CreateCounter<long>("sipstead.api.token_checks", "{check}", "Checks of access tokens, by outcome");
    }

    public void Authenticated(ApiAuthenticationOutcome outcome) =>
        _authentications.Add(1, new KeyValuePair<string, object?>("outcome", outcome.ToString()));

    public void Verifying() => _verifications.Add(1);

    public void SignInSlowed() => _slowedSignIns.Add(1);

    public void ApiRequestSlowed() => _slowedRequests.Add(1);

    public void TokenIssued() => _tokens.Add(1);

    public void TokenChecked(bool isValid) =>
        _tokenChecks.Add(1, new KeyValuePair<string, object?>("outcome", isValid ? "Accepted" : "Refused"));

    public void Answered(string method, int status) => _requests.Add(
        1, new KeyValuePair<string, object?>("method", method), new KeyValuePair<string, object?>("status", status));

    public void Dispose() => _meter.Dispose();
}
