namespace Sipstead.Dns;

/// <summary>SOA serial arithmetic (RFC 1982) on 32 bits.</summary>
internal static class SerialNumber
{
    /// <summary>Whether <paramref name="candidate"/> comes after <paramref name="serial"/>.</summary>
    public static bool IsAfter(uint candidate, uint serial) => unchecked((int)(candidate - serial)) > 0;

    /// <summary>The serial after <paramref name="current"/>: the time in seconds since 1970, or one more where the clock is not ahead.</summary>
    public static uint Next(uint current, DateTimeOffset now)
    {
        var clock = FromTime(now);
        return IsAfter(clock, current) ? clock : unchecked(current + 1);
    }

    /// <summary>The serial that stands for a moment.</summary>
    public static uint FromTime(DateTimeOffset now) => unchecked((uint)now.ToUnixTimeSeconds());
}
