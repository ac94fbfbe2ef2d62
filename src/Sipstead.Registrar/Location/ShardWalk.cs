using System.Runtime.InteropServices;

namespace Sipstead.Registrar.Location;

/// <summary>
/// Walks the records of a shard, and holds its lock for few of them at a time, for which registrations wait. Each record that is there from beginning to end
/// is visited once; one that comes or goes meanwhile may be.
/// </summary>
internal sealed class ShardWalk(LocationService locations)
{
    private const int RecordsPerHold = 128;

    private readonly List<long> _credentials = [];
    private LocationShard _shard = locations.Shards[0];
    private int _next;

    /// <summary>Begins with a shard.</summary>
    public void Begin(int shardIndex)
    {
        _shard = locations.Shards[shardIndex];
        _credentials.Clear();
        _next = 0;
        lock (_shard.Lock)
        {
            foreach (var reference in _shard) _credentials.Add(_shard[reference].CredentialId);
        }
    }

    /// <summary>Visits the next few records. False when there are none left.</summary>
    /// <param name="visit">Called with the lock held: be quick.</param>
    public bool VisitNext(AorVisit visit)
    {
        if (_next == _credentials.Count) return false;
        var few = CollectionsMarshal.AsSpan(_credentials)[_next..Math.Min(_credentials.Count, _next + RecordsPerHold)];
        _next += few.Length;
        lock (_shard.Lock)
        {
            foreach (var credentialId in few)
            {
                if (_shard.Find(credentialId) is var reference and not 0) visit(_shard[reference]);
            }
        }

        return true;
    }
}
