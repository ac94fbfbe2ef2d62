namespace Sipstead.Voice.Calls;

/// <summary>Values of User-To-User headers (RFC 7433) as the API writes them: <c>value;encoding=X</c>, several separated by commas.</summary>
internal static class UserToUser
{
    /// <summary>What is right, for an error.</summary>
    public const string Form = "values of the form value;encoding=jwt, base64 or hex, separated by commas";

    private static readonly string[] Encodings = ["jwt", "base64", "hex"];

    /// <summary>Takes the values apart. False when one is not right; no text has no values.</summary>
    public static bool TryRead(string? text, out IReadOnlyList<string> values)
    {
        values = string.IsNullOrEmpty(text) ? [] : text.Split(',', StringSplitOptions.TrimEntries);
        return values.All(IsValue);
    }

    private static bool IsValue(string value) =>
        value.Split(";encoding=") is [{ Length: > 0 } data, var encoding] && Encodings.Contains(encoding) && data.All(c => c is > ' ' and < '\x7f' and not ';');
}
