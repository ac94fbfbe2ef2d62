using System.Buffers;

namespace Sipstead.Voice.Bxml.Verbs;

/// <summary>When a Gather starts over and when it ends (bxml.md 5.1).</summary>
/// <param name="TerminatingDigits">0-9 * # A-D; each of them ends it. Empty for none.</param>
/// <param name="MaxDigits">That many end it.</param>
/// <param name="FirstDigitTimeout">Waited after the prompts of each round.</param>
/// <param name="InterDigitTimeout">Waited after each digit.</param>
/// <param name="RepeatCount">Rounds while no digit comes.</param>
/// <param name="WantsSpeech">Whether speech is asked for, alone or with digits.</param>
internal sealed record GatherRules(
    string TerminatingDigits, int MaxDigits, TimeSpan FirstDigitTimeout, TimeSpan InterDigitTimeout, int RepeatCount, bool WantsSpeech)
{
    private const int MaximumPlays = 20;

    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789*#ABCDabcd");

    public static GatherRules Read(VerbElement element, int prompts)
    {
        var rules = new GatherRules(
            ReadTerminatingDigits(element, otherwise: ""),
            element.WholeNumber("maxDigits", otherwise: 50, 1, 50),
            element.Seconds("firstDigitTimeout", otherwise: 5, 0, 60),
            element.Seconds("interDigitTimeout", otherwise: 5, 1, 60),
            element.WholeNumber("repeatCount", otherwise: 1, 1, MaximumPlays),
            element.Word("input", "dtmf", "speech", "dtmf_speech") is "speech" or "dtmf_speech");
        if (rules.RepeatCount * prompts > MaximumPlays)
            element.Fail("repeatCount", $"Gather plays {prompts} prompts {rules.RepeatCount} times; prompts times repeatCount may be {MaximumPlays} at most.");
        return rules;
    }

    /// <summary>The attribute terminatingDigits, which Record has too.</summary>
    public static string ReadTerminatingDigits(VerbElement element, string otherwise)
    {
        var digits = element.Value("terminatingDigits") ?? otherwise;
        if (digits.AsSpan().ContainsAnyExcept(Digits))
            element.Fail("terminatingDigits", $"{element.Name}'s terminatingDigits is {ErrorText.Quote(digits)}; give some of 0-9 * # A-D.");
        return digits.ToUpperInvariant();
    }
}
