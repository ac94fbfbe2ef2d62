using System.Text;
using CsCheck;

namespace Sipstead.Sip.Tests.Parsing;

/// <summary>Damages messages: flips bits, cuts, repeats, swaps header lines, inserts octets that matter to parsers.</summary>
internal static class Mutator
{
    private static readonly byte[] Favourites = "\r\n\0\t :;,<>\"\\%@?=[]/"u8.ToArray();

    public static readonly Gen<(int Kind, int At, int Amount)[]> Mutations = Gen.Select(Gen.Int[0, 6], Gen.Int[0, int.MaxValue], Gen.Int[0, 255]).Array[1, 4];

    public static byte[] Apply(byte[] octets, (int Kind, int At, int Amount)[] mutations)
    {
        foreach (var (kind, place, amount) in mutations)
        {
            if (octets.Length == 0) return octets;
            var at = place % octets.Length;
            var behind = Math.Min(octets.Length, at + amount);
            octets = kind switch
            {
                0 => [.. octets.AsSpan(0, at), (byte)(octets[at] ^ (1 << (amount % 8))), .. octets.AsSpan(at + 1)],
                1 => octets[..at],
                2 => [.. octets.AsSpan(0, behind), .. octets.AsSpan(at, behind - at), .. octets.AsSpan(behind)],
                3 => SwapLines(octets, place, amount),
                4 => [.. octets.AsSpan(0, at), Favourites[amount % Favourites.Length], .. octets.AsSpan(at)],
                5 => [.. octets.AsSpan(0, at), .. octets.AsSpan(behind)],
                _ => [.. octets.AsSpan(0, at), .. "\r\n"u8, .. octets.AsSpan(at)],
            };
        }

        return octets;
    }

    private static byte[] SwapLines(byte[] octets, int first, int second)
    {
        var lines = Encoding.Latin1.GetString(octets).Split("\r\n");
        var (a, b) = (first % lines.Length, second % lines.Length);
        (lines[a], lines[b]) = (lines[b], lines[a]);
        return Encoding.Latin1.GetBytes(string.Join("\r\n", lines));
    }
}
