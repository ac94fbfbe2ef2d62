using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace Sipstead.Voice.Calls;

/// <summary>
/// Every call that the API knows: live ones, and ended ones for 7 days, bounded in number (voice-api.md 1). Calls are numbered in the order of their creation.
/// </summary>
internal sealed class CallRegistry(VoiceOptions options, TimeProvider time)
{
    private static readonly TimeSpan Retention = TimeSpan.FromDays(7);

    private readonly ConcurrentDictionary<string, RegisteredCall> _byId = new();
    private readonly ConcurrentDictionary<string, AccountCalls> _byAccount = new();
    private readonly Queue<RegisteredCall> _ended = new();
    private readonly Lock _ending = new();
    private long _lastNumber;

    /// <summary>Calls of one account by number; forgotten ones stay in the list until it is packed.</summary>
    private sealed class AccountCalls
    {
        public Lock Lock { get; } = new();

        public List<RegisteredCall> Calls { get; } = [];

        public int Forgotten { get; set; }
    }

    /// <summary>Calls in memory.</summary>
    public int Count => _byId.Count;

    public void Add(Call call)
    {
        var state = call.State;
        var account = _byAccount.GetOrAdd(state.AccountId, _ => new AccountCalls());
        lock (account.Lock)
        {
            var registered = new RegisteredCall(Interlocked.Increment(ref _lastNumber), call);
            _byId[state.CallId] = registered;
            account.Calls.Add(registered);
        }
    }

    /// <summary>Finds a call of an account; false for one that ended more than 7 days ago.</summary>
    public bool TryFind(string accountId, string callId, [NotNullWhen(true)] out RegisteredCall? call)
    {
        Sweep();
        return _byId.TryGetValue(callId, out call) && call.State.AccountId == accountId;
    }

    /// <summary>Calls that have not ended.</summary>
    public IReadOnlyList<Call> Live() => [.. _byId.Values.Select(call => call.Live).OfType<Call>()];

    /// <summary>A page of an account's calls, oldest first, and the number that the next page begins with.</summary>
    public (IReadOnlyList<CallState> Calls, long? Next) List(string accountId, CallQuery query)
    {
        Sweep();
        var found = new List<CallState>();
        if (!_byAccount.TryGetValue(accountId, out var account)) return (found, null);
        lock (account.Lock)
        {
            for (var i = IndexOf(account.Calls, query.FirstNumber); i < account.Calls.Count; i++)
            {
                var state = account.Calls[i].State;
                if (!_byId.ContainsKey(state.CallId) || !query.Matches(state)) continue;
                if (found.Count == query.PageSize) return (found, account.Calls[i].Number);
                found.Add(state);
            }
        }

        return (found, null);
    }

    /// <summary>A page of an account's calls, newest first, from behind a call's number on.</summary>
    public CallPage ListNewest(string accountId, CallFilter filter, int pageSize, long? before)
    {
        Sweep();
        var (found, last) = (new List<CallState>(), 0L);
        if (!_byAccount.TryGetValue(accountId, out var account)) return new CallPage(found, null);
        lock (account.Lock)
        {
            for (var i = (before is { } number ? IndexOf(account.Calls, number) : account.Calls.Count) - 1; i >= 0; i--)
            {
                var state = account.Calls[i].State;
                if (!_byId.ContainsKey(state.CallId) || !filter.Matches(state)) continue;
                if (found.Count == pageSize) return new CallPage(found, last);
                found.Add(state);
                last = account.Calls[i].Number;
            }
        }

        return new CallPage(found, null);
    }

    /// <summary>An account's calls that began at a time or later.</summary>
    public IReadOnlyList<CallState> Since(string accountId, DateTimeOffset begin)
    {
        var found = new List<CallState>();
        if (!_byAccount.TryGetValue(accountId, out var account)) return found;
        lock (account.Lock)
        {
            for (var i = account.Calls.Count - 1; i >= 0 && account.Calls[i].State is var state && state.BeginTime >= begin; i--)
            {
                if (_byId.ContainsKey(state.CallId)) found.Add(state);
            }
        }

        return found;
    }

    /// <summary>Notes that a call ended, and forgets those that ended too long ago or are too many.</summary>
    public void Ended(Call call)
    {
        if (!_byId.TryGetValue(call.State.CallId, out var registered)) return;
        registered.End();
        lock (_ending) _ended.Enqueue(registered);
        Sweep();
    }

    private void Sweep()
    {
        lock (_ending)
        {
            var limit = time.GetUtcNow() - Retention;
            while (_ended.TryPeek(out var oldest) && (_ended.Count > options.MaxEndedCalls || oldest.State.EndTime < limit)) Forget(_ended.Dequeue());
        }
    }

    private void Forget(RegisteredCall call)
    {
        var state = call.State;
        _byId.TryRemove(state.CallId, out _);
        var account = _byAccount[state.AccountId];
        lock (account.Lock)
        {
            if (++account.Forgotten * 2 < account.Calls.Count) return;
            account.Calls.RemoveAll(kept => !_byId.ContainsKey(kept.State.CallId));
            account.Forgotten = 0;
        }
    }

    private static int IndexOf(List<RegisteredCall> calls, long number)
    {
        int low = 0, high = calls.Count;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (calls[middle].Number < number) low = middle + 1;
            else high = middle;
        }

        return low;
    }
}
