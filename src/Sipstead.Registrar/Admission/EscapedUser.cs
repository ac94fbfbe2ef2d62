using System.Buffers;
using System.Text;

namespace Sipstead.Registrar.Admission;

/// <summary>A user name of a stranger in a log line: one word that cannot end its field, be it longest or full of addresses, line ends and escapes (S-37, S-73).</summary>
internal static class EscapedUser
{
    /// <summary>Octets of a name that are shown.</summary>
    public const int MaxOctets = 64;

    private static readonly SearchValues<byte> Plain = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~+@"u8);

    /// <summary>Letters, digits and -._~+@ as they are, every other octet as %XX; <c>-</c> for no name.</summary>
    public static string Of(ReadOnlySpan<byte> name)
    {
        if (name.IsEmpty) return "-";
        var text = new StringBuilder();
        foreach (var octet in name[..Math.Min(name.Length, MaxOctets)])
        {
            if (Plain.Contains(octet)) text.Append((char)octet);
            else text.Append('%').Append(octet.ToString("X2", System.Globalization.CultureInfo.InvariantCulture));
        }

        return text.ToString();
    }
}
