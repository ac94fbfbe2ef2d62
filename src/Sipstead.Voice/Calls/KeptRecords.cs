using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace Sipstead.Voice.Calls;

/// <summary>A record of the API that is kept for a while after its end.</summary>
internal interface IKeptRecord
{
    /// <summary>Rises with each record.</summary>
    long Number { get; }

    string Id { get; }

    string AccountId { get; }

    /// <summary>Null while it lives.</summary>
    DateTimeOffset? EndTime { get; }
}

/// <summary>
/// The records that the API knows: live ones, and ended ones for 7 days, bounded in number (voice-api.md 1). Numbered in the order of their creation, listed
/// for each account. Thread-safe.
/// </summary>
/// <param name="maxEnded">Ended records that are kept.</param>
/// <param name="forgotten">Told of a record that is no longer kept; null for nobody.</param>
internal sealed class KeptRecords<T>(int maxEnded, TimeProvider time, Action<T>? forgotten = null)
    where T : class, IKeptRecord
{
    private static readonly TimeSpan Retention = TimeSpan.FromDays(7);

    private readonly ConcurrentDictionary<string, T> _byId = new();
    private readonly ConcurrentDictionary<string, AccountRecords> _byAccount = new();
    private readonly Queue<T> _ended = new();
    private readonly Lock _ending = new();
    private long _lastNumber;

    /// <summary>Records in memory.</summary>
    public int Count => _byId.Count;

    /// <summary>All records, in no order.</summary>
    public ICollection<T> All => _byId.Values;

    /// <summary>Adds a record that is made with its number.</summary>
    public void Add(string accountId, Func<long, T> make)
    {
        var account = _byAccount.GetOrAdd(accountId, _ => new AccountRecords());
        lock (account.Lock)
        {
            var record = make(Interlocked.Increment(ref _lastNumber));
            _byId[record.Id] = record;
            account.Records.Add(record);
        }
    }

    /// <summary>Finds a record of an account; false for one that ended more than 7 days ago.</summary>
    public bool TryFind(string accountId, string id, [NotNullWhen(true)] out T? record)
    {
        Sweep();
        return _byId.TryGetValue(id, out record) && record.AccountId == accountId;
    }

    /// <summary>A page of what is selected of an account's records, oldest first, and the number that the next page begins with.</summary>
    /// <param name="select">Null leaves a record out.</param>
    public (IReadOnlyList<TView> Found, long? Next) List<TView>(string accountId, long firstNumber, int pageSize, Func<T, TView?> select)
        where TView : class
    {
        Sweep();
        var found = new List<TView>();
        if (!_byAccount.TryGetValue(accountId, out var account)) return (found, null);
        lock (account.Lock)
        {
            for (var i = IndexOf(account.Records, firstNumber); i < account.Records.Count; i++)
            {
                var record = account.Records[i];
                if (!_byId.ContainsKey(record.Id) || select(record) is not { } view) continue;
                if (found.Count == pageSize) return (found, record.Number);
                found.Add(view);
            }
        }

        return (found, null);
    }

    /// <summary>A page of what is selected, newest first, from behind a record's number on; the number that the next page begins behind.</summary>
    public (IReadOnlyList<TView> Found, long? Next) ListNewest<TView>(string accountId, long? before, int pageSize, Func<T, TView?> select)
        where TView : class
    {
        Sweep();
        var (found, last) = (new List<TView>(), 0L);
        if (!_byAccount.TryGetValue(accountId, out var account)) return (found, null);
        lock (account.Lock)
        {
            for (var i = (before is { } number ? IndexOf(account.Records, number) : account.Records.Count) - 1; i >= 0; i--)
            {
                var record = account.Records[i];
                if (!_byId.ContainsKey(record.Id) || select(record) is not { } view) continue;
                if (found.Count == pageSize) return (found, last);
                found.Add(view);
                last = record.Number;
            }
        }

        return (found, null);
    }

    /// <summary>What is selected of an account's newest records, up to the first that null leaves out.</summary>
    public IReadOnlyList<TView> NewestWhile<TView>(string accountId, Func<T, TView?> select)
        where TView : class
    {
        var found = new List<TView>();
        if (!_byAccount.TryGetValue(accountId, out var account)) return found;
        lock (account.Lock)
        {
            for (var i = account.Records.Count - 1; i >= 0 && select(account.Records[i]) is { } view; i--)
            {
                if (_byId.ContainsKey(account.Records[i].Id)) found.Add(view);
            }
        }

        return found;
    }

    /// <summary>Notes that a record ended, and forgets those that ended too long ago or are too many.</summary>
    public void Ended(T record)
    {
        lock (_ending) _ended.Enqueue(record);
        Sweep();
    }

    private void Sweep()
    {
        lock (_ending)
        {
            var limit = time.GetUtcNow() - Retention;
            while (_ended.TryPeek(out var oldest) && (_ended.Count > maxEnded || oldest.EndTime < limit)) Forget(_ended.Dequeue());
        }
    }

    private void Forget(T record)
    {
        _byId.TryRemove(record.Id, out _);
        forgotten?.Invoke(record);
        var account = _byAccount[record.AccountId];
        lock (account.Lock)
        {
            if (++account.Forgotten * 2 < account.Records.Count) return;
            account.Records.RemoveAll(kept => !_byId.ContainsKey(kept.Id));
            account.Forgotten = 0;
        }
    }

    private static int IndexOf(List<T> records, long number)
    {
        int low = 0, high = records.Count;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (records[middle].Number < number) low = middle + 1;
            else high = middle;
        }

        return low;
    }

    /// <summary>Records of one account by number; forgotten ones stay in the list until it is packed.</summary>
    private sealed class AccountRecords
    {
        public Lock Lock { get; } = new();

        public List<T> Records { get; } = [];

        public int Forgotten { get; set; }
    }
}
