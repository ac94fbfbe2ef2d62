using Microsoft.Extensions.Logging;
using Sipstead.Media.Audio;

namespace Sipstead.Media;

/// <summary>Sources that are heard over what plays. Added and removed from any thread, read by the media clock.</summary>
internal sealed class AudioOverlays(ILogger logger)
{
    private readonly Attachments<IAudioSource> _sources = new();
    private readonly short[] _frame = new short[AudioFormat.FrameSamples];

    /// <summary>Reads from a source until it ends or the result is disposed.</summary>
    public IDisposable Add(IAudioSource source) => _sources.Add(source);

    public void Clear() => _sources.Clear();

    /// <summary>Adds a frame of each source to the frame; what is too loud for it is cut.</summary>
    public void Mix(Span<short> frame)
    {
        foreach (var source in _sources.All)
        {
            var count = source.ReadOrEnd(_frame, logger);
            AudioSum.Add(frame[..count], _frame.AsSpan(0, count));
            if (count < frame.Length) _sources.Remove(source);
        }
    }
}
