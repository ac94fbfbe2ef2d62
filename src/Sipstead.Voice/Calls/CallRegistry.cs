using System.Diagnostics.CodeAnalysis;

namespace Sipstead.Voice.Calls;

/// <summary>Every call that the API knows: live ones, and ended ones for a while.</summary>
/// <param name="forgotten">Told the id of a call that is no longer known; null for nobody.</param>
internal sealed class CallRegistry(VoiceOptions options, TimeProvider time, Action<string>? forgotten = null)
{
    private readonly KeptRecords<RegisteredCall> _calls = new(options.MaxEndedCalls, time, call => forgotten?.Invoke(call.Id));

    /// <summary>Calls in memory.</summary>
    public int Count => _calls.Count;

    public void Add(Call call) => _calls.Add(call.State.AccountId, number => new RegisteredCall(number, call));

    /// <summary>Finds a call of an account; false for one that ended more than 7 days ago.</summary>
    public bool TryFind(string accountId, string callId, [NotNullWhen(true)] out RegisteredCall? call) => _calls.TryFind(accountId, callId, out call);

    /// <summary>Calls that have not ended.</summary>
    public IReadOnlyList<Call> Live() => [.. _calls.All.Select(call => call.Live).OfType<Call>()];

    /// <summary>A page of an account's calls, oldest first, and the number that the next page begins with.</summary>
    public (IReadOnlyList<CallState> Calls, long? Next) List(string accountId, CallQuery query) =>
        _calls.List(accountId, query.FirstNumber, query.PageSize, call => call.State is var state && query.Matches(state) ? state : null);

    /// <summary>A page of an account's calls, newest first, from behind a call's number on.</summary>
    public CallPage ListNewest(string accountId, CallFilter filter, int pageSize, long? before)
    {
        var (found, next) = _calls.ListNewest(accountId, before, pageSize, call => call.State is var state && filter.Matches(state) ? state : null);
        return new CallPage(found, next);
    }

    /// <summary>An account's calls that began at a time or later.</summary>
    public IReadOnlyList<CallState> Since(string accountId, DateTimeOffset begin) =>
        _calls.NewestWhile(accountId, call => call.State is var state && state.BeginTime >= begin ? state : null);

    /// <summary>Notes that a call ended, and forgets those that ended too long ago or are too many.</summary>
    public void Ended(Call call)
    {
        if (!_calls.TryFind(call.State.AccountId, call.Id, out var registered)) return;
        registered.End();
        _calls.Ended(registered);
    }
}
