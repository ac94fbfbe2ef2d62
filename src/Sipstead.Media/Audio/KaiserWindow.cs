namespace Sipstead.Media.Audio;

/// <summary>The Kaiser window, which makes a filter of an endless sinc.</summary>
internal static class KaiserWindow
{
    /// <summary>Its height.</summary>
    /// <param name="x">Distance from the middle; the window ends at 1.</param>
    /// <param name="beta">Its shape: the larger, the deeper and the wider the filter's slope.</param>
    public static double At(double x, double beta) => Math.Abs(x) >= 1 ? 0 : Bessel(beta * Math.Sqrt(1 - x * x)) / Bessel(beta);

    /// <summary>The modified Bessel function of the first kind and order zero, by its power series.</summary>
    private static double Bessel(double x)
    {
        var (sum, term) = (1.0, 1.0);
        for (var k = 1; term > sum * 1e-12; k++)
        {
            term *= x / (2 * k) * (x / (2 * k));
            sum += term;
        }

        return sum;
    }
}
