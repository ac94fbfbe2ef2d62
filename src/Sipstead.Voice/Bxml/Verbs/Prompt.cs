using Sipstead.Media.Audio;

namespace Sipstead.Voice.Bxml.Verbs;

/// <summary>A verb that plays audio, by itself, inside Gather or in a conference.</summary>
internal abstract class Prompt : Verb, IConferenceVerb
{
    /// <summary>The audio, or why there is none.</summary>
    public abstract ValueTask<AudioResult> GetAudioAsync(IVerbStage stage, CancellationToken cancellationToken);

    public Task<VerbOutcome> RunAsync(IVerbConference conference, CancellationToken interrupted) => PlayAsync(conference, interrupted);

    internal override async Task<VerbOutcome> RunAsync(IVerbCall call, CancellationToken interrupted)
    {
        await call.AnswerAsync(interrupted);
        return await PlayAsync(call, interrupted);
    }

    private async Task<VerbOutcome> PlayAsync(IVerbStage stage, CancellationToken interrupted)
    {
        var audio = await GetAudioAsync(stage, interrupted);
        if (audio.Clip is null) return VerbOutcome.ApplicationError(audio.Error ?? "There is no audio.");
        await stage.PlayAsync(audio.Clip.Play(), interrupted);
        return VerbOutcome.Next;
    }
}
