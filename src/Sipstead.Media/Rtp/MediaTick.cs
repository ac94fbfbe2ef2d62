using Sipstead.Media.Audio;

namespace Sipstead.Media.Rtp;

/// <summary>What the media clock lends to each session for one frame; used again for all.</summary>
internal sealed class MediaTick : IDisposable
{
    /// <summary>Key presses and ends of one frame that are told at most.</summary>
    private const int MaxDigits = 16;

    private readonly short[] _heard = new short[AudioFormat.FrameSamples];
    private readonly short[] _said = new short[AudioFormat.FrameSamples];
    private readonly char[] _digits = new char[MaxDigits];

    public PacketBatch Batch { get; } = new();

    /// <summary>Frames that the clock left out before this one.</summary>
    public int Skipped { get; set; }

    /// <summary>The party's frame.</summary>
    public Span<short> Heard => _heard;

    /// <summary>True when the party's frame was filled.</summary>
    public bool HasHeard { get; set; }

    /// <summary>The frame to send.</summary>
    public Span<short> Said => _said;

    /// <summary>True when the frame to send was filled, whether or not it could be sent.</summary>
    public bool HasSaid { get; set; }

    /// <summary>Key presses of the party.</summary>
    public Span<char> Digits => _digits;

    public int DigitCount { get; set; }

    /// <summary>What to call because the source ended; else null.</summary>
    public Action? PlayEnded { get; set; }

    /// <summary>What to call because a key press was sent; else null.</summary>
    public Action? DigitEnded { get; set; }

    /// <summary>What to call because the party has gone silent for too long; else null.</summary>
    public Action? Lost { get; set; }

    /// <summary>Adds a key press; of too many in one frame the last ones are dropped.</summary>
    public void AddDigit(char digit)
    {
        if (DigitCount < MaxDigits) _digits[DigitCount++] = digit;
    }

    /// <summary>Forgets what the last session left.</summary>
    public void Clear()
    {
        HasHeard = false;
        HasSaid = false;
        DigitCount = 0;
        PlayEnded = null;
        DigitEnded = null;
        Lost = null;
    }

    public void Dispose() => Batch.Dispose();
}
