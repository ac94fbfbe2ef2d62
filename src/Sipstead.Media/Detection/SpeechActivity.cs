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

    /// <summary>The noise rises by 1 dB a second of louder frames, so that a line that becomes noisy is not heard to speak for ever.</summary>
    private const float NoiseRise = 1.0046f;

    private const float LoudestNoise = 600 * 600;
    private const int FramesOfSound = 3;
    private const int FramesBridged = 10;

    private float _noise = Faintest * Faintest / AboveNoise;
    private int _loud;
    private int _quiet = FramesBridged;

    /// <summary>Takes a frame. True while somebody speaks.</summary>
    public bool Take(ReadOnlySpan<short> frame)
    {
        float power = 0;
        foreach (var sample in frame) power += (float)sample * sample;
        power /= frame.Length;
        var isLoud = power > Faintest * Faintest && power > _noise * AboveNoise;
        _noise = Math.Clamp(power < _noise ? (0.9f * _noise) + (0.1f * power) : _noise * NoiseRise, 1, LoudestNoise);
        _loud = isLoud ? _loud + 1 : 0;
        if (_loud >= FramesOfSound) _quiet = 0;
        else if (!isLoud && _quiet < FramesBridged) _quiet++;
        return _quiet < FramesBridged;
    }
}
