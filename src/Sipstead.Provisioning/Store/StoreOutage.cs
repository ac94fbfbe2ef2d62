using Microsoft.Extensions.Logging;

namespace Sipstead.Provisioning.Store;

/// <summary>Tells the operator once when the database goes away, and once when it is back. Thread-safe.</summary>
internal sealed class StoreOutage(ProvisioningDatabase database, ILogger log)
{
    private int _isOn;

    /// <summary>What to throw for a failure that means the database is away.</summary>
    public StoreUnavailableException Begin(string reason, Exception failure)
    {
        if (Interlocked.Exchange(ref _isOn, 1) == 0) ProvisioningLog.StoreUnavailable(log, database.Name, reason);
        return failure as StoreUnavailableException ?? new StoreUnavailableException(reason, failure);
    }

    public void End()
    {
        if (Volatile.Read(ref _isOn) == 1 && Interlocked.Exchange(ref _isOn, 0) == 1) ProvisioningLog.StoreAvailable(log, database.Name);
    }
}
