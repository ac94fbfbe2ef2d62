namespace Sipstead.Voice.Calls;

/// <summary>The name that a party is shown with a caller's number (voice-api.md 4.1, bxml.md 7.1).</summary>
internal static class CallerName
{
    public const int MaximumLength = 256;

    /// <summary>Whether it can stand in a header.</summary>
    public static bool IsPlain(string name) => !name.Any(char.IsControl);
}
