using Sipstead.Media.Recording;
using Sipstead.Voice.Recordings;

namespace Sipstead.Voice.Bxml.Verbs;

/// <summary>Begins to record both sides, behind the verbs that follow (bxml.md 6.2). Ignored while such a recording runs.</summary>
internal sealed class StartRecording(RecordingWish wish, string? tag) : Verb, IConferenceVerb
{
    public static StartRecording Read(VerbElement element)
    {
        var layout = element.Boolean("multiChannel", otherwise: false) ? RecordingLayout.Separate : RecordingLayout.Mixed;
        return new StartRecording(RecordingAttributes.Read(element, layout, RecordingWish.LongestStarted), element.Tag());
    }

    /// <summary>Tag, channels and transcription are ignored (bxml.md 6.2).</summary>
    public Task<VerbOutcome> RunAsync(IVerbConference conference, CancellationToken interrupted)
    {
        conference.Recording.Start(wish with { Layout = RecordingLayout.Mixed, Transcription = null });
        return Task.FromResult(VerbOutcome.Next);
    }

    internal override Task<VerbOutcome> RunAsync(IVerbCall call, CancellationToken interrupted)
    {
        SetTag(call, tag);
        call.Recording.Start(wish);
        return Task.FromResult(VerbOutcome.Next);
    }
}
