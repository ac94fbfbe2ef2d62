using CsCheck;
using Sipstead.Media.Speech;

namespace Sipstead.Media.Tests.Speech;

/// <summary>Some voice is found for whatever is asked.</summary>
public class SpeechVoicesTests
{
    [Theory]
    [InlineData(null, null, null, "susan")]
    [InlineData("en_US", "female", null, "susan")]
    [InlineData("en_US", "male", null, "dave")]
    [InlineData("de", "male", "julie", "julie")]
    [InlineData("de", "MALE", null, "stefan")]
    [InlineData("en_UK", null, null, "bridget")]
    [InlineData("en-GB", "male", null, "simon")]
    [InlineData("es_MX", "male", null, "rosa")]
    [InlineData("arb", "male", null, "zeina")]
    [InlineData("cmn-CN", null, null, "zhiyu")]
    [InlineData("zh_TW", null, null, "zhiyu")]
    [InlineData("de_AT", "female", null, "katrin")]
    [InlineData(null, null, "Stephen_enh", "stephen")]
    [InlineData(null, null, " Paul ", "paul")]
    [InlineData("fr_CA", "male", "nobody", "liam")]
    [InlineData("tlh", "male", "nobody", "dave")]
    public void The_name_wins_then_locale_and_gender(string? locale, string? gender, string? voice, string expected) =>
        Assert.Equal(expected, SpeechVoices.Choose(locale, gender, voice).Name);

    [Theory]
    [InlineData("pt_BR", "pt-br+f3")]
    [InlineData("pt_PT", "pt+f3")]
    [InlineData("no", "nb+f3")]
    public void Languages_without_a_voice_of_the_API_are_spoken(string locale, string espeak) =>
        Assert.Equal(espeak, SpeechVoices.Choose(locale, null, null).Espeak);

    [Fact]
    public void Every_name_of_the_API_is_there()
    {
        const string names =
            "julie kate susan dave paul ruth stephen bridget simon katrin stefan esperanza violeta jorge rosa lupe pedro jolie bernard gabrielle liam "
            + "paola luca masako kenji nadiya anatoli zeina zhiyu salli joey ivy emma russell nicole raveena mads naja justin carmen ruben geraint samuel "
            + "emily chantal miguel penelope";
        Assert.All(names.Split(' '), name => Assert.Equal(name, SpeechVoices.Choose(null, null, name).Name));
    }

    [Fact]
    public void What_is_asked_never_reaches_the_command_line() =>
        Gen.Select(Gen.String, Gen.String, Gen.String).Sample((locale, gender, voice) =>
            Assert.All(SpeechVoices.Choose(locale, gender, voice).Espeak, c => Assert.True(char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '+')));

    [Theory]
    [InlineData("cy-LyQp2o[XB{?!1pdN", "cy+f3")] // begins with a language: that alone counts
    [InlineData("en_US; rm -rf /", "en-us+f3")]
    [InlineData("--stdin", "en-us+f3")]
    public void What_follows_a_language_is_dropped(string locale, string espeak) => Assert.Equal(espeak, SpeechVoices.Choose(locale, null, null).Espeak);
}
