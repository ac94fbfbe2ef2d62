namespace Sipstead.Dns;

/// <summary>The names that a zone of ours can hold: letters, digits, hyphens and underscores in labels of 1 to 63, in all 253 characters.</summary>
internal static class ZoneName
{
    private const int MaximumLabel = 63;

    /// <summary>The longest textual name: 255 octets on the wire, less the root and the first length octet (RFC 1035 3.1).</summary>
    internal const int MaximumLength = 253;

    /// <summary>What is wrong with the name, or null.</summary>
    public static string? Problem(string name)
    {
        if (string.IsNullOrEmpty(name))
            return "a domain name is missing";
        if (name.Length > MaximumLength)
            return $"it has {name.Length} characters, a domain name has at most {MaximumLength}";
        foreach (var label in name.Split('.'))
        {
            if (label.Length is 0 or > MaximumLabel)
                return $"the label \"{label}\" has {label.Length} characters, a label has 1 to {MaximumLabel}";
            if (!IsPlain(label))
                return $"the label \"{label}\" holds a character other than letters, digits, hyphen and underscore";
        }
        return null;
    }

    /// <summary>Whether a label, as received, can be a label of one of our names. A dot or NUL inside a label cannot.</summary>
    public static bool IsPlain(string label)
    {
        foreach (var character in label)
        {
            if (!char.IsAsciiLetterOrDigit(character) && character is not ('-' or '_'))
                return false;
        }
        return true;
    }

    /// <summary>The form in which names are compared: ASCII letters in lower case (RFC 4343).</summary>
    public static string Fold(string name) => name.ToLowerInvariant();

    /// <summary>The name without its first label; empty for a name of one label.</summary>
    public static string Parent(string name)
    {
        var dot = name.IndexOf('.', StringComparison.Ordinal);
        return dot < 0 ? "" : name[(dot + 1)..];
    }
}
