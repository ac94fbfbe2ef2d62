using System.Text.Json;
using Microsoft.Extensions.Logging;
using Sipstead.Media.Recording;
using Sipstead.Media.Transcription;
using Sipstead.Provisioning.Recordings;
using Sipstead.Voice.Api;

namespace Sipstead.Voice.Recordings;

/// <summary>Transcriptions of recordings (voice-api.md 6): made by the engine, kept as a file beside the audio, told by transcriptionAvailable.</summary>
internal sealed class Transcriptions(
    RecordingFiles files, ITranscriptionEngine engine, Mp3Files mp3, IRecordingCatalog catalog, RecordingNotices notices, RecordingChanges changes,
    VoiceMetrics metrics, TimeProvider time, ILogger logger)
{
    /// <summary>Transcriptions under way; more end with <c>error</c> at once.</summary>
    private const int MaximumActive = 64;

    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Longest = TimeSpan.FromHours(4);

    private int _active;

    /// <summary>Transcribes a recording, unless that is under way, and tells what became of it.</summary>
    public async Task RunAsync(IRecordingOwner owner, RecordingDetails recording, TranscriptionWish wish)
    {
        var isTooMuch = Interlocked.Increment(ref _active) > MaximumActive;
        try
        {
            if (await TryBeginAsync(recording).ConfigureAwait(false) is not { } begun) return;
            var status = isTooMuch ? Failed(begun, "too many transcriptions are under way") : await TranscribeOrFailAsync(begun, wish).ConfigureAwait(false);
            var ended = begun with { TranscriptionStatus = status, TranscriptionTime = time.GetUtcNow() };
            var isKnown = await catalog.UpdateAsync(
                recording.AccountId, recording.RecordingId,
                now => now.TranscriptionId == begun.TranscriptionId
                    ? now with { TranscriptionStatus = status, TranscriptionTime = ended.TranscriptionTime }
                    : now,
                CancellationToken.None).ConfigureAwait(false);
            if (!isKnown) files.DeleteTranscript(recording); // the recording was deleted meanwhile
            metrics.TranscriptionEnded(RecordingEvent.NameOf(status));
            changes.Report(ended);
            await notices.TranscribedAsync(owner, ended, wish.Available).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // nobody awaits this
        catch (Exception failure)
#pragma warning restore CA1031
        {
            VoiceLog.TranscriptionFailed(logger, recording.RecordingId, failure.Message);
        }
        finally
        {
            Interlocked.Decrement(ref _active);
        }
    }

    /// <summary>The recording with a transcription under way; null when one is already, or there is no recording any more.</summary>
    private async Task<RecordingDetails?> TryBeginAsync(RecordingDetails recording)
    {
        RecordingDetails? begun = null;
        await catalog.UpdateAsync(
            recording.AccountId, recording.RecordingId,
            now => now.TranscriptionStatus == TranscriptionStatus.Processing
                ? now
                : begun = now with
                {
                    TranscriptionId = RecordingId.CreateForTranscription(), TranscriptionStatus = TranscriptionStatus.Processing, TranscriptionTime = null,
                },
            CancellationToken.None).ConfigureAwait(false);
        if (begun is not null) changes.Report(begun);
        return begun;
    }

    private async Task<TranscriptionStatus> TranscribeOrFailAsync(RecordingDetails recording, TranscriptionWish wish)
    {
        try
        {
            return await TranscribeAsync(recording, wish).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return Failed(recording, failure.Message);
        }
    }

    private async Task<TranscriptionStatus> TranscribeAsync(RecordingDetails recording, TranscriptionWish wish)
    {
        if (!recording.HasMedia) return TranscriptionStatus.Error;
        if (recording.Duration < Shortest) return TranscriptionStatus.FileSizeTooSmall;
        if (recording.Duration > Longest) return TranscriptionStatus.FileSizeTooBig;
        var wav = files.PathOf(recording, RecordingFormat.Wav);
        var decoded = RecordingFiles.UnfinishedOf(wav + ".decoded");
        try
        {
            if (recording.Format == RecordingFormat.Mp3)
            {
                await RecordingFiles.Create(wav = decoded).DisposeAsync().ConfigureAwait(false);
                if (await mp3.DecodeAsync(files.PathOf(recording, RecordingFormat.Mp3), decoded, CancellationToken.None).ConfigureAwait(false) is { } error)
                    return Failed(recording, error);
            }

            return await TranscribeAsync(recording, wav, wish.DetectLanguage).ConfigureAwait(false);
        }
        finally
        {
            RecordingFiles.Delete(decoded);
        }
    }

    private async Task<TranscriptionStatus> TranscribeAsync(RecordingDetails recording, string wav, bool detectLanguage)
    {
        var transcripts = new List<Transcript>();
        for (var channel = 0; channel < recording.Channels; channel++)
        {
            var result = await TranscribeAsync(recording, wav, channel, detectLanguage).ConfigureAwait(false);
            if (result.IsLate) VoiceLog.TranscriptionFailed(logger, recording.RecordingId, result.Error!);
            if (result.IsLate) return TranscriptionStatus.Timeout;
            if (result.Transcript is null) return Failed(recording, result.Error!);
            transcripts.Add(result.Transcript);
        }

        var path = files.TranscriptOf(recording);
        var file = RecordingFiles.Create(RecordingFiles.UnfinishedOf(path));
        await using (file.ConfigureAwait(false))
            await JsonSerializer.SerializeAsync(file, TranscriptionBody.Of(transcripts), VoiceJson.Api.TranscriptionBody).ConfigureAwait(false);
        RecordingFiles.Keep(path);
        return TranscriptionStatus.Available;
    }

    private async Task<TranscriptionResult> TranscribeAsync(RecordingDetails recording, string wav, int channel, bool detectLanguage)
    {
        if (recording.Channels == 1) return await engine.TranscribeAsync(wav, detectLanguage, CancellationToken.None).ConfigureAwait(false);
        var single = RecordingFiles.UnfinishedOf(FormattableString.Invariant($"{wav}.{channel}"));
        try
        {
            bool isThere;
            using (var file = RecordingFiles.Create(single)) isThere = WavChannel.TryExtract(wav, channel, file);
            if (!isThere) return new TranscriptionResult(null, "Its file is none of this server's.");
            return await engine.TranscribeAsync(single, detectLanguage, CancellationToken.None).ConfigureAwait(false);
        }
        finally
        {
            RecordingFiles.Delete(single);
        }
    }

    private TranscriptionStatus Failed(RecordingDetails recording, string error)
    {
        VoiceLog.TranscriptionFailed(logger, recording.RecordingId, error);
        return TranscriptionStatus.Error;
    }
}
