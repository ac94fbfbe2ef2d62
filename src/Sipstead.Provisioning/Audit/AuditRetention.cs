using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Sipstead.Provisioning.Store;

namespace Sipstead.Provisioning.Audit;

/// <summary>
/// Keeps the audit within its bounds: hourly, and each time that many entries were written. The bound of number holds for each account, so
/// that nobody can push out what others did.
/// </summary>
internal sealed class AuditRetention : BackgroundService
{
    public static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    /// <summary>Removed together, so that writes do not wait long.</summary>
    private const int Step = 1000;

    private readonly ProvisioningStore _store;
    private readonly ProvisioningOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<AuditRetention> _log;
    private readonly SemaphoreSlim _signal = new(0, 1);
    private readonly int _entriesBetween;
    private int _written;

    public AuditRetention(ProvisioningStore store, ProvisioningOptions options, TimeProvider time, ILogger<AuditRetention> log)
    {
        (_store, _options, _time, _log) = (store, options, time, log);
        _entriesBetween = Math.Max(100, options.AuditEntries / 100);
        store.Audited += OnAudited;
    }

    /// <summary>Removes what is too old, or more than the account may keep.</summary>
    public async Task TrimAsync(CancellationToken cancellationToken)
    {
        var oldest = (_time.GetUtcNow() - TimeSpan.FromDays(_options.AuditDays)).ToUnixTimeMilliseconds();
        while (await TrimOldAsync(oldest, cancellationToken).ConfigureAwait(false) == Step)
        {
            // ids rise with time, so the first ones are the oldest
        }

        var accounts = await _store.ReadAsync(
            (database, cancel) => database.Accounts.Select(a => a.Id).ToListAsync(cancel), cancellationToken).ConfigureAwait(false);
        foreach (var account in accounts)
        {
            while (await TrimManyAsync(account, cancellationToken).ConfigureAwait(false) == Step)
            {
                // the next thousand
            }
        }
    }

    public override void Dispose()
    {
        _store.Audited -= OnAudited;
        _signal.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                await TrimOrLogAsync(stoppingToken).ConfigureAwait(false);
                await WaitAsync(stoppingToken).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops. After a failed start it would take the exception for a crash of this service.
        }
    }

    private async Task WaitAsync(CancellationToken stoppingToken)
    {
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        await Task.WhenAny(_signal.WaitAsync(waiting.Token), Task.Delay(Interval, _time, waiting.Token)).ConfigureAwait(false);
        await waiting.CancelAsync().ConfigureAwait(false);
        stoppingToken.ThrowIfCancellationRequested();
    }

    /// <summary>Comes from the one writer, so it is never called twice at once.</summary>
    private void OnAudited(int entries)
    {
        if ((_written += entries) < _entriesBetween || _signal.CurrentCount > 0) return;
        _written = 0;
        _signal.Release();
    }

    private async Task TrimOrLogAsync(CancellationToken stoppingToken)
    {
        try
        {
            await TrimAsync(stoppingToken).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // a full disk or a locked file: tried again in an hour
        catch (Exception failure) when (failure is not OperationCanceledException)
#pragma warning restore CA1031
        {
            ProvisioningLog.AuditNotTrimmed(_log, failure);
        }
    }

    private async Task<int> TrimOldAsync(long oldest, CancellationToken cancellationToken)
    {
        var first = await _store.ReadAsync(
            (database, cancel) => database.AuditEntries.OrderBy(e => e.Id).Take(Step).Select(e => new { e.Id, e.At }).ToListAsync(cancel),
            cancellationToken).ConfigureAwait(false);
        return await RemoveAsync([.. first.Where(e => e.At < oldest).Select(e => e.Id)], cancellationToken).ConfigureAwait(false);
    }

    private async Task<int> TrimManyAsync(long accountId, CancellationToken cancellationToken)
    {
        var ids = await _store.ReadAsync(
            async (database, cancel) =>
            {
                var entries = database.AuditEntries.Where(e => e.AccountId == accountId);
                var newestTooMany = await entries.OrderByDescending(e => e.Id).Skip(_options.AuditEntries).Select(e => e.Id)
                    .FirstOrDefaultAsync(cancel).ConfigureAwait(false);
                return newestTooMany == 0 ? [] : await entries.Where(e => e.Id <= newestTooMany).OrderBy(e => e.Id).Take(Step).Select(e => e.Id)
                    .ToArrayAsync(cancel).ConfigureAwait(false);
            },
            cancellationToken).ConfigureAwait(false);
        return await RemoveAsync(ids, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>A write only where there is something to remove: nobody else removes entries, and most looks find none.</summary>
    private Task<int> RemoveAsync(long[] ids, CancellationToken cancellationToken) => ids.Length == 0
        ? Task.FromResult(0)
        : _store.WriteAsync(
            (write, cancel) => write.Database.AuditEntries.Where(e => EF.Parameter(ids).Contains(e.Id)).ExecuteDeleteAsync(cancel), cancellationToken);
}
