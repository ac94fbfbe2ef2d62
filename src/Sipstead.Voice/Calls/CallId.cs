namespace Sipstead.Voice.Calls;

/// <summary>Ids of calls: 47 characters (voice-api.md 1).</summary>
internal static class CallId
{
    public static string Create() => ApiId.Create("c");
}
