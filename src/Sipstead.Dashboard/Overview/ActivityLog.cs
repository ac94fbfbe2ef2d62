using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Extensions.Hosting;
using Sipstead.Provisioning.View;
using Sipstead.Registrar;
using Sipstead.Registrar.History;
using Sipstead.Voice.Calls;
using Sipstead.Webhooks.Exchanges;

namespace Sipstead.Dashboard.Overview;

/// <summary>
/// Counts what happens in each account, for the charts of the overview: 6 kB an account, at most 2,000 accounts; what happens in further ones is not counted.
/// </summary>
internal sealed class ActivityLog(
    RegistrarService registrar, CallDirectory calls, ExchangeLog exchanges, ProvisioningView view, TimeProvider time) : IHostedService
{
    private const int MaximumAccounts = 2000;

    private readonly ConcurrentDictionary<long, AccountActivity> _accounts = new();

    public Task StartAsync(CancellationToken cancellationToken)
    {
        registrar.History.Added += OnAttempt;
        calls.Changed += OnCall;
        exchanges.Added += OnExchange;
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        registrar.History.Added -= OnAttempt;
        calls.Changed -= OnCall;
        exchanges.Added -= OnExchange;
        return Task.CompletedTask;
    }

    /// <summary>The last buckets of an account, oldest first.</summary>
    public ActivityBucket[] Last(long accountId, int count) =>
        _accounts.TryGetValue(accountId, out var activity) ? activity.Last(time.GetUtcNow(), count) : new ActivityBucket[count];

    private void OnAttempt(AttemptNotice attempt)
    {
        if (!view.Realms.TryFind(attempt.RealmId, out var realm)) return;
        if (attempt.Outcome == RegistrationOutcome.Registered) Of(realm.AccountId)?.Count(time.GetUtcNow(), new ActivityBucket { Registrations = 1 });
        else if (RegistrationOutcomes.IsRefusal(attempt.Outcome)) Of(realm.AccountId)?.Count(time.GetUtcNow(), new ActivityBucket { RefusedRegistrations = 1 });
    }

    private void OnCall(CallState call)
    {
        if (call.Phase == CallPhase.Disconnected)
            AccountOf(call.AccountId)?.Count(time.GetUtcNow(), new ActivityBucket { Calls = 1, FailedCalls = call.HasFailed ? 1 : 0 });
    }

    private void OnExchange(WebhookExchange exchange)
    {
        if (exchange.Error is not null) AccountOf(exchange.AccountId)?.Count(time.GetUtcNow(), new ActivityBucket { WebhookErrors = 1 });
    }

    private AccountActivity? AccountOf(string accountId) =>
        long.TryParse(accountId, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? Of(id) : null;

    private AccountActivity? Of(long accountId)
    {
        if (_accounts.TryGetValue(accountId, out var activity)) return activity;
        return _accounts.Count >= MaximumAccounts ? null : _accounts.GetOrAdd(accountId, _ => new AccountActivity());
    }
}
