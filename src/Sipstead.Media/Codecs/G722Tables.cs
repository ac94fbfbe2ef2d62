namespace Sipstead.Media.Codecs;

/// <summary>Numbers of ITU-T G.722 (09/2012): filters, quantisers and scale factors.</summary>
internal static class G722Tables
{
    /// <summary>
    /// Half of the quadrature mirror filter in units of 2^-13 (table 11); the other half is its mirror image. Here those of even index, and beside them those of
    /// odd index: 0, 2, ... 22 and 1, 3, ... 23.
    /// </summary>
    public static ReadOnlySpan<int> EvenTaps => [3, -11, 12, 32, -210, 951, 3876, -805, 362, -156, 53, -11];

    public static ReadOnlySpan<int> OddTaps => [-11, 53, -156, 362, -805, 3876, 951, -210, 32, 12, -11, 3];

    /// <summary>Edges of the 30 steps of the lower band's quantiser; step n ends at entry n (table 14, times 8).</summary>
    public static ReadOnlySpan<int> LowEdges =>
    [
        0, 35, 72, 110, 150, 190, 233, 276, 323, 370, 422, 473, 530, 587, 650, 714, 786, 858, 940, 1023, 1121, 1219, 1339, 1458, 1612, 1765, 1980, 2195,
        2557, 2919,
    ];

    /// <summary>What a step of the lower band stands for, by the six bits of a code (table 17, times 8, signed).</summary>
    public static ReadOnlySpan<int> LowValues => LowValuesByCode;

    /// <summary>The same by the four upper bits, which alone steer the predictor (table 18, times 8, signed).</summary>
    public static ReadOnlySpan<int> LowCoarseValues => LowCoarseValuesByCode;

    /// <summary>How the lower band's scale factor moves, by the four upper bits of a code (table 20).</summary>
    public static ReadOnlySpan<int> LowSteps => LowStepsByCode;

    /// <summary>What a code of the upper band stands for (table 19, times 8, signed).</summary>
    public static ReadOnlySpan<int> HighValues => [-7408, -1616, 7408, 1616];

    /// <summary>How the upper band's scale factor moves, by code (table 21).</summary>
    public static ReadOnlySpan<int> HighSteps => [798, -214, 798, -214];

    /// <summary>The scale factor's logarithm turned back, by its fraction: 2048 times 2^(n/32) (table 15).</summary>
    public static ReadOnlySpan<int> Powers =>
    [
        2048, 2093, 2139, 2186, 2233, 2282, 2332, 2383, 2435, 2489, 2543, 2599, 2656, 2714, 2774, 2834, 2896, 2960, 3025, 3091, 3158, 3228, 3298, 3371, 3444,
        3520, 3597, 3676, 3756, 3838, 3922, 4008,
    ];

    private static ReadOnlySpan<int> LowMagnitudes =>
    [
        136, 432, 728, 1040, 1360, 1688, 2032, 2400, 2776, 3168, 3576, 4008, 4464, 4944, 5456, 6000, 6576, 7192, 7856, 8576, 9360, 10232, 11192, 12280, 13512,
        14984, 16704, 19008, 21904, 24808,
    ];

    private static ReadOnlySpan<int> LowCoarseMagnitudes => [0, 1200, 2584, 4240, 6288, 8968, 12896, 20456];

    private static ReadOnlySpan<int> LowCoarseSteps => [-60, -30, 58, 172, 334, 538, 1198, 3042];

    private static readonly int[] LowValuesByCode = [.. Enumerable.Range(0, 64).Select(LowValue)];
    private static readonly int[] LowCoarseValuesByCode = [.. Enumerable.Range(0, 16).Select(code => Sign(code < 8) * LowCoarseMagnitudes[CoarseStep(code)])];
    private static readonly int[] LowStepsByCode = [.. Enumerable.Range(0, 16).Select(code => LowCoarseSteps[CoarseStep(code)])];

    /// <summary>The lower band's code for a step, counted from 1 (table 16).</summary>
    public static int LowCode(int step, bool isNegative) => !isNegative ? 62 - step : step < 3 ? 64 - step : 34 - step;

    /// <summary>The reverse of <see cref="LowCode"/>. Codes 0 to 3, which no encoder makes, count as the smallest negative step.</summary>
    private static int LowValue(int code)
    {
        var isNegative = code is < 32 or > 61;
        var step = code switch { < 4 => 1, < 32 => 34 - code, > 61 => 64 - code, _ => 62 - code };
        return Sign(isNegative) * LowMagnitudes[step - 1];
    }

    private static int CoarseStep(int code) => code is 0 or 15 ? 0 : code < 8 ? 8 - code : 15 - code;

    private static int Sign(bool isNegative) => isNegative ? -1 : 1;
}
