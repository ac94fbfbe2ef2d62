using Sipstead.Media.Audio;
using Sipstead.Media.Speech;

namespace Sipstead.Voice.Bxml.Verbs;

/// <summary>Speaks text, with SSML in it (bxml.md 4.1). Any locale and any voice is taken; the engine finds one for it.</summary>
internal sealed class SpeakSentence(SpeechRequest request) : Prompt
{
    public static SpeakSentence Read(VerbElement element)
    {
        if (element.Text.Length == 0) element.Fail(null, "SpeakSentence has no text; give what is to be said.");
        var gender = element.Word("gender", "male", "female");
        return new SpeakSentence(new SpeechRequest(element.Text, element.Value("locale"), gender, element.Value("voice")));
    }

    public override ValueTask<AudioResult> GetAudioAsync(IVerbStage stage, CancellationToken cancellationToken) => stage.SpeakAsync(request, cancellationToken);
}
