using System.Numerics;

namespace Sipstead.RegisterLoad;

/// <summary>Durations in nanoseconds, counted in buckets that grow with them: each is 1/32 of its power of two wide.</summary>
internal sealed class Histogram
{
    private const int Bits = 5;
    private const int Steps = 1 << Bits;

    private readonly long[] _counts = new long[(64 - Bits) * Steps];

    public long Count { get; private set; }

    public long Longest { get; private set; }

    public void Record(long duration)
    {
        duration = Math.Max(0, duration);
        _counts[BucketOf(duration)]++;
        Count++;
        Longest = Math.Max(Longest, duration);
    }

    /// <summary>What this part of the durations is not longer than, at most 1/32 too long; 0 when there are none.</summary>
    public long Percentile(double part)
    {
        var rank = Math.Max(1, (long)Math.Ceiling(part * Count));
        long seen = 0;
        for (var bucket = 0; bucket < _counts.Length; bucket++)
        {
            seen += _counts[bucket];
            if (seen >= rank) return Math.Min(LastOf(bucket), Longest);
        }

        return Longest;
    }

    public void Clear()
    {
        Array.Clear(_counts);
        (Count, Longest) = (0, 0);
    }

    private static int BucketOf(long duration)
    {
        var shift = Math.Max(0, BitOperations.Log2((ulong)duration) - Bits);
        return (shift * Steps) + (int)(duration >> shift);
    }

    /// <summary>The longest duration of a bucket: the inverse of the above.</summary>
    private static long LastOf(int bucket)
    {
        var shift = Math.Max(0, (bucket / Steps) - 1);
        return ((bucket - (shift * Steps) + 1L) << shift) - 1;
    }
}
