using Sipstead.Media.Audio;
using Sipstead.Webhooks;

namespace Sipstead.Voice.Bxml.Verbs;

/// <summary>Plays a WAV or MP3 file that its URL gives (bxml.md 4.2).</summary>
internal sealed class PlayAudio(Uri url, BasicCredentials? credentials) : Prompt
{
    public static PlayAudio Read(VerbElement element) => new(element.UrlText(), element.Credentials("username", "password"));

    public override ValueTask<AudioResult> GetAudioAsync(IVerbStage stage, CancellationToken cancellationToken) =>
        stage.FetchAudioAsync(url, credentials, cancellationToken);
}
