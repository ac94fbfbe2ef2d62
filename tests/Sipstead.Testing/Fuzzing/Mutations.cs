using System.Text;

namespace Sipstead.Testing.Fuzzing;

/// <summary>
/// Damages messages of any protocol: flips bits, changes, inserts, cuts, repeats, swaps and borrows lines, puts numbers at the edges of their types. The same
/// random numbers do the same damage.
/// </summary>
public static class Mutations
{
    /// <summary>Damages done to one message at most.</summary>
    private const int Most = 6;

    /// <summary>What a repetition makes of a message at most; larger ones are for tests of limits.</summary>
    private const int LargestRepetition = 16 * 1024;

    /// <summary>Octets that mean something to the parsers, of text and of binary.</summary>
    private static readonly byte[] Favourites = [.. "\r\n\0\t :;,<>\"\\%@?=[]/&'!-.~"u8, 0x7F, 0x80, 0x85, 0xA0, 0xC0, 0xFF];

    private static readonly byte[][] Numbers =
    [
        .. new[]
        {
            "0", "00", "-1", "+1", "127", "128", "255", "256", "65535", "65536", "2147483647", "2147483648", "4294967295", "4294967296", "4294967328",
            "9223372036854775808", "18446744073709551616", "18446744073709551617", "36893488147419103232", "1e9", "0x10", "5 5", "\u0665",
        }.Select(Encoding.UTF8.GetBytes),
    ];

    /// <summary>A damaged copy of one of the messages.</summary>
    public static byte[] Apply(IReadOnlyList<byte[]> corpus, Random random)
    {
        ArgumentNullException.ThrowIfNull(corpus);
        ArgumentNullException.ThrowIfNull(random);
        var octets = corpus[random.Next(corpus.Count)];
        for (var count = random.Next(1, Most + 1); count > 0; count--) octets = Once(octets, corpus, random);
        return octets;
    }

    /// <summary>Every beginning of a message, shortest first, without the whole.</summary>
    public static IEnumerable<byte[]> Prefixes(byte[] octets) => Enumerable.Range(0, octets.Length).Select(length => octets[..length]);

    /// <summary>The message with each octet 00 to FF at each place.</summary>
    public static IEnumerable<byte[]> Insertions(byte[] octets)
    {
        for (var at = 0; at <= octets.Length; at++)
        {
            for (var octet = 0; octet < 256; octet++) yield return Insert(octets, at, [(byte)octet]);
        }
    }

    private static byte[] Once(byte[] octets, IReadOnlyList<byte[]> corpus, Random random)
    {
        var at = random.Next(octets.Length + 1);
        var behind = Math.Min(octets.Length, at + random.Next(1, random.Next(2) == 0 ? 4 : 200));
        return random.Next(12) switch
        {
            0 when at < octets.Length => Replace(octets, at, (byte)(octets[at] ^ (1 << random.Next(8)))),
            1 when at < octets.Length => Replace(octets, at, (byte)random.Next(256)),
            2 => Insert(octets, at, [(byte)random.Next(256)]),
            3 or 4 => Insert(octets, at, [Favourites[random.Next(Favourites.Length)]]),
            5 => octets[..at],
            6 => [.. octets.AsSpan(0, at), .. octets.AsSpan(behind)],
            7 => Repeat(octets, at, behind, random.Next(1, random.Next(4) == 0 ? 300 : 4)),
            8 => SwapLines(octets, random),
            9 => BorrowLine(octets, corpus[random.Next(corpus.Count)], random),
            10 => ReplaceNumber(octets, at, Numbers[random.Next(Numbers.Length)]),
            11 => Insert(octets, at, "\r\n"u8),
            _ => octets,
        };
    }

    private static byte[] Replace(byte[] octets, int at, byte octet)
    {
        var copy = octets.ToArray();
        copy[at] = octet;
        return copy;
    }

    private static byte[] Insert(byte[] octets, int at, ReadOnlySpan<byte> inserted) => [.. octets.AsSpan(0, at), .. inserted, .. octets.AsSpan(at)];

    private static byte[] Repeat(byte[] octets, int at, int behind, int times)
    {
        var piece = octets.AsSpan(at, behind - at);
        if (piece.IsEmpty) return octets;
        times = Math.Min(times, Math.Max(0, LargestRepetition - octets.Length) / piece.Length);
        var repeated = new byte[octets.Length + (piece.Length * times)];
        octets.AsSpan(0, behind).CopyTo(repeated);
        for (var i = 0; i < times; i++) piece.CopyTo(repeated.AsSpan(behind + (i * piece.Length)));
        octets.AsSpan(behind).CopyTo(repeated.AsSpan(behind + (times * piece.Length)));
        return repeated;
    }

    private static byte[] SwapLines(byte[] octets, Random random)
    {
        var lines = Lines(octets);
        var (first, second) = (random.Next(lines.Length), random.Next(lines.Length));
        (lines[first], lines[second]) = (lines[second], lines[first]);
        return Join(lines);
    }

    private static byte[] BorrowLine(byte[] octets, byte[] other, Random random)
    {
        var lines = Lines(octets).ToList();
        var lent = Lines(other);
        lines.Insert(random.Next(lines.Count + 1), lent[random.Next(lent.Length)]);
        return Join([.. lines]);
    }

    private static byte[] ReplaceNumber(byte[] octets, int from, byte[] number)
    {
        var start = octets.AsSpan(from).IndexOfAnyInRange((byte)'0', (byte)'9');
        if (start < 0) return octets;
        start += from;
        var length = octets.AsSpan(start).IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        var behind = length < 0 ? octets.Length : start + length;
        return [.. octets.AsSpan(0, start), .. number, .. octets.AsSpan(behind)];
    }

    private static string[] Lines(byte[] octets) => Encoding.Latin1.GetString(octets).Split("\r\n");

    private static byte[] Join(string[] lines) => Encoding.Latin1.GetBytes(string.Join("\r\n", lines));
}
