namespace Sipstead.Voice.Recordings;

/// <summary>Why a recording may not begin.</summary>
internal enum RecordingRefusal
{
    None,

    /// <summary>Too many run on the server.</summary>
    TooMany,

    /// <summary>The account has no room left.</summary>
    AccountFull,
}

/// <summary>How much of its room each account has used, and how many recordings run. Thread-safe.</summary>
internal sealed class RecordingUsage(RecordingOptions options)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<long, long> _octets = [];
    private int _active;

    /// <summary>Recordings that run.</summary>
    public int Active
    {
        get
        {
            lock (_lock) return _active;
        }
    }

    /// <summary>Octets of an account's files, those of running recordings included.</summary>
    public long Of(long accountId)
    {
        lock (_lock) return _octets.GetValueOrDefault(accountId);
    }

    /// <summary>Takes what the accounts had stored before the start.</summary>
    public void Load(IReadOnlyDictionary<long, long> octets)
    {
        lock (_lock)
        {
            foreach (var (accountId, count) in octets) _octets[accountId] = _octets.GetValueOrDefault(accountId) + count;
        }
    }

    /// <summary>Lets a recording begin, or says why not. Each that began is ended by <see cref="End"/>.</summary>
    public RecordingRefusal TryBegin(long accountId)
    {
        lock (_lock)
        {
            if (_active >= options.MaxActive) return RecordingRefusal.TooMany;
            if (_octets.GetValueOrDefault(accountId) >= options.OctetsPerAccount) return RecordingRefusal.AccountFull;
            _active++;
            return RecordingRefusal.None;
        }
    }

    /// <summary>Takes room for what a recording is about to write. False when there is none.</summary>
    public bool TryTake(long accountId, long octets)
    {
        lock (_lock)
        {
            var sum = _octets.GetValueOrDefault(accountId) + octets;
            if (sum > options.OctetsPerAccount) return false;
            _octets[accountId] = sum;
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
        lock (_lock) _octets[accountId] = Math.Max(0, _octets.GetValueOrDefault(accountId) + octets);
    }
}
