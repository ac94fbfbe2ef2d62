using Sipstead.Voice.Calls;

namespace Sipstead.Voice.Recordings;

/// <summary>Ids of recordings, <c>r-</c>, and of their transcriptions, <c>t-</c>, made as those of calls (voice-api.md 1).</summary>
internal static class RecordingId
{
    public static string Create() => ApiId.Create("r");

    public static string CreateForTranscription() => ApiId.Create("t");
}
