namespace Sipstead.Provisioning;

/// <summary>Estimates passwords by their length, the kinds of their characters, and a short list of what everybody tries first.</summary>
public static class PasswordEstimate
{
    /// <summary>The length that is advised: a shorter password is never strong.</summary>
    public const int AdvisedLength = 12;

    private const int FairLength = 8;
    private const int StrongLength = 16;
    private const int VariedKinds = 3;
    private const int FewDistinct = 5;

    /// <summary>Words that everybody tries first, in lower case, without digits and symbols around them.</summary>
    private static readonly HashSet<string> Common = new(StringComparer.Ordinal)
    {
        "", "abc", "admin", "administrator", "asdf", "asdfgh", "asterisk", "baseball", "changeme", "default", "dragon", "football", "guest",
        "hello", "iloveyou", "letmein", "login", "master", "monkey", "pass", "passw0rd", "password", "phone", "princess", "qwerty",
        "qwertyuiop", "root", "secret", "shadow", "sip", "sipstead", "sunshine", "superman", "test", "trustno", "user", "voip", "welcome",
    };

    /// <summary>The strength of a password.</summary>
    /// <param name="password">The password; empty text is weak.</param>
    /// <param name="userName">The name it belongs to, or null: a password that is little more than its name is weak.</param>
    public static PasswordStrength Of(string password, string? userName = null)
    {
        ArgumentNullException.ThrowIfNull(password);
        if (password.Length < FairLength || password.Distinct().Count() < FewDistinct) return PasswordStrength.Weak;
        if (IsSequence(password) || Common.Contains(WordOf(password)) || IsName(password, userName)) return PasswordStrength.Weak;

        var kinds = Kinds(password);
        if (password.Length >= StrongLength || (password.Length >= AdvisedLength && kinds >= VariedKinds))
            return PasswordStrength.Strong;
        return password.Length >= AdvisedLength || kinds >= VariedKinds ? PasswordStrength.Fair : PasswordStrength.Weak;
    }

    private static int Kinds(string password) =>
        (password.Any(char.IsLower) ? 1 : 0)
        + (password.Any(char.IsUpper) ? 1 : 0)
        + (password.Any(char.IsDigit) ? 1 : 0)
        + (password.Any(c => !char.IsLetterOrDigit(c)) ? 1 : 0);

    /// <summary>Every character is the next, or the one before, of its neighbour: 12345678, hgfedcba.</summary>
    private static bool IsSequence(string password)
    {
        var step = password[1] - password[0];
        return step is 1 or -1 && Enumerable.Range(1, password.Length - 1).All(i => password[i] - password[i - 1] == step);
    }

    /// <summary>The word without the digits and symbols before and after it, which are tried as readily as the word alone.</summary>
    private static string WordOf(string password)
    {
        var letters = password.AsSpan();
        while (letters.Length > 0 && !char.IsLetter(letters[0])) letters = letters[1..];
        while (letters.Length > 0 && !char.IsLetter(letters[^1])) letters = letters[..^1];
        return letters.ToString().ToLowerInvariant();
    }

    private static bool IsName(string password, string? userName) =>
        userName is { Length: > 0 }
        && password.Contains(userName, StringComparison.OrdinalIgnoreCase)
        && password.Length - userName.Length < FairLength;
}
