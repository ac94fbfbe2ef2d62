using System.Buffers;

namespace Sipstead.Voice.Bxml.Verbs;

/// <summary>Sends key presses to the party (bxml.md 4.4).</summary>
internal sealed class SendDtmf(IReadOnlyList<DigitTone> tones) : Verb
{
    private const int MaximumCharacters = 50;
    private const int MinimumMilliseconds = 50;
    private const int MaximumMilliseconds = 5000;

    private static readonly SearchValues<char> DigitsAndPauses = SearchValues.Create("0123456789*#ABCDabcd,wW");
    private static readonly TimeSpan ShortPause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongPause = TimeSpan.FromSeconds(1);

    public static SendDtmf Read(VerbElement element)
    {
        var digits = element.Text;
        var tone = Milliseconds(element, "toneDuration", 200);
        var interval = Milliseconds(element, "toneInterval", 400);
        if (digits.Length is 0 or > MaximumCharacters || digits.AsSpan().ContainsAnyExcept(DigitsAndPauses))
        {
            element.Fail(null, $"SendDtmf's text is {ErrorText.Quote(digits)}; give 1 to {MaximumCharacters} of 0-9 * # A-D, and , w W for pauses.");
            return new SendDtmf([]);
        }

        var tones = new DigitTone[digits.Length];
        for (var i = 0; i < digits.Length; i++)
        {
            var isBeforePause = i + 1 < digits.Length && PauseOf(digits[i + 1]) is not null;
            tones[i] = PauseOf(digits[i]) is { } pause
                ? new DigitTone(null, pause, TimeSpan.Zero)
                : new DigitTone(char.ToUpperInvariant(digits[i]), tone, isBeforePause ? TimeSpan.Zero : interval);
        }

        return new SendDtmf(tones);
    }

    internal override async Task<VerbOutcome> RunAsync(IVerbCall call, CancellationToken interrupted)
    {
        await call.AnswerAsync(interrupted);
        await call.SendDigitsAsync(tones, interrupted);
        return VerbOutcome.Next;
    }

    private static TimeSpan? PauseOf(char digit) => digit switch { ',' or 'w' => ShortPause, 'W' => LongPause, _ => null };

    private static TimeSpan Milliseconds(VerbElement element, string attribute, int otherwise) =>
        TimeSpan.FromMilliseconds(element.WholeNumber(attribute, otherwise, MinimumMilliseconds, MaximumMilliseconds));
}
