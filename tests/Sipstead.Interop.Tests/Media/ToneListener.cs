using Sipstead.Media.Audio;
using Sipstead.Testing.Phones;

namespace Sipstead.Interop.Tests.Media;

/// <summary>Keeps what a session hears.</summary>
internal sealed class ToneListener : IAudioSink
{
    private readonly List<float> _samples = [];

    public Recording Heard
    {
        get
        {
            lock (_samples) return new Recording([.. _samples]);
        }
    }

    public void Write(ReadOnlySpan<short> frame)
    {
        lock (_samples)
            foreach (var sample in frame) _samples.Add(sample / 32768f);
    }
}
