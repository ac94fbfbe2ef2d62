namespace Sipstead.Media.Rtp;

/// <summary>
/// Noise in the pauses of a party that sends none of its own (RFC 3389): white, as loud as it says. Where it describes the colour too, that is passed over,
/// as a receiver may.
/// </summary>
internal sealed class ComfortNoise
{
    /// <summary>Static payload type (RFC 3551 6).</summary>
    public const byte Payload = 13;

    /// <summary>0 dBov: a square wave as loud as mu-law can be (RFC 3389 3).</summary>
    private const double Overload = 32_124;

    /// <summary>Levels that a party's octet may say, 0 to -127 dBov. Louder than -30 is no background, but a mistake or malice.</summary>
    private const int Loudest = 30;
    private const int LevelMask = 0x7F;

    private uint _state = 0x2545_F491;
    private float _peak;
    private float _target;

    /// <summary>True from the party's noise packet until its voice.</summary>
    public bool IsOn { get; private set; }

    /// <summary>Begins, or goes on at another level.</summary>
    public void Begin(ReadOnlySpan<byte> payload)
    {
        if (payload.IsEmpty) return;
        var level = Math.Max(payload[0] & LevelMask, Loudest);
        _target = (float)(Overload * Math.Pow(10, -level / 20.0) * Math.Sqrt(3)); // even chances between -peak and peak have a power of peak^2 / 3
        if (!IsOn) _peak = _target;
        IsOn = true;
    }

    public void End() => IsOn = false;

    public void Fill(Span<short> samples)
    {
        foreach (ref var sample in samples)
        {
            _peak += (_target - _peak) / 256;
            _state ^= _state << 13;
            _state ^= _state >> 17;
            _state ^= _state << 5;
            sample = (short)(_peak * ((int)_state / 2_147_483_648f));
        }
    }
}
