using Sipstead.Media.Audio;
using Sipstead.Media.Speech;
using Sipstead.Webhooks;

namespace Sipstead.Voice.Bxml;

/// <summary>What prompts are played on: a call, or a conference. All members are used on its mailbox.</summary>
internal interface IVerbStage
{
    /// <summary>Its id in the API, for logs.</summary>
    string Id { get; }

    TimeProvider Time { get; }

    /// <summary>Plays until the source ends or the token is cancelled; of calls to answered ones only.</summary>
    Task PlayAsync(IAudioSource source, CancellationToken cancellationToken);

    /// <summary>Text to audio; its failure is the verb's <c>application-error</c>.</summary>
    ValueTask<AudioResult> SpeakAsync(SpeechRequest request, CancellationToken cancellationToken);

    /// <summary>Fetches and decodes an audio file (WAV, MP3; HTTP caching rules); its failure is the verb's <c>application-error</c>.</summary>
    ValueTask<AudioResult> FetchAudioAsync(Uri url, BasicCredentials? credentials, CancellationToken cancellationToken);
}
