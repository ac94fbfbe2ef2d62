namespace Sipstead.Media.Transcription;

/// <summary>A piece of a transcript with its times.</summary>
/// <param name="Text">What was said.</param>
/// <param name="Start">From the begin of the audio.</param>
/// <param name="End">From the begin of the audio.</param>
/// <param name="Confidence">0 to 1; null when the engine does not tell.</param>
public sealed record TranscriptClip(string Text, TimeSpan Start, TimeSpan End, double? Confidence);

/// <summary>What was said.</summary>
/// <param name="Text">All of it.</param>
/// <param name="Confidence">0 to 1; null when the engine does not tell.</param>
/// <param name="Clips">Its pieces, where the engine tells times.</param>
public sealed record Transcript(string Text, double? Confidence, IReadOnlyList<TranscriptClip> Clips)
{
    /// <summary>As the engine names it, such as <c>en</c> or <c>en-US</c>; null when it does not tell.</summary>
    public string? Language { get; init; }
}

/// <summary>A transcript, or why there is none.</summary>
/// <param name="Transcript">Null on failure.</param>
/// <param name="Error">One sentence; null on success.</param>
public sealed record TranscriptionResult(Transcript? Transcript, string? Error)
{
    /// <summary>True when it failed because it took too long.</summary>
    public bool IsLate { get; init; }
}

/// <summary>Makes text of speech. Thread-safe.</summary>
public interface ITranscriptionEngine
{
    /// <summary>Why it can transcribe nothing at all, in one sentence; null when it can.</summary>
    string? Absence { get; }

    /// <summary>Transcribes a WAV file of one channel. What is wrong is the result; throws only <see cref="OperationCanceledException"/>.</summary>
    Task<TranscriptionResult> TranscribeAsync(string wav, bool detectLanguage, CancellationToken cancellationToken);
}
