using System.Collections.Concurrent;
using Sipstead.Provisioning.Recordings;
using Sipstead.Provisioning.Store;

namespace Sipstead.Voice.Tests.Harness;

/// <summary>What is known of recordings, in memory. Whether the database is away is the test's to say.</summary>
internal sealed class MemoryCatalog : IRecordingCatalog
{
    private readonly ConcurrentDictionary<string, RecordingDetails> _rows = new();

    public bool IsAway { get; set; }

    public IReadOnlyCollection<RecordingDetails> All => [.. _rows.Values];

    public Task AddAsync(RecordingDetails recording, CancellationToken cancellationToken)
    {
        Check();
        _rows[recording.RecordingId] = recording;
        return Task.CompletedTask;
    }

    public Task<bool> UpdateAsync(
        long accountId, string recordingId, Func<RecordingDetails, RecordingDetails> change, CancellationToken cancellationToken)
    {
        Check();
        lock (_rows)
        {
            if (!_rows.TryGetValue(recordingId, out var found) || found.AccountId != accountId) return Task.FromResult(false);
            _rows[recordingId] = change(found);
            return Task.FromResult(true);
        }
    }

    public Task<RecordingDetails?> FindAsync(long accountId, string recordingId, CancellationToken cancellationToken)
    {
        Check();
        return Task.FromResult(_rows.TryGetValue(recordingId, out var found) && found.AccountId == accountId ? found : null);
    }

    public Task<IReadOnlyList<RecordingDetails>> ListAsync(long accountId, RecordingQuery query, CancellationToken cancellationToken)
    {
        Check();
        return Task.FromResult<IReadOnlyList<RecordingDetails>>(
        [
            .. _rows.Values.Where(row => row.AccountId == accountId && (query.OwnerId is null || row.OwnerId == query.OwnerId))
                .OrderByDescending(row => row.StartTime),
        ]);
    }

    public Task<RecordingDetails?> DeleteAsync(long accountId, string recordingId, CancellationToken cancellationToken)
    {
        Check();
        return Task.FromResult(_rows.TryRemove(recordingId, out var row) ? row : null);
    }

    public Task<IReadOnlyList<RecordingDetails>> UnfinishedAsync(CancellationToken cancellationToken)
    {
        Check();
        return Task.FromResult<IReadOnlyList<RecordingDetails>>(
            [.. _rows.Values.Where(row => row.Status == RecordingStatus.Processing || row.TranscriptionStatus == TranscriptionStatus.Processing)]);
    }

    public Task<IReadOnlyList<RecordingDetails>> OlderAsync(DateTimeOffset time, int size, CancellationToken cancellationToken)
    {
        Check();
        return Task.FromResult<IReadOnlyList<RecordingDetails>>([.. _rows.Values.Where(row => row.StartTime < time).Take(size)]);
    }

    public Task<IReadOnlyDictionary<long, RecordingSum>> UsageAsync(CancellationToken cancellationToken)
    {
        Check();
        return Task.FromResult<IReadOnlyDictionary<long, RecordingSum>>(
            _rows.Values.GroupBy(row => row.AccountId).ToDictionary(g => g.Key, g => new RecordingSum(g.Count(), g.Sum(row => row.Octets))));
    }

    private void Check()
    {
        if (IsAway) throw new StoreUnavailableException("The test took it away.");
    }
}
