namespace Sipstead.Provisioning.Realms;

/// <summary>Lists of algorithms as text: the names of RFC 8760 with a comma between, the strongest first.</summary>
public static class DigestAlgorithmNames
{
    /// <summary>Every algorithm with its name, the strongest first.</summary>
    public static IReadOnlyList<(DigestAlgorithms Algorithm, string Name)> All { get; } =
    [
        (DigestAlgorithms.Sha512256, "SHA-512-256"),
        (DigestAlgorithms.Sha256, "SHA-256"),
        (DigestAlgorithms.Md5, "MD5"),
    ];

    /// <summary>The name of one algorithm. Allocates nothing.</summary>
    public static string Of(DigestAlgorithms algorithm)
    {
        for (var i = 0; i < All.Count; i++)
        {
            if (All[i].Algorithm == algorithm) return All[i].Name;
        }

        throw new ArgumentOutOfRangeException(nameof(algorithm));
    }

    /// <summary>The names of a list's algorithms.</summary>
    public static string Format(DigestAlgorithms algorithms) =>
        string.Join(',', All.Where(known => algorithms.HasFlag(known.Algorithm)).Select(known => known.Name));

    /// <summary>Reads a list, in any order and case; null when it is empty or has a name that is not known.</summary>
    public static DigestAlgorithms? Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var algorithms = DigestAlgorithms.None;
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries))
        {
            var known = All.FirstOrDefault(one => string.Equals(one.Name, part, StringComparison.OrdinalIgnoreCase)).Algorithm;
            if (known == DigestAlgorithms.None) return null;
            algorithms |= known;
        }

        return algorithms;
    }
}
