using Microsoft.Extensions.Logging;
using Sipstead.Media.Audio;

namespace Sipstead.Media;

/// <summary>
/// Beats every 20 ms on a thread of its own, by an absolute schedule: a late beat does not move those behind it. After a stall it catches up by a few
/// beats at once and leaves the rest out, because a burst of old frames only fills the parties' buffers.
/// </summary>
internal sealed class MediaClock(TimeProvider time, ILogger logger, Action<int> beat) : IDisposable
{
    /// <summary>Beats that are caught up.</summary>
    public const int MaxCatchUp = 3;

    private readonly ManualResetEvent _stop = new(initialState: false);
    private readonly long _period = (long)(AudioFormat.FrameDuration.TotalSeconds * time.TimestampFrequency);
    private Thread? _thread;

    public void Start()
    {
        if (_thread is not null) return;
        _thread = new Thread(Run) { Name = "media-clock", IsBackground = true, Priority = ThreadPriority.Highest };
        _thread.Start();
    }

    /// <summary>Stops; no beat runs any more when this returns. Not to be called from a beat.</summary>
    public void Dispose()
    {
        _stop.Set();
        _thread?.Join();
        _stop.Dispose();
    }

    /// <summary>Beats to leave out when the clock is this late.</summary>
    public static int ToSkip(long late, long period) => (int)Math.Max((late / period) - MaxCatchUp, 0);

    private void Run()
    {
        var next = time.GetTimestamp();
        while (true)
        {
            next += _period;
            if (WaitUntil(next)) return;
            var skipped = ToSkip(time.GetTimestamp() - next, _period);
            next += skipped * _period;
            Beat(skipped);
        }
    }

    private void Beat(int skipped)
    {
        try
        {
            beat(skipped);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            MediaLog.BeatFailed(logger, e); // a defect of ours costs a frame, not the server
        }
    }

    /// <summary>Waits for a moment; true when the clock is to stop.</summary>
    private bool WaitUntil(long moment)
    {
        while (true)
        {
            var rest = time.GetElapsedTime(time.GetTimestamp(), moment);
            if (rest <= TimeSpan.Zero) return _stop.WaitOne(0);
            if (_stop.WaitOne((int)Math.Ceiling(rest.TotalMilliseconds))) return true;
        }
    }
}
