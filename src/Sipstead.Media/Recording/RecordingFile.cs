using Microsoft.Extensions.Logging;

namespace Sipstead.Media.Recording;

/// <summary>The file of one recording. On the writing thread.</summary>
internal sealed class RecordingFile
{
    private readonly RecorderPlan _plan;
    private readonly Stream _file;
    private readonly string _name;
    private readonly RecordingMetrics _metrics;
    private readonly ILogger _logger;
    private WavWriter? _wav;

    public RecordingFile(AudioRecorder recorder, RecorderPlan plan, Stream file, string name, RecordingMetrics metrics, ILogger logger)
    {
        Recorder = recorder;
        _plan = plan;
        _file = file;
        _name = name;
        _metrics = metrics;
        _logger = logger;
        metrics.Begun();
    }

    public AudioRecorder Recorder { get; }

    /// <summary>Writes what there is. True when the recording has ended and its file is closed.</summary>
    public bool Write()
    {
        try
        {
            _wav ??= new WavWriter(_file, _plan.Channels);
            while (Recorder.TryTake(out var samples))
            {
                if (!HasRoomFor(samples.Length * sizeof(short)))
                {
                    Recorder.Abandon(RecorderEnd.NoRoom);
                    break;
                }

                _wav.Write(samples);
                Recorder.Release();
            }

            if (!Recorder.IsDrained(out var end)) return false;
            _wav.Finish();
            _file.Dispose();
            Complete(end);
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            MediaLog.RecordingNotWritten(_logger, _name, failure.Message);
            Recorder.Abandon(RecorderEnd.WriteFailed);
            Close();
            Complete(RecorderEnd.WriteFailed);
        }

        return true;
    }

    private bool HasRoomFor(int octets) => _wav!.DataLength + (long)octets <= WavWriter.MaximumDataLength && _plan.MayStore?.Invoke(octets) != false;

    private void Complete(RecorderEnd end)
    {
        var length = _wav?.DataLength ?? 0;
        var extent = new WavExtent(_plan.Channels, length / (_plan.Channels * sizeof(short)));
        _metrics.Ended(end);
        Recorder.Complete(new RecorderResult(end, extent.Duration, length + WavHeader.Length));
    }

    private void Close()
    {
        try
        {
            _file.Dispose();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // It failed before, and that was told.
        }
    }
}
