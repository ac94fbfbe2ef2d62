using Sipstead.Provisioning.Recordings;

namespace Sipstead.Voice.Recordings;

/// <summary>Why a recording may not begin.</summary>
internal enum RecordingRefusal
{
    None,

    /// <summary>Too many run on the server.</summary>
    TooMany,

    /// <summary>The account has no room left.</summary>
    AccountFull,

    /// <summary>The account has as many as it may: the database is told nothing of this one.</summary>
    AccountCount,
}

/// <summary>How many recordings each account has, how much of its room they take, and how many run. Thread-safe.</summary>
internal sealed class RecordingUsage(RecordingOptions options)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<long, RecordingSum> _sums = [];
    private int _active;

    /// <summary>Recordings that run.</summary>
    public int Active
    {
        get
        {
            lock (_lock) return _active;
        }
    }

    /// <summary>Recordings of an account, and octets of their files; those that run included.</summary>
    public RecordingSum Of(long accountId)
    {
        lock (_lock) return _sums.GetValueOrDefault(accountId);
    }

    /// <summary>Takes what the accounts had stored before the start.</summary>
    public void Load(IReadOnlyDictionary<long, RecordingSum> sums)
    {
        lock (_lock)
        {
            foreach (var (accountId, sum) in sums) Change(accountId, sum.Count, sum.Octets);
        }
    }

    /// <summary>
    /// Lets a recording begin, or says why not. Each that began is ended by <see cref="End"/>; all count for the account until they are forgotten, but those
    /// of <see cref="RecordingRefusal.AccountCount"/>.
    /// </summary>
    public RecordingRefusal TryBegin(long accountId)
    {
        lock (_lock)
        {
            var sum = _sums.GetValueOrDefault(accountId);
            if (sum.Count >= options.MaxPerAccount) return RecordingRefusal.AccountCount;
            Change(accountId, 1, 0);
            if (_active >= options.MaxActive) return RecordingRefusal.TooMany;
            if (sum.Octets >= options.OctetsPerAccount) return RecordingRefusal.AccountFull;
            _active++;
            return RecordingRefusal.None;
        }
    }

    /// <summary>Takes room for what a recording is about to write. False when there is none.</summary>
    public bool TryTake(long accountId, long octets)
    {
        lock (_lock)
        {
            if (_sums.GetValueOrDefault(accountId).Octets + octets > options.OctetsPerAccount) return false;
            Change(accountId, 0, octets);
            return true;
        }
    }

    /// <summary>A recording no longer runs.</summary>
    public void End()
    {
        lock (_lock) _active--;
    }

    /// <summary>Notes that files grew or, below zero, shrank.</summary>
    public void Add(long accountId, long octets)
    {
        lock (_lock) Change(accountId, 0, octets);
    }

    /// <summary>Notes that there is a recording no longer, with what its files took.</summary>
    public void Forget(long accountId, long octets)
    {
        lock (_lock) Change(accountId, -1, -octets);
    }

    /// <summary>Never below zero: what was there before a start is unknown where the database was away then.</summary>
    private void Change(long accountId, int count, long octets)
    {
        var sum = _sums.GetValueOrDefault(accountId);
        _sums[accountId] = new RecordingSum(Math.Max(0, sum.Count + count), Math.Max(0, sum.Octets + octets));
    }
}
