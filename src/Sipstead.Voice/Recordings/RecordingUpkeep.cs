using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Sipstead.Media.Recording;
using Sipstead.Provisioning.Recordings;
using Sipstead.Provisioning.Store;

namespace Sipstead.Voice.Recordings;

/// <summary>Finishes what the end of the process cut off, before the first recording begins, and deletes hourly what is too old.</summary>
internal sealed class RecordingUpkeep(
    RecordingFiles files, RecordingUsage usage, IRecordingCatalog catalog, RecordingDirectory directory, RecordingOptions options, TimeProvider time, ILogger logger)
    : BackgroundService
{
    public static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    private const int Step = 100;

    /// <summary>Brings files and database in step. Before any recording begins; what fails is logged.</summary>
    public async Task RecoverAsync(CancellationToken cancellationToken)
    {
        try
        {
            foreach (var recording in await catalog.UnfinishedAsync(cancellationToken))
            {
                var recovered = Recovered(recording);
                await catalog.UpdateAsync(recording.AccountId, recording.RecordingId, _ => recovered, cancellationToken);
                VoiceLog.RecordingRecovered(logger, recording.RecordingId, RecordingEvent.NameOf(recovered.Status));
            }

            files.DeleteUnfinished();
            usage.Load(await catalog.UsageAsync(cancellationToken));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or StoreUnavailableException)
        {
            VoiceLog.RecordingsNotRecovered(logger, failure.Message);
        }
    }

    /// <summary>Deletes what is older than it may be.</summary>
    public async Task TrimAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var old = await catalog.OlderAsync(time.GetUtcNow() - TimeSpan.FromDays(options.Days), Step, cancellationToken);
            foreach (var recording in old) await directory.DeleteAsync(recording.AccountId, recording.RecordingId, cancellationToken);
            if (old.Count < Step) return;
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                await TrimOrLogAsync(stoppingToken);
                await Task.Delay(Interval, time, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops.
        }
    }

    private async Task TrimOrLogAsync(CancellationToken stoppingToken)
    {
        try
        {
            await TrimAsync(stoppingToken);
        }
#pragma warning disable CA1031 // a locked file or a database that is away: tried again in an hour
        catch (Exception failure) when (failure is not OperationCanceledException)
#pragma warning restore CA1031
        {
            VoiceLog.RecordingsNotTrimmed(logger, failure);
        }
    }

    private RecordingDetails Recovered(RecordingDetails recording)
    {
        var transcription = recording.TranscriptionStatus == TranscriptionStatus.Processing ? TranscriptionStatus.Error : recording.TranscriptionStatus;
        recording = recording with { TranscriptionStatus = transcription };
        if (recording.Status != RecordingStatus.Processing) return recording;
        var path = files.PathOf(recording, RecordingFormat.Wav);
        var wasWhole = File.Exists(path);
        var found = wasWhole ? path : RecordingFiles.UnfinishedOf(path);
        if (!File.Exists(found) || WavRepair.Run(found) is not { } extent)
        {
            files.DeleteAudio(recording);
            return recording with { Status = RecordingStatus.Error, EndTime = recording.StartTime };
        }

        if (!wasWhole) RecordingFiles.Keep(path);
        return recording with
        {
            Status = wasWhole ? RecordingStatus.Complete : RecordingStatus.Partial, Format = RecordingFormat.Wav, Duration = extent.Duration,
            EndTime = recording.StartTime + extent.Duration, Octets = new FileInfo(path).Length,
        };
    }
}
