namespace Sipstead.Registrar.Location;

/// <summary>Hears of a binding that ends without a request, its shard's lock held: be quick.</summary>
internal delegate void BindingEnded(AorRecord record, in PackedBinding binding);

/// <summary>
/// The bindings of all addresses-of-record (RFC 3261 10.2, 10.3), in memory: sharded by credential, one lock a shard, one record an address-of-record.
/// It stores; what a REGISTER may do is decided by <see cref="Register.RegisterPolicy"/>.
/// </summary>
internal sealed class LocationService(RegistrarOptions options, ServerClock clock)
{
    /// <summary>Number of shards; a power of two.</summary>
    public const int ShardCount = 256;

    private readonly LocationShard[] _shards = Enumerable.Range(0, ShardCount).Select(_ => new LocationShard()).ToArray();
    private long _lastBindingId;

    /// <summary>Highest binding id given out.</summary>
    public long LastBindingId => Interlocked.Read(ref _lastBindingId);

    /// <summary>Addresses-of-record in memory.</summary>
    public int Count
    {
        get
        {
            var count = 0;
            foreach (var shard in _shards)
            {
                lock (shard.Lock) count += shard.Records.Count;
            }

            return count;
        }
    }

    public long NextBindingId() => Interlocked.Increment(ref _lastBindingId);

    /// <summary>Takes hold of an address-of-record, making its record when there is none. Bindings made with other hashes have ended (ruling 12).</summary>
    public AorLease Open(long credentialId, long realmId, int hashRevision)
    {
        var shard = ShardOf(credentialId);
        shard.Lock.Enter();
        if (!shard.Records.TryGetValue(credentialId, out var record))
        {
            record = new AorRecord(credentialId, realmId, hashRevision);
            shard.Records.Add(credentialId, record);
            shard.Plan(record, clock.NowMs + (options.NonceLifetime * 1000L));
        }
        else if (record.HashRevision != hashRevision)
        {
            // The change of the hashes ends the bindings in a step of its own; a request may overtake it.
            record.HashRevision = hashRevision;
            record.Bindings = [];
            record.Nonces = [];
        }

        return new AorLease(this, shard, record);
    }

    /// <summary>Live bindings of one address-of-record.</summary>
    /// <param name="isReachable">Asked for each flow.</param>
    public IReadOnlyList<Binding> Find(long credentialId, Func<Sip.Transport.SipFlow, bool> isReachable)
    {
        var found = new List<Binding>();
        var now = clock.NowMs;
        var shard = ShardOf(credentialId);
        lock (shard.Lock)
        {
            if (!shard.Records.TryGetValue(credentialId, out var record)) return found;
            foreach (var binding in new PackedBindings(record.Bindings))
            {
                if (binding.Header.ExpiresAt > now) found.Add(Binding.From(binding, record, now, isReachable(binding.Header.Flow)));
            }
        }

        return found;
    }

    /// <summary>Live bindings of a realm with an id of at least <paramref name="firstId"/>, lowest first, at most <paramref name="limit"/>.</summary>
    public IReadOnlyList<Binding> FindInRealm(long realmId, long firstId, int limit, Func<Sip.Transport.SipFlow, bool> isReachable)
    {
        // Highest id first, so that a page of a large realm keeps, and builds, no more than the page.
        var lowest = new PriorityQueue<Binding, long>();
        var now = clock.NowMs;
        foreach (var shard in _shards)
        {
            lock (shard.Lock)
            {
                foreach (var record in shard.Records.Values)
                {
                    if (record.RealmId == realmId) KeepLowest(record, firstId, limit, now, lowest, isReachable);
                }
            }
        }

        return lowest.UnorderedItems.Select(item => item.Element).OrderBy(binding => binding.Id).ToList();
    }

    /// <summary>Addresses-of-record with a live binding, by realm.</summary>
    public IReadOnlyDictionary<long, int> CountByRealm()
    {
        var counts = new Dictionary<long, int>();
        var now = clock.NowMs;
        foreach (var shard in _shards)
        {
            lock (shard.Lock)
            {
                foreach (var record in shard.Records.Values)
                {
                    if (HasLiveBinding(record, now)) counts[record.RealmId] = counts.GetValueOrDefault(record.RealmId) + 1;
                }
            }
        }

        return counts;
    }

    /// <summary>Ends all bindings of an address-of-record.</summary>
    /// <param name="ended">Hears of each binding.</param>
    public void RemoveAll(long credentialId, LocationBatch batch, BindingEnded? ended = null)
    {
        var shard = ShardOf(credentialId);
        lock (shard.Lock)
        {
            if (!shard.Records.TryGetValue(credentialId, out var record)) return;
            foreach (var binding in new PackedBindings(record.Bindings)) ended?.Invoke(record, binding);
            record.Nonces = [];
            batch.Replace(shard, record, [], 0);
        }
    }

    /// <summary>Drops an address-of-record from memory only.</summary>
    public void Forget(long credentialId)
    {
        var shard = ShardOf(credentialId);
        lock (shard.Lock) shard.Records.Remove(credentialId);
    }

    /// <summary>Ends one binding. False when it does not exist.</summary>
    /// <param name="ended">Hears of the binding.</param>
    public bool Remove(long credentialId, long bindingId, LocationBatch batch, BindingEnded? ended = null)
    {
        var shard = ShardOf(credentialId);
        var left = new BindingSetWriter();
        lock (shard.Lock)
        {
            if (!shard.Records.TryGetValue(credentialId, out var record)) return false;
            var found = false;
            foreach (var binding in new PackedBindings(record.Bindings))
            {
                if (binding.Header.Id != bindingId)
                {
                    left.Copy(binding);
                    continue;
                }

                found = binding.Header.ExpiresAt > clock.NowMs;
                if (found) ended?.Invoke(record, binding);
            }

            if (found) batch.Replace(shard, record, left.Written, 0);
            return found;
        }
    }

    /// <summary>Puts in place what a journal held. Not for use while serving.</summary>
    public void Restore(long credentialId, long realmId, int hashRevision, long version, ReadOnlySpan<byte> bindings)
    {
        var shard = ShardOf(credentialId);
        lock (shard.Lock)
        {
            var record = new AorRecord(credentialId, realmId, hashRevision) { Version = version, Bindings = bindings.ToArray() };
            shard.Records[credentialId] = record;
            foreach (var binding in new PackedBindings(record.Bindings)) shard.Plan(record, binding.Header.ExpiresAt);
        }
    }

    /// <summary>Continues the numbers of an earlier run.</summary>
    public void Continue(long lastVersion, long lastBindingId)
    {
        foreach (var shard in _shards) shard.LastVersion = lastVersion;
        _lastBindingId = lastBindingId;
    }

    /// <summary>Calls <paramref name="visit"/> for each record of a shard, its lock held: be quick.</summary>
    public void Visit(int shardIndex, Action<AorRecord> visit)
    {
        var shard = _shards[shardIndex];
        lock (shard.Lock)
        {
            foreach (var record in shard.Records.Values) visit(record);
        }
    }

    /// <summary>Frees what has expired. Called about once a second; readers never see expired bindings anyway. Returns how many bindings ended.</summary>
    /// <param name="ended">Hears of each binding that ended.</param>
    /// <param name="unlocked">Called between shards, with no lock held.</param>
    public int Sweep(BindingEnded? ended = null, Action? unlocked = null)
    {
        var count = 0;
        foreach (var shard in _shards)
        {
            lock (shard.Lock) count += Sweep(shard, clock.NowMs, ended);
            unlocked?.Invoke();
        }

        return count;
    }

    /// <summary>
    /// Lets the Outbound flows of a shard whose connection is gone end at <paramref name="endsAt"/> (ruling 10). A device that registers again over a new
    /// connection meanwhile makes the flow anew.
    /// </summary>
    public void EndDeadFlows(int shardIndex, long endsAt, Func<Sip.Transport.SipFlow, bool> isReachable, LocationBatch batch)
    {
        var shard = _shards[shardIndex];
        var set = new BindingSetWriter();
        lock (shard.Lock)
        {
            foreach (var record in shard.Records.Values)
            {
                if (HasDeadFlow(record, endsAt, isReachable)) batch.Replace(shard, record, WithDeadFlowsEnding(set, record, endsAt, isReachable), 0);
            }
        }
    }

    internal long NonceEnd(uint issuedAt) => options.NonceEnd(issuedAt);

    internal bool HasEnded(uint issuedAt) => NonceEnd(issuedAt) <= clock.NowMs;

    /// <summary>One nonce for each device, and one for a device to come.</summary>
    internal int NonceSlotsFor(AorRecord record)
    {
        var devices = 1;
        foreach (var _ in new PackedBindings(record.Bindings)) devices++;
        return Math.Min(options.MaxContacts, devices);
    }

    private LocationShard ShardOf(long credentialId) => _shards[(int)((ulong)credentialId & (ShardCount - 1))];

    private static bool HasLiveBinding(AorRecord record, long now)
    {
        foreach (var binding in new PackedBindings(record.Bindings))
        {
            if (binding.Header.ExpiresAt > now) return true;
        }

        return false;
    }

    private static bool IsDead(in PackedBinding binding, long endsAt, Func<Sip.Transport.SipFlow, bool> isReachable) =>
        binding.IsOutboundConnection && binding.Header.ExpiresAt > endsAt && !isReachable(binding.Header.Flow);

    private static bool HasDeadFlow(AorRecord record, long endsAt, Func<Sip.Transport.SipFlow, bool> isReachable)
    {
        foreach (var binding in new PackedBindings(record.Bindings))
        {
            if (IsDead(binding, endsAt, isReachable)) return true;
        }

        return false;
    }

    private static ReadOnlySpan<byte> WithDeadFlowsEnding(
        BindingSetWriter set, AorRecord record, long endsAt, Func<Sip.Transport.SipFlow, bool> isReachable)
    {
        set.Clear();
        foreach (var binding in new PackedBindings(record.Bindings))
        {
            var header = binding.Header;
            if (IsDead(binding, endsAt, isReachable)) (header.ExpiresAt, header.Flags) = (endsAt, header.Flags | BindingFlags.FlowEnded);
            set.Copy(binding, header);
        }

        return set.Written;
    }

    private static void KeepLowest(
        AorRecord record, long firstId, int limit, long now, PriorityQueue<Binding, long> lowest, Func<Sip.Transport.SipFlow, bool> isReachable)
    {
        foreach (var binding in new PackedBindings(record.Bindings))
        {
            ref readonly var header = ref binding.Header;
            if (header.ExpiresAt <= now || header.Id < firstId) continue;
            if (lowest.Count == limit && lowest.TryPeek(out var highest, out _) && header.Id > highest.Id) continue;
            lowest.Enqueue(Binding.From(binding, record, now, isReachable(header.Flow)), -header.Id);
            if (lowest.Count > limit) lowest.Dequeue();
        }
    }

    private int Sweep(LocationShard shard, long now, BindingEnded? ended)
    {
        var count = 0;
        while (shard.Sweeps.TryPeek(out var record, out var due) && due <= now)
        {
            shard.Sweeps.Dequeue();
            if (record.SweepAt != due) continue;
            record.SweepAt = long.MaxValue;
            count += DropExpired(record, now, ended);
            var next = NextEnd(record, now);
            if (next != long.MaxValue) shard.Plan(record, next);
            else if (shard.Records.TryGetValue(record.CredentialId, out var current) && current == record) shard.Records.Remove(record.CredentialId);
        }

        return count;
    }

    private static int DropExpired(AorRecord record, long now, BindingEnded? ended)
    {
        var expired = 0;
        var left = 0;
        foreach (var binding in new PackedBindings(record.Bindings))
        {
            if (binding.Header.ExpiresAt > now)
            {
                left += binding.Octets.Length;
                continue;
            }

            expired++;
            ended?.Invoke(record, binding);
        }

        if (expired == 0) return 0;
        var kept = new byte[left];
        var at = 0;
        foreach (var binding in new PackedBindings(record.Bindings))
        {
            if (binding.Header.ExpiresAt <= now) continue;
            binding.Octets.CopyTo(kept.AsSpan(at));
            at += binding.Octets.Length;
        }

        record.Bindings = kept;
        return expired;
    }

    /// <summary>When the next of its bindings or nonces ends; <see cref="long.MaxValue"/> when it has none.</summary>
    private long NextEnd(AorRecord record, long now)
    {
        var next = long.MaxValue;
        foreach (var binding in new PackedBindings(record.Bindings)) next = Math.Min(next, binding.Header.ExpiresAt);
        foreach (ref readonly var slot in record.Nonces.AsSpan())
        {
            var end = NonceEnd(slot.IssuedAt);
            if (end > now) next = Math.Min(next, end);
        }

        return next;
    }
}
