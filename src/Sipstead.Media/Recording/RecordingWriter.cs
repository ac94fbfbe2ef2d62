using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;

namespace Sipstead.Media.Recording;

/// <summary>
/// Writes the files of all recordings, on one thread that looks for audio several times a second: the media clock neither waits for a disk nor wakes
/// anybody. How many record at once is for the caller to bound.
/// </summary>
public sealed class RecordingWriter : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private readonly RecordingMetrics _metrics;
    private readonly ILogger _logger;
    private readonly AutoResetEvent _wake = new(initialState: false);
    private readonly Lock _changing = new();
    private volatile RecordingFile[] _files = [];
    private volatile bool _isEnded;
    private Thread? _thread;

    public RecordingWriter(IMeterFactory meters, ILogger<RecordingWriter> logger)
    {
        _metrics = new RecordingMetrics(meters);
        _logger = logger;
    }

    /// <summary>Recordings whose files are open.</summary>
    public int Open => _files.Length;

    /// <summary>Begins a recording into a stream that is empty and seekable, and is closed when the recording has ended.</summary>
    /// <param name="plan">What to record.</param>
    /// <param name="file">Where to.</param>
    /// <param name="name">For logs.</param>
    public AudioRecorder Start(RecorderPlan plan, Stream file, string name)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(file);
        var recorder = new AudioRecorder(plan);
        var opened = new RecordingFile(recorder, plan, file, name, _metrics, _logger);
        lock (_changing)
        {
            ObjectDisposedException.ThrowIf(_isEnded, this);
            _files = [.. _files, opened];
            if (_thread is null)
            {
                _thread = new Thread(Run) { Name = "recording-writer", IsBackground = true };
                _thread.Start();
            }
        }

        _wake.Set();
        return recorder;
    }

    /// <summary>Ends all recordings and writes them to their end.</summary>
    public void Dispose()
    {
        lock (_changing)
        {
            if (_isEnded) return;
            _isEnded = true;
        }

        foreach (var file in _files) file.Recorder.Stop();
        _wake.Set();
        _thread?.Join();
        _wake.Dispose();
    }

    private void Run()
    {
        while (!(_isEnded && _files.Length == 0))
        {
            _wake.WaitOne(_files.Length == 0 ? Timeout.InfiniteTimeSpan : Interval);
            var finished = _files.Where(file => file.Write()).ToArray();
            if (finished.Length == 0) continue;
            lock (_changing) _files = [.. _files.Except(finished)];
        }
    }
}
