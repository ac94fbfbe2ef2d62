using Sipstead.Media.Audio;

namespace Sipstead.Media.Speech;

/// <summary>What to say and how.</summary>
/// <param name="Ssml">The content of a SpeakSentence: text with SSML elements, well-formed, without a root of its own.</param>
/// <param name="Locale">Locale in the API's form (en_US, de, ...); null for the voice's own, or en_US.</param>
/// <param name="Gender">male or female; null for the voice's own, or female.</param>
/// <param name="Voice">A voice's name in the API; wins over locale and gender. Any name is mapped to some voice.</param>
public sealed record SpeechRequest(string Ssml, string? Locale, string? Gender, string? Voice);

/// <summary>Turns text into speech.</summary>
public interface ISpeechEngine
{
    /// <summary>Speaks. Never throws for what the request holds; a missing or failing engine is an <see cref="AudioResult.Error"/>.</summary>
    ValueTask<AudioResult> SpeakAsync(SpeechRequest request, CancellationToken cancellationToken);
}
