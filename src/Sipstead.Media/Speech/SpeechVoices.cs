using System.Collections.Frozen;

namespace Sipstead.Media.Speech;

/// <summary>A voice of the API and what speaks for it here.</summary>
/// <param name="Name">Its name in the API; empty for a language that the API has no voice for.</param>
/// <param name="Locale">Locale in the API's form.</param>
/// <param name="Gender">male or female.</param>
/// <param name="Espeak">Voice of espeak-ng: a language and a variant, such as en-us+f3.</param>
public sealed record SpeechVoice(string Name, string Locale, string Gender, string Espeak);

/// <summary>The API's voices (SpeakSentence). Whatever is asked for, some voice is found.</summary>
public static class SpeechVoices
{
    private const string Male = "male";
    private const string Female = "female";
    private const string EnhancedSuffix = "_enh";

    /// <summary>The first voice of a locale and gender is the one for who names no voice; susan is that for who names nothing.</summary>
    public static IReadOnlyList<SpeechVoice> All { get; } =
    [
        new("susan", "en_US", Female, "en-us+f3"), new("julie", "en_US", Female, "en-us+f2"), new("kate", "en_US", Female, "en-us+f4"),
        new("ruth", "en_US", Female, "en-us+f5"), new("salli", "en_US", Female, "en-us+f1"), new("ivy", "en_US", Female, "en-us+f4"),
        new("dave", "en_US", Male, "en-us+m3"), new("paul", "en_US", Male, "en-us+m7"), new("stephen", "en_US", Male, "en-us+m2"),
        new("joey", "en_US", Male, "en-us+m1"), new("justin", "en_US", Male, "en-us+m4"), new("samuel", "en_US", Male, "en-us+m8"),
        new("bridget", "en_UK", Female, "en-gb+f3"), new("emma", "en_UK", Female, "en-gb+f2"), new("emily", "en_UK", Female, "en-gb+f4"),
        new("simon", "en_UK", Male, "en-gb+m3"), new("geraint", "en_UK", Male, "en-gb+m2"),
        new("nicole", "en_AU", Female, "en-gb+f5"), new("russell", "en_AU", Male, "en-gb+m7"),
        new("raveena", "en_IN", Female, "en-gb+f4"),
        new("katrin", "de", Female, "de+f3"), new("stefan", "de", Male, "de+m3"),
        new("esperanza", "es", Female, "es+f3"), new("violeta", "es", Female, "es+f4"), new("carmen", "es", Female, "es+f2"),
        new("jorge", "es", Male, "es+m3"),
        new("rosa", "es_MX", Female, "es-419+f3"),
        new("lupe", "es_US", Female, "es-419+f2"), new("penelope", "es_US", Female, "es-419+f4"),
        new("pedro", "es_US", Male, "es-419+m3"), new("miguel", "es_US", Male, "es-419+m2"),
        new("jolie", "fr", Female, "fr-fr+f3"), new("bernard", "fr", Male, "fr-fr+m3"),
        new("gabrielle", "fr_CA", Female, "fr-fr+f2"), new("chantal", "fr_CA", Female, "fr-fr+f4"), new("liam", "fr_CA", Male, "fr-fr+m2"),
        new("paola", "it", Female, "it+f3"), new("luca", "it", Male, "it+m3"),
        new("masako", "ja", Female, "ja+f3"), new("kenji", "ja", Male, "ja+m3"),
        new("nadiya", "ru", Female, "ru+f3"), new("anatoli", "ru", Male, "ru+m3"),
        new("zeina", "arb", Female, "ar+f3"),
        new("zhiyu", "cmn-CN", Female, "cmn+f3"),
        new("naja", "da", Female, "da+f3"), new("mads", "da", Male, "da+m3"),
        new("ruben", "nl", Male, "nl+m3"),
    ];

    private static readonly FrozenDictionary<string, SpeechVoice> ByName = All.ToFrozenDictionary(v => v.Name, StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenDictionary<string, SpeechVoice[]> ByLocale =
        All.GroupBy(v => Normal(v.Locale)).ToFrozenDictionary(g => g.Key, g => g.ToArray(), StringComparer.Ordinal);

    /// <summary>Names of the same things elsewhere (BCP 47).</summary>
    private static readonly FrozenDictionary<string, string> Aliases = new Dictionary<string, string>
    {
        ["en"] = "en-us", ["en-gb"] = "en-uk", ["zh"] = "cmn-cn", ["cmn"] = "cmn-cn", ["ar"] = "arb", ["fr-fr"] = "fr", ["es-es"] = "es",
        ["no"] = "nb",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Languages that espeak-ng speaks under their own name and the API has no voice for.</summary>
    private static readonly FrozenSet<string> FurtherLanguages = FrozenSet.ToFrozenSet(
    [
        "bg", "ca", "cs", "cy", "el", "et", "fa", "fi", "he", "hi", "hr", "hu", "id", "is", "ko", "lt", "lv", "nb", "pl", "pt", "pt-br", "ro", "sk", "sl",
        "sr", "sv", "tr", "uk", "vi",
    ], StringComparer.Ordinal);

    /// <summary>
    /// Finds the voice: by name, which wins; else by locale and gender, where a locale without the gender lends its other one; else what is closest.
    /// </summary>
    public static SpeechVoice Choose(string? locale, string? gender, string? voice)
    {
        if (voice is not null && Named(voice.Trim()) is { } named) return named;
        var wanted = string.Equals(gender?.Trim(), Male, StringComparison.OrdinalIgnoreCase) ? Male : Female;
        var asked = Normal(locale?.Trim() ?? "");
        var language = asked.Split('-')[0];
        return OfLocale(asked, wanted) ?? OfLocale(language, wanted) ?? OfLocale("en-us", wanted)!;
    }

    private static SpeechVoice? Named(string name) =>
        ByName.GetValueOrDefault(name.EndsWith(EnhancedSuffix, StringComparison.OrdinalIgnoreCase) ? name[..^EnhancedSuffix.Length] : name);

    private static SpeechVoice? OfLocale(string locale, string gender)
    {
        locale = Aliases.GetValueOrDefault(locale, locale);
        if (ByLocale.TryGetValue(locale, out var voices)) return Array.Find(voices, v => v.Gender == gender) ?? voices[0];
        return FurtherLanguages.Contains(locale) ? new SpeechVoice("", locale, gender, locale + (gender == Male ? "+m3" : "+f3")) : null;
    }

    private static string Normal(string locale) => locale.Replace('_', '-').ToLowerInvariant();
}
