using Sipstead.Provisioning.Store;

namespace Sipstead.Provisioning.Recordings;

/// <summary>
/// What is known of recordings; the audio lies elsewhere. The caller has checked that the user may act in the account. Every member throws
/// <see cref="StoreUnavailableException"/> while the database cannot be used.
/// </summary>
public interface IRecordingCatalog
{
    /// <summary>Adds a recording.</summary>
    Task AddAsync(RecordingDetails recording, CancellationToken cancellationToken);

    /// <summary>Changes a recording. False when there is none any more: it was deleted meanwhile.</summary>
    Task<bool> UpdateAsync(long accountId, string recordingId, Func<RecordingDetails, RecordingDetails> change, CancellationToken cancellationToken);

    /// <summary>A recording of an account; null when there is none.</summary>
    Task<RecordingDetails?> FindAsync(long accountId, string recordingId, CancellationToken cancellationToken);

    /// <summary>Recordings of an account, the newest first.</summary>
    Task<IReadOnlyList<RecordingDetails>> ListAsync(long accountId, RecordingQuery query, CancellationToken cancellationToken);

    /// <summary>Forgets a recording, and returns what was known of it.</summary>
    Task<RecordingDetails?> DeleteAsync(long accountId, string recordingId, CancellationToken cancellationToken);

    /// <summary>Recordings of all accounts that were never finished, or their transcriptions.</summary>
    Task<IReadOnlyList<RecordingDetails>> UnfinishedAsync(CancellationToken cancellationToken);

    /// <summary>Some recordings of all accounts that began before a time.</summary>
    Task<IReadOnlyList<RecordingDetails>> OlderAsync(DateTimeOffset time, int size, CancellationToken cancellationToken);

    /// <summary>What the recordings of each account that has any come to.</summary>
    Task<IReadOnlyDictionary<long, RecordingSum>> UsageAsync(CancellationToken cancellationToken);
}

/// <summary>What recordings come to.</summary>
/// <param name="Count">How many there are.</param>
/// <param name="Octets">Those of their files.</param>
public readonly record struct RecordingSum(int Count, long Octets);
