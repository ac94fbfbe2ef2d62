namespace Sipstead.Media.Audio;

/// <summary>How a member takes part in the mix of a conference.</summary>
public enum MixerRole
{
    /// <summary>Hears all, and all hear it.</summary>
    Speaker,

    /// <summary>Hears all, and nobody hears it: mute.</summary>
    Listener,

    /// <summary>Neither hears nor is heard: on hold.</summary>
    Held,

    /// <summary>Hears all, and only those hear it that are coached.</summary>
    Coach,
}

/// <summary>A seat with the part that it takes.</summary>
/// <param name="IsCoached">Whether it hears the coaches as well.</param>
public readonly record struct MixerPlace(MixerSeat Seat, MixerRole Role, bool IsCoached);

/// <summary>
/// One member's end of a <see cref="ConferenceMixer"/>: the sink of what its party says, and the source of what it is sent. Without a place in the mixer it
/// is silent. Used on the media clock's thread only.
/// </summary>
public sealed class MixerSeat : IAudioSink, IAudioSource
{
    private readonly short[] _said = new short[AudioFormat.FrameSamples];
    private readonly short[] _heard = new short[AudioFormat.FrameSamples];

    /// <summary>What the party said since the last beat; silence when nothing came.</summary>
    internal Span<short> Said => _said;

    /// <summary>What the party is to hear next.</summary>
    internal Span<short> Heard => _heard;

    public void Write(ReadOnlySpan<short> frame) => frame.CopyTo(_said);

    /// <summary>Gives each frame once, so that a seat that lost its place falls silent; never ends.</summary>
    public int Read(Span<short> frame)
    {
        _heard.AsSpan(0, frame.Length).CopyTo(frame);
        Array.Clear(_heard);
        return frame.Length;
    }
}
