using Microsoft.EntityFrameworkCore;
using Sipstead.Provisioning.Store;

namespace Sipstead.Provisioning.Recordings;

/// <summary>What is known of recordings, in the database.</summary>
public sealed class RecordingCatalog : IRecordingCatalog
{
    private readonly ProvisioningStore _store;

    internal RecordingCatalog(ProvisioningStore store) => _store = store;

    public Task AddAsync(RecordingDetails recording, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(recording);
        return _store.WriteAsync(
            (write, _) =>
            {
                var row = new Recording { Id = recording.RecordingId, OwnerId = recording.OwnerId, ApplicationId = "", To = "", From = "" };
                row.Set(recording);
                write.Database.Recordings.Add(row);
                return Task.FromResult(true);
            },
            cancellationToken);
    }

    public Task<bool> UpdateAsync(long accountId, string recordingId, Func<RecordingDetails, RecordingDetails> change, CancellationToken cancellationToken) =>
        _store.WriteAsync(
            async (write, cancel) =>
            {
                var row = await Of(write.Database, accountId, recordingId).SingleOrDefaultAsync(cancel).ConfigureAwait(false);
                row?.Set(change(row.Describe()));
                return row is not null;
            },
            cancellationToken);

    public async Task<RecordingDetails?> FindAsync(long accountId, string recordingId, CancellationToken cancellationToken)
    {
        var row = await _store.ReadAsync(
            (database, cancel) => Of(database, accountId, recordingId).SingleOrDefaultAsync(cancel), cancellationToken).ConfigureAwait(false);
        return row?.Describe();
    }

    public async Task<IReadOnlyList<RecordingDetails>> ListAsync(long accountId, RecordingQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        var rows = await _store.ReadAsync(
            (database, cancel) => Matching(database, accountId, query).OrderByDescending(r => r.StartTime).ThenByDescending(r => r.Id)
                .Take(Math.Clamp(query.Size, 1, RecordingQuery.MaximumSize)).ToListAsync(cancel),
            cancellationToken).ConfigureAwait(false);
        return rows.ConvertAll(row => row.Describe());
    }

    public Task<RecordingDetails?> DeleteAsync(long accountId, string recordingId, CancellationToken cancellationToken) => _store.WriteAsync(
        async (write, cancel) =>
        {
            var row = await Of(write.Database, accountId, recordingId).SingleOrDefaultAsync(cancel).ConfigureAwait(false);
            if (row is not null) write.Database.Recordings.Remove(row);
            return row?.Describe();
        },
        cancellationToken);

    public Task<IReadOnlyList<RecordingDetails>> UnfinishedAsync(CancellationToken cancellationToken) =>
        DescribedAsync(rows => rows.Where(r => r.Status == RecordingStatus.Processing || r.TranscriptionStatus == TranscriptionStatus.Processing), cancellationToken);

    public Task<IReadOnlyList<RecordingDetails>> OlderAsync(DateTimeOffset time, int size, CancellationToken cancellationToken)
    {
        var limit = time.ToUnixTimeMilliseconds();
        return DescribedAsync(rows => rows.Where(r => r.StartTime < limit).OrderBy(r => r.StartTime).Take(size), cancellationToken);
    }

    public async Task<IReadOnlyDictionary<long, RecordingSum>> UsageAsync(CancellationToken cancellationToken) => await _store.ReadAsync(
        (database, cancel) => database.Recordings.GroupBy(r => r.AccountId)
            .Select(g => new { AccountId = g.Key, Count = g.Count(), Octets = g.Sum(r => r.Octets) })
            .ToDictionaryAsync(g => g.AccountId, g => new RecordingSum(g.Count, g.Octets), cancel),
        cancellationToken).ConfigureAwait(false);

    private async Task<IReadOnlyList<RecordingDetails>> DescribedAsync(
        Func<IQueryable<Recording>, IQueryable<Recording>> choose, CancellationToken cancellationToken)
    {
        var rows = await _store.ReadAsync((database, cancel) => choose(database.Recordings).ToListAsync(cancel), cancellationToken).ConfigureAwait(false);
        return rows.ConvertAll(row => row.Describe());
    }

    private static IQueryable<Recording> Of(ProvisioningContext database, long accountId, string recordingId) =>
        database.Recordings.Where(r => r.Id == recordingId && r.AccountId == accountId);

    private static IQueryable<Recording> Matching(ProvisioningContext database, long accountId, RecordingQuery query)
    {
        var rows = database.Recordings.Where(r => r.AccountId == accountId);
        if (query.OwnerId is { } owner) rows = rows.Where(r => r.OwnerId == owner);
        if (query.Kind is { } kind) rows = rows.Where(r => r.Kind == kind);
        if (query.To is { } to) rows = rows.Where(r => r.To == to);
        if (query.From is { } from) rows = rows.Where(r => r.From == from);
        if (query.Party is { } party) rows = rows.Where(r => r.From.Contains(party) || r.To.Contains(party));
        if (Milliseconds(query.MinStartTime) is { } first) rows = rows.Where(r => r.StartTime >= first);
        if (Milliseconds(query.MaxStartTime) is { } limit) rows = rows.Where(r => r.StartTime < limit);
        if (query.After is not { } after) return rows;
        var (time, id) = (after.StartTime.ToUnixTimeMilliseconds(), after.RecordingId);
        return rows.Where(r => r.StartTime < time || (r.StartTime == time && string.Compare(r.Id, id) < 0));
    }

    /// <summary>Rows know milliseconds: a time between two is the later one, in both bounds.</summary>
    private static long? Milliseconds(DateTimeOffset? time) => time is { } value
        ? value.ToUnixTimeMilliseconds() + (value.Ticks % TimeSpan.TicksPerMillisecond == 0 ? 0 : 1)
        : null;
}
