using Sipstead.Media.Transcription;

namespace Sipstead.Voice.Tests.Harness;

/// <summary>Knows no words, as a server without an engine, or does what a test sets.</summary>
internal sealed class FakeTranscriber : ITranscriptionEngine
{
    /// <summary>Why there is no engine at all; null for one that is tried.</summary>
    public string? Absence { get; set; }

    /// <summary>What comes of each file.</summary>
    public Func<string, bool, CancellationToken, Task<TranscriptionResult>> Transcribe { get; set; } =
        (_, _, _) => Task.FromResult(new TranscriptionResult(null, "There is no transcription engine."));

    public Task<TranscriptionResult> TranscribeAsync(string wav, bool detectLanguage, CancellationToken cancellationToken) =>
        Transcribe(wav, detectLanguage, cancellationToken);
}
