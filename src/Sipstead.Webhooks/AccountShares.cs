namespace Sipstead.Webhooks;

/// <summary>Webhooks under way, of each account: none may take the room of all (S-45). As many entries as there are webhooks under way, at most. Thread-safe.</summary>
internal sealed class AccountShares(int limit)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, int> _inFlight = new(StringComparer.Ordinal);

    /// <summary>Takes a place of an account, to be given back; false when it has none left.</summary>
    public bool TryTake(string accountId)
    {
        lock (_lock)
        {
            var count = _inFlight.GetValueOrDefault(accountId);
            if (count >= limit) return false;
            _inFlight[accountId] = count + 1;
            return true;
        }
    }

    public void Return(string accountId)
    {
        lock (_lock)
        {
            var left = _inFlight[accountId] - 1;
            if (left == 0) _inFlight.Remove(accountId);
            else _inFlight[accountId] = left;
        }
    }
}
