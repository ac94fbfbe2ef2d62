using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Sipstead.Media.Recording;
using Sipstead.Provisioning.Recordings;
using Sipstead.Provisioning.Store;

namespace Sipstead.Voice.Recordings;

/// <summary>
/// Begins recordings, and does what comes after their end: the file gets its name or becomes MP3, the database learns of it, the application is told, and a
/// transcription is made. Whatever fails of that ends the recording with <c>error</c>, never what is recorded.
/// </summary>
internal sealed class RecordingEngine(
    RecordingFiles files, RecordingUsage usage, RecordingWriter writer, Mp3Files mp3, IRecordingCatalog catalog, RecordingNotices notices,
    Transcriptions transcriptions, RecordingChanges changes, VoiceMetrics metrics, TimeProvider time, ILogger logger)
{
    /// <summary>How long a database that is away is waited for before a finished recording is given up.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(StoreUnavailableException.RetryAfter);

    private readonly ConcurrentDictionary<ActiveRecording, bool> _running = new();

    /// <summary>Begins a recording. One that cannot begin has ended already, and is told of as <c>error</c>.</summary>
    public ActiveRecording Start(IRecordingOwner owner, IRecordingSource source, RecordingWish wish)
    {
        var plan = new RecorderPlan
        {
            Layout = wish.Layout, MaximumDuration = wish.MaximumDuration, SilenceTimeout = wish.SilenceTimeout,
        };
        var details = owner.Describe(new RecordingDetails
        {
            RecordingId = RecordingId.Create(), AccountId = owner.AccountId, Kind = RecordingKind.Call, OwnerId = "", StartTime = time.GetUtcNow(),
            Channels = plan.Channels, Format = wish.Format, Status = RecordingStatus.Processing,
        });
        var active = new ActiveRecording(details, owner, wish, time);
        _running[active] = true;
        var counted = 0L;
        var refusal = usage.TryBegin(details.AccountId);
        var why = WordsOf(refusal) ?? TryBegin(active, source, plan with
        {
            MayStore = octets =>
            {
                if (!usage.TryTake(details.AccountId, octets)) return false;
                counted += octets;
                return true;
            },
            Ended = _ => ThreadPool.UnsafeQueueUserWorkItem(static ended => ended.End(), active, preferLocal: false),
        });
        if (refusal != RecordingRefusal.None) metrics.RecordingRefused(refusal);
        var adding = refusal == RecordingRefusal.AccountCount ? null : Task.Run(() => TryAddAsync(details));
        active.Finish(() => FinishAsync(active, why, adding, () => counted));
        if (why is null) changes.Report(details);
        else active.End();
        return active;
    }

    /// <summary>Waits until the recordings that have ended are finished.</summary>
    public Task SettleAsync() => Task.WhenAll(_running.Keys.Select(active => active.Finished));

    private static string? WordsOf(RecordingRefusal refusal) => refusal switch
    {
        RecordingRefusal.TooMany => "too many recordings run on this server",
        RecordingRefusal.AccountFull => "the account has no room left for recordings; delete some, or raise Sipstead__Recordings__MegabytesPerAccount",
        RecordingRefusal.AccountCount => "the account has as many recordings as it may; delete some, or raise Sipstead__Recordings__MaxPerAccount",
        _ => null,
    };

    /// <summary>Null when it began, else why it could not.</summary>
    private string? TryBegin(ActiveRecording active, IRecordingSource source, RecorderPlan plan)
    {
        var details = active.Details;
        try
        {
            var recorder = writer.Start(plan, files.Create(details), details.RecordingId);
            if (source.Attach(recorder) is { } taps)
            {
                active.Begin(recorder, taps);
                return null;
            }

            recorder.Stop();
            usage.End();
            return "there is no audio to record";
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            usage.End();
            return $"its file could not be made: {failure.Message}";
        }
    }

    /// <summary>False when the database does not know the recording yet.</summary>
    private async Task<bool> TryAddAsync(RecordingDetails details)
    {
        try
        {
            await catalog.AddAsync(details, CancellationToken.None).ConfigureAwait(false);
            return true;
        }
        catch (StoreUnavailableException)
        {
            return false;
        }
    }

    /// <param name="adding">Whether the database knows it; null where it is told nothing of it.</param>
    private async Task FinishAsync(ActiveRecording active, string? refusal, Task<bool>? adding, Func<long> counted)
    {
        try
        {
            var finished = refusal is null ? await CompleteAsync(active, counted).ConfigureAwait(false) : Refused(active, refusal);
            if (adding is not null) finished = await SaveAsync(finished, await adding.ConfigureAwait(false)).ConfigureAwait(false);
            metrics.RecordingEnded(RecordingEvent.NameOf(finished.Status));
            changes.Report(finished);
            await notices.AvailableAsync(active.Owner, finished, active.Wish.Available).ConfigureAwait(false);
            if (active.Wish.Transcription is { } transcription)
                await transcriptions.RunAsync(active.Owner, finished, transcription).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // nobody awaits this but a server that stops
        catch (Exception failure)
#pragma warning restore CA1031
        {
            VoiceLog.RecordingFailed(logger, active.Details.RecordingId, failure);
        }
        finally
        {
            _running.TryRemove(active, out _);
        }
    }

    private RecordingDetails Refused(ActiveRecording active, string why)
    {
        var details = active.End();
        files.DeleteAudio(details);
        VoiceLog.RecordingRefused(logger, details.RecordingId, details.OwnerId, why);
        return details with { Status = RecordingStatus.Error };
    }

    /// <summary>Waits for the end of the writing and makes of it what was wished for.</summary>
    private async Task<RecordingDetails> CompleteAsync(ActiveRecording active, Func<long> counted)
    {
        var result = await active.Recorder!.Completed.ConfigureAwait(false);
        usage.End();
        var ended = active.End() with { Duration = result.Duration };
        var kept = await KeptAsync(ended, StatusOf(result.End), active.Wish.Format).ConfigureAwait(false);
        usage.Add(ended.AccountId, kept.Octets - counted());
        return kept;
    }

    private async Task<RecordingDetails> KeptAsync(RecordingDetails ended, RecordingStatus status, RecordingFormat format)
    {
        try
        {
            if (status != RecordingStatus.Error)
            {
                var octets = RecordingFiles.Keep(files.PathOf(ended, RecordingFormat.Wav));
                return await EncodedAsync(ended with { Status = status, Octets = octets, Format = RecordingFormat.Wav }, format).ConfigureAwait(false);
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            VoiceLog.RecordingNotKept(logger, ended.RecordingId, failure.Message);
        }

        DeleteQuietly(ended);
        return ended with { Status = RecordingStatus.Error };
    }

    /// <summary>The recording in the wished format; one that cannot be encoded stays WAV.</summary>
    private async Task<RecordingDetails> EncodedAsync(RecordingDetails wav, RecordingFormat format)
    {
        if (format == RecordingFormat.Wav) return wav;
        var (source, target) = (files.PathOf(wav, RecordingFormat.Wav), files.PathOf(wav, RecordingFormat.Mp3));
        var unfinished = RecordingFiles.UnfinishedOf(target);
        try
        {
            await RecordingFiles.Create(unfinished).DisposeAsync().ConfigureAwait(false);
            if (await mp3.EncodeAsync(source, unfinished, CancellationToken.None).ConfigureAwait(false) is not { } error)
            {
                var encoded = wav with { Format = format, Octets = RecordingFiles.Keep(target) };
                RecordingFiles.Delete(source);
                return encoded;
            }

            VoiceLog.RecordingNotEncoded(logger, wav.RecordingId, error);
            RecordingFiles.Delete(unfinished);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            VoiceLog.RecordingNotEncoded(logger, wav.RecordingId, failure.Message);
        }

        return wav;
    }

    /// <summary>Has the database know how it ended; once more after a while when it is away.</summary>
    private async Task<RecordingDetails> SaveAsync(RecordingDetails finished, bool isAdded)
    {
        if (await TrySaveAsync(finished, isAdded).ConfigureAwait(false) is { } saved) return saved;
        await Task.Delay(Patience, time).ConfigureAwait(false);
        if (await TrySaveAsync(finished, isAdded).ConfigureAwait(false) is { } savedLater) return savedLater;
        VoiceLog.RecordingNotSaved(logger, finished.RecordingId);
        if (!isAdded) Forget(finished); // else the next start of the server finds the row and the file
        return finished with { Status = RecordingStatus.Error };
    }

    /// <summary>Null while the database is away.</summary>
    private async Task<RecordingDetails?> TrySaveAsync(RecordingDetails finished, bool isAdded)
    {
        try
        {
            if (!isAdded)
            {
                await catalog.AddAsync(finished, CancellationToken.None).ConfigureAwait(false);
            }
            else if (!await catalog.UpdateAsync(finished.AccountId, finished.RecordingId, _ => finished, CancellationToken.None).ConfigureAwait(false))
            {
                DeleteQuietly(finished); // it was deleted while it ran
                usage.Add(finished.AccountId, -finished.Octets);
                return finished with { Status = RecordingStatus.Deleted, Octets = 0 };
            }

            return finished;
        }
        catch (StoreUnavailableException)
        {
            return null;
        }
    }

    private void Forget(RecordingDetails recording)
    {
        DeleteQuietly(recording);
        usage.Forget(recording.AccountId, recording.Octets);
    }

    private void DeleteQuietly(RecordingDetails recording)
    {
        try
        {
            files.DeleteAudio(recording);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            VoiceLog.RecordingNotDeleted(logger, recording.RecordingId, failure.Message);
        }
    }

    private static RecordingStatus StatusOf(RecorderEnd end) => end switch
    {
        RecorderEnd.WriteFailed => RecordingStatus.Error,
        RecorderEnd.Overrun or RecorderEnd.NoRoom => RecordingStatus.Partial,
        _ => RecordingStatus.Complete,
    };
}
