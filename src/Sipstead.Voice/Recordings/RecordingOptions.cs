namespace Sipstead.Voice.Recordings;

/// <summary>Settings of recordings; configuration section <c>Sipstead:Recordings</c>.</summary>
public sealed record RecordingOptions
{
    private const long Megabyte = 1_000_000;

    /// <summary>Folder of the files. The server sets it; it is no setting.</summary>
    public string Directory { get; init; } = "recordings";

    /// <summary>Days for which recordings and transcriptions are kept. Default 30 (voice-api.md 1).</summary>
    public int Days { get; init; } = 30;

    /// <summary>Megabytes of recordings that each account may have; at more, no recording begins and those that run end. Default 1000.</summary>
    public int MegabytesPerAccount { get; init; } = 1_000;

    /// <summary>Recordings that each account may have; at more, none begins. Default 100000.</summary>
    public int MaxPerAccount { get; init; } = 100_000;

    /// <summary>Recordings that run at once on the whole server; each holds up to 256 kB of memory. Default 500.</summary>
    public int MaxActive { get; init; } = 500;

    /// <summary>Octets of recordings that each account may have.</summary>
    public long OctetsPerAccount => MegabytesPerAccount * Megabyte;

    /// <summary>All that is wrong, in words for an operator.</summary>
    public IEnumerable<string> Validate()
    {
        if (Days is < 1 or > 3_650) yield return $"Sipstead:Recordings:Days is {Days}: give 1 to 3650.";
        if (MegabytesPerAccount is < 1 or > 10_000_000)
            yield return $"Sipstead:Recordings:MegabytesPerAccount is {MegabytesPerAccount}: give 1 to 10000000.";
        if (MaxPerAccount is < 1 or > 10_000_000) yield return $"Sipstead:Recordings:MaxPerAccount is {MaxPerAccount}: give 1 to 10000000.";
        if (MaxActive is < 0 or > 10_000) yield return $"Sipstead:Recordings:MaxActive is {MaxActive}: give 0 to 10000; 0 forbids recordings.";
    }
}
