using Microsoft.Extensions.Hosting;

namespace Sipstead.Provisioning.Store;

/// <summary>Looks after the hold on a database that can be lost while nobody writes, so that no other server takes it in a silent hour.</summary>
internal sealed class StoreWatch(ProvisioningStore store, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false)) await LookAsync(stoppingToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops.
        }
    }

    private async Task LookAsync(CancellationToken stoppingToken)
    {
        try
        {
            await store.HoldAsync(stoppingToken).ConfigureAwait(false);
        }
        catch (StoreUnavailableException)
        {
            // The store has told it; the next look may find the database back.
        }
    }
}
