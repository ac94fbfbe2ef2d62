using Sipstead.Media.Audio;
using Sipstead.Media.Speech;

namespace Sipstead.Voice.Tests.Harness;

/// <summary>Speaks a second of silence for every text, or what a test sets.</summary>
internal sealed class FakeSpeech : ISpeechEngine
{
    /// <summary>What comes of each request.</summary>
    public Func<SpeechRequest, CancellationToken, ValueTask<AudioResult>> Speak { get; set; } =
        (_, _) => new ValueTask<AudioResult>(new AudioResult(new AudioClip(new short[AudioFormat.SampleRate]), null));

    public ValueTask<AudioResult> SpeakAsync(SpeechRequest request, CancellationToken cancellationToken) => Speak(request, cancellationToken);
}
