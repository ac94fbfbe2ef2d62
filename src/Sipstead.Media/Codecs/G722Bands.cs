namespace Sipstead.Media.Codecs;

/// <summary>The lower band of G.722 (0 to 4 kHz): six bits a sample, of which the upper four steer predictor and scale factor.</summary>
internal sealed class G722LowBand
{
    private const int MaxLogarithm = 18_432;
    private readonly G722Predictor _predictor = new();
    private int _logarithm;
    private int _scale = 32;

    public int Encode(int sample)
    {
        var difference = G722Predictor.Saturate(sample - _predictor.Estimate);
        var magnitude = difference < 0 ? ~difference : difference;
        var edges = G722Tables.LowEdges;
        var step = 1;
        while (step < edges.Length && magnitude >= (edges[step] * _scale) >> 12) step++;
        var code = G722Tables.LowCode(step, difference < 0);
        Follow(code);
        return code;
    }

    public int Decode(int code)
    {
        var sample = G722Band.Limit(_predictor.Estimate + ((_scale * G722Tables.LowValues[code]) >> 15));
        Follow(code);
        return sample;
    }

    private void Follow(int code)
    {
        var coarse = code >> 2;
        var difference = (_scale * G722Tables.LowCoarseValues[coarse]) >> 15;
        _logarithm = Math.Clamp(((_logarithm * 32_512) >> 15) + G722Tables.LowSteps[coarse], 0, MaxLogarithm);
        _scale = G722Band.Scale(_logarithm, 8);
        _predictor.Learn(difference);
    }
}

/// <summary>The upper band of G.722 (4 to 8 kHz): two bits a sample.</summary>
internal sealed class G722HighBand
{
    private const int MaxLogarithm = 22_528;

    /// <summary>The one edge between its two steps.</summary>
    private const int Edge = 564;

    private readonly G722Predictor _predictor = new();
    private int _logarithm;
    private int _scale = 8;

    public int Encode(int sample)
    {
        var difference = G722Predictor.Saturate(sample - _predictor.Estimate);
        var magnitude = difference < 0 ? ~difference : difference;
        var isSmall = magnitude < (Edge * _scale) >> 12;
        var code = difference < 0 ? (isSmall ? 1 : 0) : (isSmall ? 3 : 2);
        Follow(code);
        return code;
    }

    public int Decode(int code) => G722Band.Limit(Follow(code));

    /// <summary>Moves on by a code, and returns the sample that it stands for.</summary>
    private int Follow(int code)
    {
        var difference = (_scale * G722Tables.HighValues[code]) >> 15;
        var sample = _predictor.Estimate + difference;
        _logarithm = Math.Clamp(((_logarithm * 32_512) >> 15) + G722Tables.HighSteps[code], 0, MaxLogarithm);
        _scale = G722Band.Scale(_logarithm, 10);
        _predictor.Learn(difference);
        return sample;
    }
}

/// <summary>What both bands of G.722 share.</summary>
internal static class G722Band
{
    /// <summary>A band's samples have 15 bits.</summary>
    public static int Limit(int sample) => Math.Clamp(sample, -16_384, 16_383);

    /// <summary>Scale factor of a logarithm to base 2 in units of 2^-11 (6.2.1.4, SCALEL and SCALEH).</summary>
    public static int Scale(int logarithm, int bits)
    {
        var power = G722Tables.Powers[(logarithm >> 6) & 31];
        var shift = bits - (logarithm >> 11);
        return (shift < 0 ? power << -shift : power >> shift) << 2;
    }
}
