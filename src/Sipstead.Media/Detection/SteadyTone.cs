using Sipstead.Media.Audio;

namespace Sipstead.Media.Detection;

/// <summary>
/// Hears a single steady tone of 350 to 2,200 Hz, such as the beep of an answering machine or the tones of fax machines. A sine wave obeys
/// x[n-1] + x[n+1] = 2 cos(w) x[n] for every n: fitting the factor to a frame tells the frequency, and a correlation with it how pure the tone is.
/// </summary>
internal sealed class SteadyTone
{
    private const double Lowest = 350;
    private const double Highest = 2_200;

    /// <summary>Root mean square of the faintest tone: -36 dBm0.</summary>
    private const double Faintest = 365;

    /// <summary>Part of the power that is at the frequency: noise may be 10 dB below the tone.</summary>
    private const double Purity = 0.9;

    /// <summary>Hertz from one frame to the next: voices glide, beeps do not.</summary>
    private const double Glide = 15;

    /// <summary>Frames that make a tone: 200 ms. Vowels that are sung are rarely both so long and so pure.</summary>
    private const int FramesOfTone = 10;

    private double _frequency;
    private int _frames;

    /// <summary>Whether the last frame was a pure one.</summary>
    public bool IsPure => _frames > 1;

    /// <summary>Takes a frame. True while it belongs to a tone that has lasted.</summary>
    public bool Take(ReadOnlySpan<short> frame)
    {
        var frequency = Measure(frame);
        if (frequency is null) _frames = 0;
        else _frames = Math.Abs(frequency.Value - _frequency) <= Glide ? _frames + 1 : 1;
        _frequency = frequency ?? 0;
        return _frames >= FramesOfTone;
    }

    private static double? Measure(ReadOnlySpan<short> frame)
    {
        double energy = 0, product = 0;
        for (var i = 1; i < frame.Length - 1; i++)
        {
            energy += (double)frame[i] * frame[i];
            product += (double)frame[i] * (frame[i - 1] + frame[i + 1]);
        }

        if (energy < Faintest * Faintest * (frame.Length - 2)) return null;
        var turn = Math.Acos(Math.Clamp(product / energy / 2, -1, 1));
        var frequency = turn / (2 * Math.PI) * AudioFormat.SampleRate;
        return frequency is >= Lowest and <= Highest && PowerAt(turn, frame) >= Purity * energy ? frequency : null;
    }

    /// <summary>The energy of the frame that is at one frequency (Goertzel).</summary>
    private static double PowerAt(double turn, ReadOnlySpan<short> frame)
    {
        var coefficient = 2 * Math.Cos(turn);
        double last = 0, before = 0;
        foreach (var sample in frame) (last, before) = (sample + (coefficient * last) - before, last);
        return 2 * ((last * last) + (before * before) - (coefficient * last * before)) / frame.Length;
    }
}
