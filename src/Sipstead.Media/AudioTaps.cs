using Microsoft.Extensions.Logging;
using Sipstead.Media.Audio;

namespace Sipstead.Media;

/// <summary>The sinks of one track. Added and removed from any thread, written to by the media clock, which takes no lock.</summary>
internal sealed class AudioTaps
{
    private readonly Lock _changing = new();
    private volatile IAudioSink[] _sinks = [];

    /// <summary>Gives frames to a sink until the result is disposed.</summary>
    public IDisposable Add(IAudioSink sink)
    {
        lock (_changing) _sinks = [.. _sinks, sink];
        return new Removal(this, sink);
    }

    public void Clear()
    {
        lock (_changing) _sinks = [];
    }

    /// <summary>Gives a frame to all. A sink that fails gets no more: it would fail fifty times a second.</summary>
    public void Write(ReadOnlySpan<short> frame, ILogger logger)
    {
        foreach (var sink in _sinks)
        {
            try
            {
                sink.Write(frame);
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                Remove(sink);
                MediaLog.CallFailed(logger, e);
            }
        }
    }

    private void Remove(IAudioSink sink)
    {
        lock (_changing) _sinks = [.. _sinks.Where(other => other != sink)];
    }

    private sealed class Removal(AudioTaps taps, IAudioSink sink) : IDisposable
    {
        public void Dispose() => taps.Remove(sink);
    }
}
