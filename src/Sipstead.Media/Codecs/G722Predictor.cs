namespace Sipstead.Media.Codecs;

/// <summary>
/// The adaptive predictor of a band of G.722 (3.6, and 6.2.1.3 in integers): two poles and six zeros, moved by the signs of what was predicted wrong. Encoder
/// and decoder run the same one on the same codes, so that their estimates agree.
/// </summary>
internal sealed class G722Predictor
{
    private const int Zeros = 6;

    /// <summary>Bounds that keep the two poles stable: 0.75 and 0.9375 in units of 2^-14 (equations 3-29 and 3-30).</summary>
    private const int MaxSecondPole = 12_288;
    private const int MaxPoles = 15_360;

    private readonly int[] _zeros = new int[Zeros];
    private readonly int[] _differences = new int[Zeros];
    private int _firstPole;
    private int _secondPole;
    private int _reconstructed;
    private int _partial;
    private int _partialBefore;
    private int _zeroEstimate;

    /// <summary>The next sample of the band, as far as it can be told.</summary>
    public int Estimate { get; private set; }

    /// <summary>Learns by how much the estimate was wrong, as far as the code says, and makes the next one.</summary>
    public void Learn(int difference)
    {
        var partial = Saturate(_zeroEstimate + difference);
        var reconstructed = Saturate(Estimate + difference);
        MovePoles(partial);
        MoveZeros(difference);
        (_partialBefore, _partial) = (_partial, partial);

        _zeroEstimate = 0;
        for (var i = Zeros - 1; i >= 0; i--) _zeroEstimate = Saturate(_zeroEstimate + Product(_zeros[i], _differences[i]));
        var poleEstimate = Saturate(Product(_firstPole, reconstructed) + Product(_secondPole, _reconstructed));
        _reconstructed = reconstructed;
        Estimate = Saturate(poleEstimate + _zeroEstimate);
    }

    /// <summary>The arithmetic of the recommendation: 16 bits, saturating.</summary>
    public static int Saturate(int value) => Math.Clamp(value, short.MinValue, short.MaxValue);

    private void MovePoles(int partial)
    {
        var isAlike = IsSameSign(partial, _partial);
        var first = Saturate(4 * _firstPole);
        if (isAlike) first = Saturate(-first);
        var moved = (first >> 7) + (IsSameSign(partial, _partialBefore) ? 128 : -128) + ((_secondPole * 32_512) >> 15);
        _secondPole = Math.Clamp(moved, -MaxSecondPole, MaxSecondPole);
        var bound = MaxPoles - _secondPole;
        _firstPole = Math.Clamp(((_firstPole * 32_640) >> 15) + (isAlike ? 192 : -192), -bound, bound);
    }

    private void MoveZeros(int difference)
    {
        var step = difference == 0 ? 0 : 128;
        for (var i = 0; i < Zeros; i++)
            _zeros[i] = ((_zeros[i] * 32_640) >> 15) + (IsSameSign(difference, _differences[i]) ? step : -step);
        for (var i = Zeros - 1; i > 0; i--) _differences[i] = _differences[i - 1];
        _differences[0] = difference;
    }

    private static bool IsSameSign(int left, int right) => (left ^ right) >= 0;

    private static int Product(int coefficient, int value) => (coefficient * Saturate(2 * value)) >> 15;
}
