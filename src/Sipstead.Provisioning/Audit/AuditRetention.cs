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

    private Task<int> TrimOldAsync(long oldest, CancellationToken cancellationToken) => _store.WriteAsync(
        async (write, cancel) =>
        {
            var first = await write.Database.AuditEntries.OrderBy(e => e.Id).Take(Step).Select(e => new { e.Id, e.At })
                .ToListAsync(cancel).ConfigureAwait(false);
            long[] ids = [.. first.Where(e => e.At < oldest).Select(e => e.Id)];
            return ids.Length == 0 ? 0
                : await write.Database.AuditEntries.Where(e => EF.Parameter(ids).Contains(e.Id)).ExecuteDeleteAsync(cancel).ConfigureAwait(false);
        },
        cancellationToken);

    private Task<int> TrimManyAsync(long accountId, CancellationToken cancellationToken) => _store.WriteAsync(
        async (write, cancel) =>
        {
            var entries = write.Database.AuditEntries.Where(e => e.AccountId == accountId);
            var newestTooMany = await entries.OrderByDescending(e => e.Id).Skip(_options.AuditEntries).Select(e => e.Id)
                .FirstOrDefaultAsync(cancel).ConfigureAwait(false);
            if (newestTooMany == 0) return 0;
            var ids = await entries.Where(e => e.Id <= newestTooMany).OrderBy(e => e.Id).Take(Step).Select(e => e.Id)
                .ToArrayAsync(cancel).ConfigureAwait(false);
            return await write.Database.AuditEntries.Where(e => EF.Parameter(ids).Contains(e.Id)).ExecuteDeleteAsync(cancel).ConfigureAwait(false);
        },
        cancellationToken);
}
