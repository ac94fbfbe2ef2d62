namespace Sipstead.Sip.Locating;

/// <summary>Names that may be looked up (RFC 1123 2.1), and how they are compared.</summary>
internal static class HostName
{
    private const int MaxLength = 253;
    private const int MaxLabel = 63;

    /// <summary>Lower case, without the last dot. False for what is no name: a last label of digits is an address in a notation that not all read alike.</summary>
    public static bool TryFold(string text, out string name)
    {
        name = text.EndsWith('.') ? text[..^1] : text;
        name = name.ToLowerInvariant();
        if (name.Length is 0 or > MaxLength) return false;
        var last = "";
        foreach (var label in name.Split('.'))
        {
            if (label.Length is 0 or > MaxLabel || label.AsSpan().ContainsAnyExcept(Allowed)) return false;
            last = label;
        }

        return last.AsSpan().ContainsAnyExceptInRange('0', '9');
    }

    /// <summary>Underscores stand in service names, and in hosts of private networks.</summary>
    private static readonly System.Buffers.SearchValues<char> Allowed = System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-_");
}
