using Sipstead.Media.Audio;

namespace Sipstead.Voice.Bxml.Verbs;

/// <summary>A verb that plays audio, by itself or inside Gather.</summary>
internal abstract class Prompt : Verb
{
    /// <summary>The audio, or why there is none.</summary>
    public abstract ValueTask<AudioResult> GetAudioAsync(IVerbCall call, CancellationToken cancellationToken);

    internal override async Task<VerbOutcome> RunAsync(IVerbCall call, CancellationToken interrupted)
    {
        await call.AnswerAsync(interrupted);
        var audio = await GetAudioAsync(call, interrupted);
        if (audio.Clip is null) return VerbOutcome.ApplicationError(audio.Error ?? "There is no audio.");
        await call.PlayAsync(audio.Clip.Play(), interrupted);
        return VerbOutcome.Next;
    }
}
