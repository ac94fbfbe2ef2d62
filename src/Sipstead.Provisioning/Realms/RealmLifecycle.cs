using System.Threading.Channels;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Sipstead.Provisioning.Store;

namespace Sipstead.Provisioning.Realms;

/// <summary>
/// Carries realms from CREATE_PENDING to ACTIVE and from DELETE_PENDING to nothing (contract 4.1). What is to do stands in the
/// database alone, so a crash loses nothing: the next start goes on.
/// </summary>
internal sealed class RealmLifecycle(ProvisioningStore store, TimeProvider time, ILogger<RealmLifecycle> log) : BackgroundService
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    /// <summary>A signal, not a queue: however many realms wait, one pass takes them all.</summary>
    private readonly Channel<bool> _signal = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    /// <summary>Says that a realm waits.</summary>
    public void Wake() => _signal.Writer.TryWrite(true);

    /// <summary>Completes every pending creation and deletion.</summary>
    public Task CompletePendingAsync(CancellationToken cancellationToken) => store.WriteAsync(
        async (write, cancel) =>
        {
            var database = write.Database;
            var created = await database.Realms.Include(r => r.Account)
                .Where(r => r.Status == RealmStatus.CreatePending).OrderBy(r => r.Id).ToListAsync(cancel).ConfigureAwait(false);
            var deleted = await database.Realms
                .Where(r => r.Status == RealmStatus.DeletePending).OrderBy(r => r.Id).ToListAsync(cancel).ConfigureAwait(false);
            database.Realms.RemoveRange(deleted);
            if (created.Count > 0)
            {
                foreach (var realm in created) realm.Status = RealmStatus.Active;
                var serial = await write.NextRealmSerialAsync(cancel).ConfigureAwait(false);
                write.OnCommitted(view => view.AddRealms([.. created.Select(store.EntryOf)], serial));
            }

            write.OnCommitted(view => deleted.ForEach(realm => view.ReportRealm(realm.AccountId, realm.Id)));
            if (created.Count + deleted.Count > 0) ProvisioningLog.RealmsCompleted(log, created.Count, deleted.Count);
            return true;
        },
        cancellationToken);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await foreach (var _ in _signal.Reader.ReadAllAsync(stoppingToken).ConfigureAwait(false))
                await CompleteOrRetryAsync(stoppingToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops. After a failed start it would take the exception for a crash of this service.
        }
    }

    private async Task CompleteOrRetryAsync(CancellationToken stoppingToken)
    {
        try
        {
            await CompletePendingAsync(stoppingToken).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // a full disk or a locked file: the realms stay pending and are tried again
        catch (Exception failure) when (failure is not OperationCanceledException)
#pragma warning restore CA1031
        {
            ProvisioningLog.RealmsNotCompleted(log, RetryDelay.TotalSeconds, failure);
            await Task.Delay(RetryDelay, time, stoppingToken).ConfigureAwait(false);
            Wake();
        }
    }
}
