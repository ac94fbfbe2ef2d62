namespace Sipstead.Provisioning.Locations;

/// <summary>Telephone numbers in E.164 form: '+' and up to 15 digits, the first not 0.</summary>
public static class E164
{
    private const int MinimumDigits = 2;
    private const int MaximumDigits = 15;
    private const int NationalDigits = 10;

    /// <summary>Whether a text is a number in this form.</summary>
    public static bool IsNumber(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Length is > MinimumDigits and <= MaximumDigits + 1 && text[0] == '+' && text[1] is >= '1' and <= '9' && text.AsSpan(1).IndexOfAnyExceptInRange('0', '9') < 0;
    }

    /// <summary>A dialled user part as a number: with '+' as it is, ten digits or eleven that begin with 1 as one of North America; null for others.</summary>
    public static string? FromDialled(string user)
    {
        if (IsNumber(user)) return user;
        if (user.Length == 0 || user.AsSpan().IndexOfAnyExceptInRange('0', '9') >= 0) return null;
        if (user.Length == NationalDigits && user[0] is >= '2') return "+1" + user;
        return user.Length == NationalDigits + 1 && user[0] == '1' ? "+" + user : null;
    }
}
