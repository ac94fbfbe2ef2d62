using System.Collections.Frozen;
using System.Globalization;

namespace Sipstead.Media.Speech;

/// <summary>Words for what espeak-ng reads wrongly under say-as: dates, whose strokes it reads aloud, and ordinal numbers, which it reads as cardinals.</summary>
internal static class SayAs
{
    private const int MaximumNumber = 9_999;
    private const string English = "en";

    /// <summary>Names of the months; the runtime has none, since it is built without cultures.</summary>
    private static readonly FrozenDictionary<string, string[]> Months = new Dictionary<string, string[]>
    {
        [English] = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"],
        ["de"] = ["Januar", "Februar", "M\u00E4rz", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November", "Dezember"],
        ["es"] = ["enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"],
        ["fr"] = ["janvier", "f\u00E9vrier", "mars", "avril", "mai", "juin", "juillet", "ao\u00FBt", "septembre", "octobre", "novembre", "d\u00E9cembre"],
        ["it"] = ["gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno", "luglio", "agosto", "settembre", "ottobre", "novembre", "dicembre"],
        ["nl"] = ["januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober", "november", "december"],
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The words; null where the text is not of that kind, or is left to espeak-ng.</summary>
    /// <param name="kind">The attribute interpret-as.</param>
    /// <param name="format">The attribute format: the order of month (m), day (d) and year (y); null for that of the language.</param>
    /// <param name="text">What is to be said.</param>
    /// <param name="locale">Of the voice that says it, in the API's form.</param>
    public static string? Expand(string? kind, string? format, string text, string locale)
    {
        var language = locale.Replace('_', '-').Split('-')[0];
        return kind switch
        {
            "ordinal" when TryReadNumber(text.Trim(), out var number) => Ordinal(number, language),
            "date" => Date(format ?? (locale == "en_US" ? "mdy" : "dmy"), text, language),
            _ => null,
        };
    }

    private static string? Date(string format, string text, string language)
    {
        var parts = text.Split(['/', '-', '.', ' ', ','], StringSplitOptions.RemoveEmptyEntries);
        if (format is not ("mdy" or "dmy" or "ymd" or "md" or "dm" or "ym" or "my" or "d" or "m" or "y") || parts.Length != format.Length) return null;
        string? month = null, day = null, year = null;
        for (var i = 0; i < parts.Length; i++)
        {
            if (!TryReadNumber(parts[i], out var number)) return null;
            switch (format[i])
            {
                case 'm' when number is >= 1 and <= 12:
                    month = Months.TryGetValue(language, out var names) ? names[number - 1] : Digits(number);
                    break;
                case 'd' when number is >= 1 and <= 31:
                    day = language is English or "fr" ? Ordinal(number, language) : Digits(number);
                    break;
                case 'y':
                    year = Digits(number);
                    break;
                default:
                    return null;
            }
        }

        string?[] words = language switch
        {
            English => [month, day is null || year is null ? day : day + ",", year],
            "es" => [day, day is null ? null : "de", month, month is null || year is null ? null : "de", year],
            _ => [day, month, year],
        };
        return string.Join(' ', words.Where(word => word is not null));
    }

    /// <summary>A number with the sign that makes it an ordinal one in the language, as espeak-ng reads it.</summary>
    private static string Ordinal(int number, string language) => Digits(number) + language switch
    {
        English => (number % 100) is >= 11 and <= 13 ? "th" : (number % 10) switch { 1 => "st", 2 => "nd", 3 => "rd", _ => "th" },
        "fr" when number == 1 => "er",
        "es" or "it" or "pt" => "\u00BA",
        _ => "",
    };

    private static string Digits(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static bool TryReadNumber(string text, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number <= MaximumNumber;
}
