namespace Sipstead.Media.Audio;

/// <summary>Sine waves at once, in a rhythm.</summary>
/// <param name="Frequencies">Hertz, each below 4,000.</param>
/// <param name="Level">Level of each wave in dBm0.</param>
/// <param name="On">How long it sounds at a time.</param>
/// <param name="Off">How long it is silent in between; zero for a tone without pauses.</param>
public sealed record Tone(IReadOnlyList<int> Frequencies, double Level, TimeSpan On, TimeSpan Off);

/// <summary>The tones of telephony.</summary>
public static class Tones
{
    private const string Keys = "123A456B789C*0#D";
    private static readonly int[] Rows = [697, 770, 852, 941];
    private static readonly int[] Columns = [1_209, 1_336, 1_477, 1_633];
    private static readonly Tone[] ByKey = [.. Keys.Select((_, i) => Continuous([Rows[i / 4], Columns[i % 4]], -8))];

    /// <summary>What a caller hears in the USA while the other end rings (precise tone plan, -19 dBm0 a wave).</summary>
    public static Tone RingBack { get; } = new([440, 480], -19, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(4));

    /// <summary>The two waves of a key: 0 to 9, *, #, A to D in either case (ITU-T Q.23); null for any other.</summary>
    public static Tone? Dtmf(char key) => Keys.IndexOf(char.ToUpperInvariant(key), StringComparison.Ordinal) is >= 0 and var at ? ByKey[at] : null;

    /// <summary>A tone without pauses.</summary>
    public static Tone Continuous(IReadOnlyList<int> frequencies, double level) => new(frequencies, level, TimeSpan.FromSeconds(1), TimeSpan.Zero);
}
