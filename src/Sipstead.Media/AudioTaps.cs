using Microsoft.Extensions.Logging;
using Sipstead.Media.Audio;

namespace Sipstead.Media;

/// <summary>The sinks of one track. Added and removed from any thread, written to by the media clock.</summary>
internal sealed class AudioTaps
{
    private readonly Attachments<IAudioSink> _sinks = new();

    /// <summary>Gives frames to a sink until the result is disposed.</summary>
    public IDisposable Add(IAudioSink sink) => _sinks.Add(sink);

    public void Clear() => _sinks.Clear();

    /// <summary>Gives a frame to all. A sink that fails gets no more: it would fail fifty times a second.</summary>
    public void Write(ReadOnlySpan<short> frame, ILogger logger)
    {
        foreach (var sink in _sinks.All)
        {
            try
            {
                sink.Write(frame);
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                _sinks.Remove(sink);
                MediaLog.CallFailed(logger, e);
            }
        }
    }
}
