namespace Sipstead.Registrar.Location;

/// <summary>One part of the location service, with its own lock.</summary>
internal sealed class LocationShard
{
    public Lock Lock { get; } = new();

    public Dictionary<long, AorRecord> Records { get; } = [];

    /// <summary>Records by the time of their next look; entries that no longer match <see cref="AorRecord.SweepAt"/> are skipped.</summary>
    public PriorityQueue<AorRecord, long> Sweeps { get; } = new();

    /// <summary>Version of the last change in this shard.</summary>
    public long LastVersion { get; set; }

    /// <summary>Plans a look at the record, unless one is planned earlier.</summary>
    public void Plan(AorRecord record, long at)
    {
        if (at >= record.SweepAt) return;
        record.SweepAt = at;
        Sweeps.Enqueue(record, at);
    }
}
