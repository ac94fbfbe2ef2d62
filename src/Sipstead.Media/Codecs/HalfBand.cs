using System.Numerics;
using System.Runtime.InteropServices;
using Sipstead.Media.Audio;

namespace Sipstead.Media.Codecs;

/// <summary>
/// The half-band filter between 8 and 16 kHz: a windowed sinc of 63 taps, of which every second but the middle one is zero. What is below 3.4 kHz keeps its
/// level, what is above 4.6 kHz is more than 60 dB down.
/// </summary>
internal static class HalfBand
{
    /// <summary>Samples at 8 kHz that a new one between two of them is made of.</summary>
    public const int Taps = 32;

    /// <summary>Samples at 8 kHz by which the filter is late.</summary>
    public const int Delay = Taps / 2;

    /// <summary>Shape of the Kaiser window: 60 dB.</summary>
    private const double Beta = 5.7;

    private static readonly float[] Filter = Create();

    /// <summary>The value half way between the two middle ones of <see cref="Taps"/> samples.</summary>
    public static float Between(ReadOnlySpan<float> samples)
    {
        var sums = Vector<float>.Zero;
        var left = MemoryMarshal.Cast<float, Vector<float>>(samples[..Taps]);
        var right = MemoryMarshal.Cast<float, Vector<float>>(Filter.AsSpan());
        for (var i = 0; i < left.Length; i++) sums += left[i] * right[i];
        return Vector.Sum(sums);
    }

    private static float[] Create()
    {
        var taps = new double[Taps];
        for (var i = 0; i < Taps; i++)
        {
            var distance = i - ((Taps - 1) / 2.0);
            taps[i] = Math.Sin(Math.PI * distance) / (Math.PI * distance) * KaiserWindow.At(distance / (Taps / 2.0), Beta);
        }

        var sum = taps.Sum();
        return [.. taps.Select(tap => (float)(tap / sum))];
    }
}
