namespace Sipstead.Media.Rtp;

/// <summary>
/// Makes up audio where none came, in the spirit of ITU-T G.711 Appendix I: the last pitch period goes on, from 10 ms on two and from 20 ms on three of them in
/// turn, so that it does not buzz; it fades from 10 ms on, into silence at 60 ms. Where audio comes again, one is faded into the other.
/// </summary>
internal sealed class Concealment
{
    /// <summary>Samples until it is silent: 60 ms.</summary>
    public const int FadeSamples = 480;

    /// <summary>Samples at full level, and until the next period is added: 10 ms.</summary>
    private const int Step = 80;

    /// <summary>Samples of the fade into what came: 4 ms for each 10 ms of a gap, and at most 10.</summary>
    private const int ShortMerge = 32;

    /// <summary>Pitch periods that voices have: 200 to 66 Hz. Faster ones are found as multiples.</summary>
    private const int MinPitch = 40;
    private const int MaxPitch = 120;

    /// <summary>Periods that take turns at most.</summary>
    private const int MaxPeriods = 3;

    /// <summary>Samples that are compared with those a pitch period before them: 20 ms.</summary>
    private const int Match = 160;

    /// <summary>Samples remembered: the periods, and a quarter of one before them that the last one ends in.</summary>
    private const int Memory = (MaxPeriods * MaxPitch) + (MaxPitch / 4);

    private readonly short[] _ring = new short[Memory];
    private readonly float[] _past = new float[Memory];
    private int _ringAt;

    /// <summary>Samples made up in this gap.</summary>
    private int _gap = FadeSamples;
    private int _pitch;
    private int _periods;

    /// <summary>Place in the periods that take turns.</summary>
    private int _at;

    /// <summary>How far the first sample made up would jump.</summary>
    private float _jump;

    /// <summary>Samples that are still to be faded from what is made up to what came, of so many.</summary>
    private int _merging;
    private int _mergeLength;

    /// <summary>Forgets all: what was heard is not to go on.</summary>
    public void Forget()
    {
        Array.Clear(_ring);
        _gap = FadeSamples;
        _merging = 0;
    }

    /// <summary>Takes what came, and fades the end of what was made up into it.</summary>
    public void Hear(Span<short> samples)
    {
        if (_gap > 0 && _merging == 0 && _gap < FadeSamples) _mergeLength = _merging = Math.Clamp(_gap / Step * ShortMerge, ShortMerge, Step);

        for (var i = 0; i < samples.Length && _merging > 0; i++, _merging--)
        {
            var share = (float)_merging / (_mergeLength + 1);
            samples[i] = (short)MathF.Round((Next() * share) + (samples[i] * (1 - share)));
        }

        if (_merging == 0) _gap = 0;
        Remember(samples);
    }

    /// <summary>Fills a gap, or the next part of one.</summary>
    public void Fill(Span<short> samples)
    {
        if (_gap == 0) Begin();
        _merging = 0;
        for (var i = 0; i < samples.Length; i++) samples[i] = (short)MathF.Round(Next());
        Remember(samples);
    }

    private void Remember(ReadOnlySpan<short> samples)
    {
        if (samples.Length > Memory) samples = samples[^Memory..];
        var first = Math.Min(samples.Length, Memory - _ringAt);
        samples[..first].CopyTo(_ring.AsSpan(_ringAt));
        samples[first..].CopyTo(_ring);
        _ringAt = (_ringAt + samples.Length) % Memory;
    }

    private void Begin()
    {
        for (var i = 0; i < Memory; i++) _past[i] = _ring[(_ringAt + i) % Memory];
        _pitch = FindPitch();
        _periods = 1;
        _at = 0;
        _jump = _past[^1] - _past[^(_pitch + 1)];
    }

    private float Next()
    {
        if (_gap >= FadeSamples) return 0;
        if (_gap == Step || _gap == 2 * Step)
        {
            _periods++;
            _at += _pitch; // one more in front of those that take turns
        }

        var value = Cycle(_at);
        if (_gap < _pitch / 4) value += _jump * (1 - ((_gap + 0.5f) / (_pitch / 4)));
        _at = (_at + 1) % (_periods * _pitch);
        var level = _gap < Step ? 1 : (float)(FadeSamples - _gap) / (FadeSamples - Step);
        _gap++;
        return Math.Clamp(value * level, short.MinValue, short.MaxValue);
    }

    /// <summary>A sample of the periods that take turns; their last quarter fades into what was before their first, so that it leads on to it.</summary>
    private float Cycle(int at)
    {
        var length = _periods * _pitch;
        var value = _past[Memory - length + at];
        var into = at - (length - (_pitch / 4));
        if (into < 0) return value;
        var share = (into + 0.5f) / (_pitch / 4);
        return (value * (1 - share)) + (_past[Memory - (2 * length) + at] * share);
    }

    /// <summary>The distance at which what was heard last is most alike to what was before it.</summary>
    private int FindPitch()
    {
        var recent = _past.AsSpan(Memory - Match);
        var (best, bestLikeness) = (MinPitch, 0f);
        for (var pitch = MinPitch; pitch <= MaxPitch; pitch++)
        {
            var before = _past.AsSpan(Memory - Match - pitch, Match);
            float product = 0, energy = 1;
            for (var i = 0; i < Match; i++)
            {
                product += recent[i] * before[i];
                energy += before[i] * before[i];
            }

            if (product <= 0 || product * (product / energy) is var likeness && likeness <= bestLikeness) continue;
            (best, bestLikeness) = (pitch, likeness);
        }

        return best;
    }
}
