using System.Numerics;
using Microsoft.Extensions.Logging;
using Sipstead.Media.Audio;

namespace Sipstead.Media;

/// <summary>Sources that are heard over what plays. Added and removed from any thread, read by the media clock, which takes no lock.</summary>
internal sealed class AudioOverlays(ILogger logger)
{
    private readonly Lock _changing = new();
    private readonly short[] _frame = new short[AudioFormat.FrameSamples];
    private volatile IAudioSource[] _sources = [];

    /// <summary>Reads from a source until it ends or the result is disposed.</summary>
    public IDisposable Add(IAudioSource source)
    {
        lock (_changing) _sources = [.. _sources, source];
        return new Removal(this, source);
    }

    public void Clear()
    {
        lock (_changing) _sources = [];
    }

    /// <summary>Adds a frame of each source to the frame; what is too loud for it is cut.</summary>
    public void Mix(Span<short> frame)
    {
        foreach (var source in _sources)
        {
            var count = Read(source);
            AddSaturated(frame[..count], _frame.AsSpan(0, count));
            if (count < frame.Length) Remove(source);
        }
    }

    private int Read(IAudioSource source)
    {
        try
        {
            return Math.Clamp(source.Read(_frame), 0, _frame.Length);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            MediaLog.SourceFailed(logger, e);
            return 0;
        }
    }

    private static void AddSaturated(Span<short> sum, ReadOnlySpan<short> added)
    {
        var at = 0;
        for (; at + Vector<short>.Count <= sum.Length; at += Vector<short>.Count)
            Vector.AddSaturate(new Vector<short>(sum[at..]), new Vector<short>(added[at..])).CopyTo(sum[at..]);
        for (; at < sum.Length; at++) sum[at] = (short)Math.Clamp(sum[at] + added[at], short.MinValue, short.MaxValue);
    }

    private void Remove(IAudioSource source)
    {
        lock (_changing) _sources = [.. _sources.Where(other => other != source)];
    }

    private sealed class Removal(AudioOverlays overlays, IAudioSource source) : IDisposable
    {
        public void Dispose() => overlays.Remove(source);
    }
}
