using Sipstead.Media;
using Sipstead.Media.Audio;
using Sipstead.Media.Codecs;

namespace Sipstead.Voice.Feeds;

/// <summary>
/// Frames of a feed's tracks on their way from the media clock to who takes them. When that is slower than the call, the oldest frames make room: what is taken
/// is the present, and the gap shows in the numbers. Writing allocates nothing, and waits for no more than the copy of one frame.
/// </summary>
#pragma warning disable CA1001 // a semaphore whose handle nobody asks for holds nothing to free
internal sealed class TrackFrames(Action dropped)
#pragma warning restore CA1001
{
    /// <summary>Frames that wait: five seconds of one track.</summary>
    public const int Capacity = 250;

    private readonly Lock _lock = new();
    private readonly byte[] _octets = new byte[Capacity * AudioFormat.FrameSamples];
    private readonly AudioTrack[] _tracks = new AudioTrack[Capacity];
    private readonly SemaphoreSlim _filled = new(0, 1);

    /// <summary>Numbers of the oldest frame that waits and of the next one to come, from 1.</summary>
    private long _oldest = 1;
    private long _next = 1;

    /// <summary>Takes what a track says; for <see cref="MediaSession.Tap"/>.</summary>
    public IAudioSink SinkOf(AudioTrack track) => new Sink(this, track);

    /// <summary>Waits until there is a frame; spuriously so now and then. False when it is over.</summary>
    public async Task<bool> ComeAsync(CancellationToken over)
    {
        try
        {
            await _filled.WaitAsync(over);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>Takes the oldest frame. False when none waits.</summary>
    /// <param name="payload">Gets its 160 octets of mu-law.</param>
    public bool TryTake(Span<byte> payload, out AudioTrack track, out long number)
    {
        lock (_lock)
        {
            number = _oldest;
            track = default;
            if (_oldest == _next) return false;
            var slot = (int)(_oldest++ % Capacity);
            track = _tracks[slot];
            OctetsOf(slot).CopyTo(payload);
            return true;
        }
    }

    private void Write(AudioTrack track, ReadOnlySpan<short> frame)
    {
        lock (_lock)
        {
            if (_next - _oldest == Capacity)
            {
                _oldest++;
                dropped();
            }

            var slot = (int)(_next++ % Capacity);
            _tracks[slot] = track;
            G711.EncodeMuLaw(frame[..AudioFormat.FrameSamples], OctetsOf(slot));
            if (_filled.CurrentCount == 0) _filled.Release();
        }
    }

    private Span<byte> OctetsOf(int slot) => _octets.AsSpan(slot * AudioFormat.FrameSamples, AudioFormat.FrameSamples);

    private sealed class Sink(TrackFrames frames, AudioTrack track) : IAudioSink
    {
        public void Write(ReadOnlySpan<short> frame) => frames.Write(track, frame);
    }
}
