using Sipstead.Media.Audio;

namespace Sipstead.Media.Rtp;

/// <summary>The tones of a key (ITU-T Q.23), for parties without telephone-event.</summary>
internal struct DualTone(char key)
{
    /// <summary>Peak of each of the two tones: about -9 dBm0 each, the sum within range.</summary>
    private const double Amplitude = 8_000;

    private readonly double _lowStep = Step(Rows[PlaceOf(key) / 4]);
    private readonly double _highStep = Step(Columns[PlaceOf(key) % 4]);
    private int _at;

    private static ReadOnlySpan<int> Rows => [697, 770, 852, 941];

    private static ReadOnlySpan<int> Columns => [1209, 1336, 1477, 1633];

    /// <summary>Fills a frame with what follows of the tones.</summary>
    public void Read(Span<short> frame)
    {
        for (var i = 0; i < frame.Length; i++, _at++) frame[i] = (short)(Amplitude * (Math.Sin(_lowStep * _at) + Math.Sin(_highStep * _at)));
    }

    private static int PlaceOf(char key) => Math.Max("123A456B789C*0#D".IndexOf(key, StringComparison.Ordinal), 0);

    private static double Step(int frequency) => 2 * Math.PI * frequency / AudioFormat.SampleRate;
}
