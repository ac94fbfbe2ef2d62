using System.Diagnostics.CodeAnalysis;
using Sipstead.Provisioning.Recordings;

namespace Sipstead.Voice.Recordings;

/// <summary>The audio of a recording, open; whoever gets it closes it.</summary>
/// <param name="Content">Seekable.</param>
/// <param name="ContentType">Such as <c>audio/vnd.wave</c>.</param>
/// <param name="FileName">A name to save it by.</param>
public sealed record RecordingMedia(Stream Content, string ContentType, string FileName);

/// <summary>
/// The recordings of an account, for the API and for a person who looks at them. A recording of another account is as unknown as one that is not there.
/// Thread-safe. While the database is away its members throw <see cref="Sipstead.Provisioning.Store.StoreUnavailableException"/>.
/// </summary>
public sealed class RecordingDirectory
{
    private readonly IRecordingCatalog _catalog;
    private readonly RecordingFiles _files;
    private readonly RecordingUsage _usage;
    private readonly RecordingChanges _changes;

    internal RecordingDirectory(IRecordingCatalog catalog, RecordingFiles files, RecordingUsage usage, RecordingChanges changes)
    {
        (_catalog, _files, _usage, _changes) = (catalog, files, usage, changes);
    }

    /// <summary>
    /// Raised when a recording of any account begins, ends, is deleted (<see cref="RecordingStatus.Deleted"/>), or its transcription changes. Handlers must be
    /// quick.
    /// </summary>
    public event Action<RecordingDetails>? Changed
    {
        add => _changes.Changed += value;
        remove => _changes.Changed -= value;
    }

    /// <summary>Recordings of an account, the newest first; those of one call by <see cref="RecordingQuery.OwnerId"/>.</summary>
    public Task<IReadOnlyList<RecordingDetails>> ListAsync(long accountId, RecordingQuery query, CancellationToken cancellationToken) =>
        _catalog.ListAsync(accountId, query, cancellationToken);

    /// <summary>A recording; null when there is none.</summary>
    public Task<RecordingDetails?> FindAsync(long accountId, string recordingId, CancellationToken cancellationToken) =>
        _catalog.FindAsync(accountId, recordingId, cancellationToken);

    /// <summary>How many recordings an account has, and the octets that they take.</summary>
    public RecordingSum UsageOf(long accountId) => _usage.Of(accountId);

    /// <summary>Opens the audio of a recording. False when there is none.</summary>
    public bool TryOpenMedia(RecordingDetails recording, [NotNullWhen(true)] out RecordingMedia? media)
    {
        ArgumentNullException.ThrowIfNull(recording);
        media = null;
        if (!_files.TryOpen(recording, out var file)) return false;
        media = new RecordingMedia(
            file, recording.Format == RecordingFormat.Mp3 ? "audio/mpeg" : "audio/vnd.wave", $"{recording.RecordingId}.{RecordingEvent.NameOf(recording.Format)}");
        return true;
    }

    /// <summary>Reads a transcription, as the API answers it; null when there is none.</summary>
    public async Task<byte[]?> ReadTranscriptionAsync(RecordingDetails recording, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(recording);
        if (recording.TranscriptionStatus != TranscriptionStatus.Available) return null;
        try
        {
            return await File.ReadAllBytesAsync(_files.TranscriptOf(recording), cancellationToken);
        }
        catch (Exception failure) when (failure is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Deletes a recording with its audio and transcription. False when there is none.</summary>
    public async Task<bool> DeleteAsync(long accountId, string recordingId, CancellationToken cancellationToken)
    {
        // The files first: what is left by a failure is still listed, and can be deleted again.
        if (await _catalog.FindAsync(accountId, recordingId, cancellationToken) is not { } recording) return false;
        if (recording.Status != RecordingStatus.Processing) _files.DeleteAudio(recording);
        _files.DeleteTranscript(recording);
        if (await _catalog.DeleteAsync(accountId, recordingId, cancellationToken) is not { } deleted) return false;
        _usage.Forget(accountId, deleted.Octets);
        _changes.Report(deleted with { Status = RecordingStatus.Deleted, Octets = 0 });
        return true;
    }

    /// <summary>Deletes the audio of a recording alone. False when there is none.</summary>
    public async Task<bool> DeleteMediaAsync(long accountId, string recordingId, CancellationToken cancellationToken)
    {
        if (await _catalog.FindAsync(accountId, recordingId, cancellationToken) is not { HasMedia: true } recording) return false;
        _files.DeleteAudio(recording);
        var octets = 0L;
        await _catalog.UpdateAsync(accountId, recordingId, now =>
        {
            octets = now.Octets;
            return now with { Octets = 0 };
        }, cancellationToken);
        _usage.Add(accountId, -octets);
        _changes.Report(recording with { Octets = 0 });
        return true;
    }

    /// <summary>Deletes the transcription of a recording. False when there is none.</summary>
    public async Task<bool> DeleteTranscriptionAsync(long accountId, string recordingId, CancellationToken cancellationToken)
    {
        if (await _catalog.FindAsync(accountId, recordingId, cancellationToken) is not { TranscriptionId: not null } recording) return false;
        _files.DeleteTranscript(recording);
        RecordingDetails? changed = null;
        await _catalog.UpdateAsync(
            accountId, recordingId,
            now => changed = now with { TranscriptionId = null, TranscriptionStatus = TranscriptionStatus.None, TranscriptionTime = null }, cancellationToken);
        if (changed is not null) _changes.Report(changed);
        return true;
    }
}
