namespace Sipstead.Media.Detection;

/// <summary>
/// Whether somebody speaks, by energy: louder than the noise of the line, which is followed in the quietest frames. Sounds shorter than 60 ms, such as
/// clicks, are none; gaps shorter than 200 ms, such as those within words, are bridged.
/// </summary>
internal sealed class SpeechActivity
{
    /// <summary>Root mean square below which nothing is speech: -46 dBm0.</summary>
    private const float Faintest = 115;

    /// <summary>Power above that of the noise: 10 dB.</summary>
    private const float AboveNoise = 10;

    /// <summary>The noise is what the quietest frame was, and rises by 10 dB a second since then: there are gaps in speech, and none in noise.</summary>
    private const float NoiseRise = 1.047f;

    /// <summary>What a line is taken to have at first, and at the least and most: -46, -56 and -32 dBm0.</summary>
    private const float FirstNoise = 120 * 120;
    private const float LeastNoise = 36 * 36;
    private const float MostNoise = 600 * 600;

    private const int FramesOfSound = 3;
    private const int FramesBridged = 10;

    private float _noise = FirstNoise;
    private bool _hasBegun;
    private int _loud;
    private int _quiet = FramesBridged;

    /// <summary>Takes a frame. True while somebody speaks.</summary>
    public bool Take(ReadOnlySpan<short> frame)
    {
        float power = 0;
        foreach (var sample in frame) power += (float)sample * sample;
        power /= frame.Length;
        _hasBegun |= power > 0;
        if (!_hasBegun) return false; // a jitter buffer fills: that is not the noise of the line
        var isLoud = power > Faintest * Faintest && power > _noise * AboveNoise;
        _noise = Math.Clamp(Math.Min(power, _noise * NoiseRise), LeastNoise, MostNoise);
        _loud = isLoud ? _loud + 1 : 0;
        if (_loud >= FramesOfSound) _quiet = 0;
        else if (!isLoud && _quiet < FramesBridged) _quiet++;
        return _quiet < FramesBridged;
    }
}
