namespace Sipstead.Sip.Parsing;

/// <summary>Numbers as SIP writes them: digits only, no sign, blank or NUL, with a bound (MSG-12).</summary>
public static class SipNumber
{
    /// <summary>Reads a number of at most <paramref name="max"/>.</summary>
    public static bool TryParse(ReadOnlySpan<byte> digits, ulong max, out ulong value)
    {
        value = 0;
        if (digits.IsEmpty) return false;
        foreach (var octet in digits)
        {
            if (!SipChars.IsDigit(octet)) return false;
            value = (value * 10) + (ulong)(octet - '0');
            if (value > max) return false; // before the next digit, so that no length of input overflows
        }

        return true;
    }

    /// <summary>Reads a number of at most <paramref name="max"/>.</summary>
    public static bool TryParse(ReadOnlySpan<byte> digits, int max, out int value)
    {
        var ok = TryParse(digits, (ulong)max, out var wide);
        value = ok ? (int)wide : 0;
        return ok;
    }
}
