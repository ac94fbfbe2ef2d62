using System.Globalization;
using Sipstead.Provisioning.View;
using Sipstead.Webhooks.Exchanges;

namespace Sipstead.Voice.Calls;

/// <summary>
/// The calls of an account as a person looks at them, and what a person may do with them. A call of another account is as unknown as one that is not there.
/// Thread-safe.
/// </summary>
public sealed class CallDirectory
{
    private const int MaximumPageSize = 1000;

    private readonly CallServices _services;
    private readonly ExchangeLog _exchanges;
    private readonly ProvisioningView _view;
    private readonly TestCaller _tests;

    internal CallDirectory(CallServices services, CallEngine engine, ExchangeLog exchanges, ProvisioningView view)
    {
        _services = services;
        _exchanges = exchanges;
        _view = view;
        _tests = new TestCaller(engine, view, services.Options);
    }

    /// <summary>
    /// Raised with each new state of a call of any account, those of one call in order, two calls maybe at once. Outside of locks, but the call waits:
    /// handlers must be quick.
    /// </summary>
    public event Action<CallState>? Changed
    {
        add => _services.Changes.Changed += value;
        remove => _services.Changes.Changed -= value;
    }

    /// <summary>A page of an account's calls, newest first.</summary>
    /// <param name="pageSize">1 to 1000.</param>
    /// <param name="before">Null for the first page, then what <see cref="CallPage.Next"/> says.</param>
    public CallPage List(long accountId, CallFilter filter, int pageSize = 50, long? before = null)
    {
        ArgumentNullException.ThrowIfNull(filter);
        return _services.Registry.ListNewest(TextOf(accountId), filter, Math.Clamp(pageSize, 1, MaximumPageSize), before);
    }

    /// <summary>Calls of an account that have not ended.</summary>
    public int CountLive(long accountId) => _services.Traffic.LiveOf(TextOf(accountId));

    /// <summary>All that is known of a call; null when there is none (any more).</summary>
    public CallDetails? Find(long accountId, string callId)
    {
        if (!_services.Registry.TryFind(TextOf(accountId), callId, out var call)) return null;
        return new CallDetails
        {
            State = call.State, Legs = call.Legs.All, Media = call.Media, Documents = _services.Documents.Find(callId),
            Exchanges = _exchanges.Find(TextOf(accountId), callId), Trace = _services.Trace.OfCall(call.TraceNumber),
        };
    }

    /// <summary>The calls that a Transfer or Forward made for a call, newest first.</summary>
    public IReadOnlyList<CallState> LegsOf(CallState call)
    {
        ArgumentNullException.ThrowIfNull(call);
        return [.. _services.Registry.Since(call.AccountId, call.BeginTime ?? DateTimeOffset.MinValue).Where(leg => leg.Transfer?.ParentCallId == call.CallId)];
    }

    /// <summary>Hangs up, cancels or rejects a call, whichever its state asks for. False when it has ended or there is none.</summary>
    public async Task<bool> HangUpAsync(long accountId, string callId) =>
        _services.Registry.TryFind(TextOf(accountId), callId, out var call) && call.Live is { } live && await live.CompleteAsync();

    /// <summary>Makes a call that begins with a document at hand, unless something forbids it.</summary>
    public TestCallResult TryCallDevice(TestCall wish)
    {
        ArgumentNullException.ThrowIfNull(wish);
        return _tests.TryCall(wish);
    }

    /// <summary>The SIP URI that calls a credential's devices; null when the account has no such credential.</summary>
    public string? AddressOf(long accountId, long credentialId) =>
        _view.Credentials.TryGet(credentialId, out var credential) && _view.Realms.TryFind(credential.RealmId, out var realm) && realm.AccountId == accountId
        && _view.Credentials.TryGetUserName(credentialId, out var userName)
            ? $"sip:{UserPart.Escape(userName)}@{realm.Fqdn}"
            : null;

    /// <summary>Figures of an account's calls.</summary>
    /// <param name="window">How far back failures count.</param>
    public VoiceStatistics Statistics(long accountId, TimeSpan window)
    {
        var now = _services.Time.GetUtcNow();
        var calls = _services.Registry.Since(TextOf(accountId), VoiceStatistics.FirstBegin(now, window));
        return VoiceStatistics.Of(calls, CountLive(accountId), now, window);
    }

    private static string TextOf(long accountId) => accountId.ToString(CultureInfo.InvariantCulture);
}
