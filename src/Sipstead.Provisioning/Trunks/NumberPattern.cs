using System.Diagnostics.CodeAnalysis;

namespace Sipstead.Provisioning.Trunks;

/// <summary>
/// A pattern of telephone numbers: digits, <c>?</c> for any one of them, and <c>*</c> at the end for any that follow, as in <c>+1202555????</c>,
/// <c>+49*</c> or <c>*</c>. Immutable.
/// </summary>
public sealed class NumberPattern
{
    private const int MaximumLength = 17;
    private const char AnyDigit = '?';
    private const char AnyRest = '*';

    private readonly string _fixedPart;
    private readonly bool _isOpen;

    private NumberPattern(string text)
    {
        Text = text;
        _isOpen = text[^1] == AnyRest;
        _fixedPart = _isOpen ? text[..^1] : text;
        Weight = (2 * _fixedPart.Count(c => c != AnyDigit)) + (_isOpen ? 0 : 1);
    }

    /// <summary>The pattern as written.</summary>
    public string Text { get; }

    /// <summary>How much of a number it fixes: of two patterns that match, the one with more is meant.</summary>
    internal int Weight { get; }

    /// <summary>Reads a pattern; false when it is none.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out NumberPattern? pattern)
    {
        pattern = null;
        if (text is not { Length: > 0 and <= MaximumLength }) return false;
        for (var i = 0; i < text.Length; i++)
        {
            var fits = char.IsAsciiDigit(text[i]) || text[i] == AnyDigit
                || (text[i] == '+' && i == 0) || (text[i] == AnyRest && i == text.Length - 1);
            if (!fits) return false;
        }

        if (text == "+") return false;
        pattern = new NumberPattern(text);
        return true;
    }

    /// <summary>Whether it matches a number or what was dialled.</summary>
    public bool Matches(ReadOnlySpan<char> number)
    {
        if (_isOpen ? number.Length < _fixedPart.Length : number.Length != _fixedPart.Length) return false;
        for (var i = 0; i < _fixedPart.Length; i++)
        {
            var fits = _fixedPart[i] == AnyDigit ? char.IsAsciiDigit(number[i]) : _fixedPart[i] == number[i];
            if (!fits) return false;
        }

        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => Text;
}
