namespace Sipstead.Media.Transcription;

/// <summary>Settings of transcriptions; configuration section <c>Sipstead:Transcription</c>.</summary>
public sealed record TranscriptionOptions
{
    /// <summary>Name or path of the program that transcribes; empty for none. Default none.</summary>
    public string Program { get; init; } = "";

    /// <summary>Seconds that it may take for one recording. Default 600.</summary>
    public int Timeout { get; init; } = 600;

    /// <summary>Recordings, and utterances of calls, that are transcribed at once. Default 1.</summary>
    public int Parallel { get; init; } = 1;

    /// <summary>Tracks of calls that are transcribed live at once, on the whole server; each holds up to 160 kB of memory. Default 200.</summary>
    public int MaxLive { get; init; } = 200;

    /// <summary>All that is wrong, in words for an operator.</summary>
    public IEnumerable<string> Validate()
    {
        if (Timeout is < 1 or > 86_400) yield return $"Sipstead:Transcription:Timeout is {Timeout}: give seconds, 1 to 86400.";
        if (Parallel is < 1 or > 64) yield return $"Sipstead:Transcription:Parallel is {Parallel}: give 1 to 64.";
        if (MaxLive is < 0 or > 10_000) yield return $"Sipstead:Transcription:MaxLive is {MaxLive}: give 0 to 10000; 0 forbids live transcriptions.";
    }
}
