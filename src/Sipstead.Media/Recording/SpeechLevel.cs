namespace Sipstead.Media.Recording;

/// <summary>Tells speech from silence by its energy.</summary>
internal static class SpeechLevel
{
    /// <summary>Root mean square, about -42 dB of full scale: above the noise of a quiet room, below a soft voice.</summary>
    private const int Threshold = 250;

    /// <summary>Whether a frame is louder than silence.</summary>
    public static bool IsSpeech(ReadOnlySpan<short> frame)
    {
        var sum = 0L;
        foreach (var sample in frame) sum += sample * sample;
        return sum > (long)Threshold * Threshold * frame.Length;
    }
}
