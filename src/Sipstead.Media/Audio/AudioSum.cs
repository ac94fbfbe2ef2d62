using System.Numerics;

namespace Sipstead.Media.Audio;

/// <summary>Two sounds at once, in 16 bits.</summary>
internal static class AudioSum
{
    /// <summary>Adds samples to as many others; what is too loud is cut.</summary>
    public static void Add(Span<short> sum, ReadOnlySpan<short> added)
    {
        var at = 0;
        for (; at + Vector<short>.Count <= sum.Length; at += Vector<short>.Count)
            Vector.AddSaturate(new Vector<short>(sum[at..]), new Vector<short>(added[at..])).CopyTo(sum[at..]);
        for (; at < sum.Length; at++) sum[at] = (short)Math.Clamp(sum[at] + added[at], short.MinValue, short.MaxValue);
    }
}
