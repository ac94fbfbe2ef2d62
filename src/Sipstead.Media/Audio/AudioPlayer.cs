using Microsoft.Extensions.Logging;

namespace Sipstead.Media.Audio;

/// <summary>Plays one source at a time, frame by frame. Not safe for several threads.</summary>
internal sealed class AudioPlayer(ILogger logger)
{
    private IAudioSource? _source;
    private Action? _ended;

    public bool IsPlaying => _source is not null;

    /// <summary>Plays a source in place of what plays; that one's end is not told.</summary>
    public void Play(IAudioSource source, Action ended) => (_source, _ended) = (source, ended);

    public void Stop() => (_source, _ended) = (null, null);

    /// <summary>Fills a frame from the source, or with silence. Returns what to call when the source ended with it, else null.</summary>
    public Action? Pull(Span<short> frame)
    {
        var count = _source is null ? 0 : _source.ReadOrEnd(frame, logger);
        frame[count..].Clear();
        if (_source is null || count == frame.Length) return null;
        var ended = _ended;
        Stop();
        return ended;
    }
}
