using CsCheck;
using Sipstead.Media.Speech;

namespace Sipstead.Media.Tests.Speech;

/// <summary>Words for dates and ordinal numbers.</summary>
public sealed class SayAsTests
{
    private static readonly string[] Kinds = ["date", "ordinal"];
    private static readonly string?[] Formats = ["mdy", "dm", "y", "ymd", null];

    [Theory]
    [InlineData("date", "mdy", "12/31/2025", "en_US", "December 31st, 2025")]
    [InlineData("date", "dmy", "1.2.1999", "en_UK", "February 1st, 1999")]
    [InlineData("date", "ymd", "2025-01-22", "en_US", "January 22nd, 2025")]
    [InlineData("date", "md", "3/3", "en_US", "March 3rd")]
    [InlineData("date", "dm", "11/3", "en_US", "March 11th")]
    [InlineData("date", "ym", "2025/7", "en_US", "July 2025")]
    [InlineData("date", "my", "7/2025", "en_US", "July 2025")]
    [InlineData("date", "d", "12", "en_US", "12th")]
    [InlineData("date", "m", "6", "en_US", "June")]
    [InlineData("date", "y", "2025", "en_US", "2025")]
    [InlineData("date", null, "2/1/2025", "en_US", "February 1st, 2025")]
    [InlineData("date", null, "2/1/2025", "en_UK", "January 2nd, 2025")]
    [InlineData("ordinal", null, "1", "en_US", "1st")]
    [InlineData("ordinal", null, " 112 ", "en_US", "112th")]
    [InlineData("ordinal", null, "2", "de", "2")]
    [InlineData("date", "mdy", "12/31/2025", "de", "31 Dezember 2025")]
    [InlineData("date", "ymd", "2025-03-01", "es_MX", "1 de marzo de 2025")]
    [InlineData("date", "dm", "1.8", "fr", "1er ao\u00FBt")]
    [InlineData("date", null, "1.8.2025", "ja", "1 8 2025")]
    [InlineData("ordinal", null, "1", "fr_CA", "1er")]
    [InlineData("ordinal", null, "2", "fr", "2")]
    [InlineData("ordinal", null, "2", "es_MX", "2\u00BA")]
    [InlineData("ordinal", null, "2", "ja", "2")]
    [InlineData("ordinal", null, "two", "en_US", null)]
    [InlineData("ordinal", null, "-2", "en_US", null)]
    [InlineData("date", "mdy", "13/1/2025", "en_US", null)]
    [InlineData("date", "mdy", "1/32/2025", "en_US", null)]
    [InlineData("date", "mdy", "1/2", "en_US", null)]
    [InlineData("date", "yy", "1/2", "en_US", null)]
    [InlineData("time", "hms12", "2:30pm", "en_US", null)]
    [InlineData("telephone", null, "2025550100", "en_US", null)]
    public void Words_AreThoseOfTheLanguage(string kind, string? format, string text, string locale, string? expected) =>
        Assert.Equal(expected, SayAs.Expand(kind, format, text, locale));

    [Fact]
    public void AnyText_OfAnyVoice_IsWordsOrLeftAlone() =>
        Gen.Select(
                Gen.Int[0, 1], Gen.Int[0, 4], Gen.String[Gen.Char["0129/-. ,x\u0661"], 0, 12], Gen.Int[0, SpeechVoices.All.Count - 1])
            .Sample((kind, format, text, voice) => Assert.InRange(
                SayAs.Expand(Kinds[kind], Formats[format], text, SpeechVoices.All[voice].Locale)?.Length ?? 0, 0, 60));
}
