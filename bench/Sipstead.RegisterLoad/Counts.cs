namespace Sipstead.RegisterLoad;

/// <summary>What became of the registrations of a phase.</summary>
internal sealed class Counts
{
    private readonly SortedDictionary<int, long> _failures = [];

    public long Started { get; set; }

    public long Ok { get; set; }

    public long Challenged { get; set; }

    public long Repeated { get; set; }

    public long TimedOut { get; set; }

    /// <summary>Registrations that were due while every device was under way.</summary>
    public long Skipped { get; set; }

    /// <summary>Final answers other than 200, by status.</summary>
    public IReadOnlyDictionary<int, long> Failures => _failures;

    /// <summary>Counts a refusal, and tells how many of its kind there were.</summary>
    public long Failed(int status) => _failures[status] = _failures.GetValueOrDefault(status) + 1;
}
