namespace Sipstead.Voice.Calls;

/// <summary>Words of the API for a caller who is not shown, in the place of a number or a name (voice-api.md 4.1, bxml.md 7.1).</summary>
internal static class HiddenCaller
{
    /// <summary>The caller asked not to be shown.</summary>
    public const string Restricted = "Restricted";

    /// <summary>The caller is not known even to who brings the call.</summary>
    public const string Anonymous = "Anonymous";

    public const string Private = "Private";

    /// <summary>Nothing that could be shown was sent.</summary>
    public const string Unavailable = "Unavailable";

    public static readonly IReadOnlyList<string> Words = [Restricted, Anonymous, Private, Unavailable];
}
