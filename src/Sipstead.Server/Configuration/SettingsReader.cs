using System.Globalization;

namespace Sipstead.Server.Configuration;

/// <summary>Reads typed values from a configuration section, collecting what cannot be read and which keys nobody asked for.</summary>
internal sealed class SettingsReader(IConfigurationSection section)
{
    private readonly HashSet<string> _known = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Values that could not be read, in words for an operator.</summary>
    public List<string> Errors { get; } = [];

    public string Text(string key, string fallback) => OptionalText(key) ?? fallback;

    public string? OptionalText(string key)
    {
        _known.Add(key);
        return section[key] is { Length: > 0 } text ? text : null;
    }

    public int Number(string key, int fallback)
    {
        if (OptionalText(key) is not { } text) return fallback;
        if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)) return number;
        Errors.Add($"{Name(key)} is \"{text}\": give a whole number.");
        return fallback;
    }

    public bool Flag(string key, bool fallback)
    {
        if (OptionalText(key) is not { } text) return fallback;
        if (bool.TryParse(text, out var flag)) return flag;
        Errors.Add($"{Name(key)} is \"{text}\": give true or false.");
        return fallback;
    }

    public T Choice<T>(string key, T fallback)
        where T : struct, Enum
    {
        if (OptionalText(key) is not { } text) return fallback;
        if (Enum.GetNames<T>().Contains(text, StringComparer.OrdinalIgnoreCase)) return Enum.Parse<T>(text, ignoreCase: true);
        Errors.Add($"{Name(key)} is \"{text}\": give one of {string.Join(", ", Enum.GetNames<T>().Select(n => n.ToLowerInvariant()))}.");
        return fallback;
    }

    /// <summary>Values separated by commas.</summary>
    public IReadOnlyList<string> List(string key) =>
        OptionalText(key)?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];

    /// <summary>Keys that are set but mean nothing: nearly always a slip of the pen, which must not pass in silence.</summary>
    public IEnumerable<string> UnknownKeys() =>
        from pair in section.AsEnumerable(makePathsRelative: true)
        where pair.Value is not null && pair.Key.Length > 0 && !_known.Contains(pair.Key)
        select $"{Name(pair.Key)} is set, but there is no such setting. See docs/configuration.md for the names.";

    private string Name(string key) => $"{section.Path}:{key}";
}
