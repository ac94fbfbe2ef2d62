namespace Sipstead.Media.Speech;

/// <summary>Settings of speech; configuration section <c>Sipstead:Speech</c>.</summary>
public sealed record SpeechOptions
{
    /// <summary>Name or path of the program that speaks. Default espeak-ng.</summary>
    public string EspeakProgram { get; init; } = "espeak-ng";

    /// <summary>Sentences that are synthesised at once. Default: one a core.</summary>
    public int Parallel { get; init; } = Environment.ProcessorCount;

    /// <summary>Sentences that wait for their synthesis; at more, the next one fails. Default 64.</summary>
    public int Queue { get; init; } = 64;

    /// <summary>Megabytes of spoken sentences that are kept; 0 keeps none. Default 64, some 70 minutes.</summary>
    public int CacheSize { get; init; } = 64;

    /// <summary>All that is wrong, in words for an operator.</summary>
    public IEnumerable<string> Validate()
    {
        if (string.IsNullOrWhiteSpace(EspeakProgram)) yield return "Sipstead:Speech:EspeakProgram is empty: give the name or path of espeak-ng.";
        if (Parallel is < 1 or > 256) yield return $"Sipstead:Speech:Parallel is {Parallel}: give 1 to 256.";
        if (Queue is < 0 or > 10_000) yield return $"Sipstead:Speech:Queue is {Queue}: give 0 to 10000.";
        if (CacheSize is < 0 or > 4_096) yield return $"Sipstead:Speech:CacheSize is {CacheSize}: give 0 to 4096 megabytes.";
    }
}
