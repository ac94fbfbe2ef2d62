namespace Sipstead.Registrar.Location;

/// <summary>Hears of a binding that ends without a request, its shard's lock held: be quick.</summary>
internal delegate void BindingEnded(AorRecord record, in PackedBinding binding);

/// <summary>Looks at a record, its shard's lock held: be quick.</summary>
internal delegate void AorVisit(AorRecord record);

/// <summary>
/// The bindings of all addresses-of-record (RFC 3261 10.2, 10.3), in memory: sharded by credential, one lock a shard, one record an address-of-record.
/// It stores; what a REGISTER may do is decided by <see cref="Register.RegisterPolicy"/>.
/// </summary>
internal sealed class LocationService(RegistrarOptions options, ServerClock clock)
{
    /// <summary>Number of shards; a power of two.</summary>
    public const int ShardCount = 256;

    private readonly LocationShard[] _shards = CreateShards(clock.NowMs);
    private readonly Lock _joining = new();
    private volatile LocationBatch[] _batches = [];
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
                lock (shard.Lock) count += shard.Count;
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
        shard.MoveTogether();
        var reference = shard.Find(credentialId);
        if (reference == 0)
        {
            reference = shard.Add(credentialId, realmId, hashRevision);
            shard.Plan(reference, clock.NowMs + (options.NonceLifetime * 1000L));
        }
        else if (shard[reference].Header.HashRevision != hashRevision)
        {
            reference = BeginRevision(shard, reference, hashRevision);
        }

        return new AorLease(this, shard, reference);
    }

    /// <summary>Takes hold of an address-of-record whose only binding was made by a REGISTER of this text. False, with nothing held, for any other.</summary>
    public bool TryOpenRepeat(long credentialId, int hashRevision, ulong text, out AorLease lease)
    {
        lease = default;
        if (text == 0) return false;
        var shard = ShardOf(credentialId);
        shard.Lock.Enter();
        if (shard.Find(credentialId) is var reference and not 0)
        {
            ref readonly var header = ref shard[reference].Header;
            if (header.Text == text && header.HashRevision == hashRevision)
            {
                lease = new AorLease(this, shard, reference);
                return true;
            }
        }

        shard.Lock.Exit();
        return false;
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
            if (shard.Find(credentialId) is not (var reference and not 0)) return found;
            var record = shard[reference];
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
                foreach (var reference in shard)
                {
                    if (shard[reference].RealmId == realmId) KeepLowest(shard[reference], firstId, limit, now, lowest, isReachable);
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
                foreach (var reference in shard)
                {
                    var record = shard[reference];
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
            if (shard.Find(credentialId) is not (var reference and not 0)) return;
            var record = shard[reference];
            foreach (var binding in new PackedBindings(record.Bindings)) ended?.Invoke(record, binding);
            shard.ClearNonces(reference);
            batch.Replace(this, shard, reference, [], 0);
        }
    }

    /// <summary>Drops an address-of-record from memory only.</summary>
    public void Forget(long credentialId)
    {
        var shard = ShardOf(credentialId);
        lock (shard.Lock)
        {
            if (shard.Find(credentialId) is var reference and not 0) shard.Remove(reference);
        }
    }

    /// <summary>Ends one binding. False when it does not exist.</summary>
    /// <param name="ended">Hears of the binding.</param>
    public bool Remove(long credentialId, long bindingId, LocationBatch batch, BindingEnded? ended = null)
    {
        var shard = ShardOf(credentialId);
        var left = new BindingSetWriter();
        lock (shard.Lock)
        {
            if (shard.Find(credentialId) is not (var reference and not 0)) return false;
            var record = shard[reference];
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

            if (found) batch.Replace(this, shard, reference, left.Written, 0);
            return found;
        }
    }

    /// <summary>Continues the numbers of an earlier run.</summary>
    public void Continue(long lastVersion, long lastBindingId)
    {
        foreach (var shard in _shards) shard.LastVersion = lastVersion;
        _lastBindingId = lastBindingId;
    }

    /// <summary>Calls <paramref name="visit"/> for each record of a shard, its lock held: be quick.</summary>
    public void Visit(int shardIndex, AorVisit visit)
    {
        var shard = _shards[shardIndex];
        lock (shard.Lock)
        {
            foreach (var reference in shard) visit(shard[reference]);
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
            foreach (var reference in shard)
            {
                var record = shard[reference];
                if (!HasDeadFlow(record, endsAt, isReachable)) continue;
                batch.Replace(this, shard, reference, WithDeadFlowsEnding(set, record, endsAt, isReachable), 0); // of equal length: nothing moves
            }
        }
    }

    /// <summary>Makes a batch one of those whose changes are told by ticket, and returns its number.</summary>
    internal int Join(LocationBatch batch)
    {
        lock (_joining)
        {
            _batches = [.. _batches, batch];
            return _batches.Length - 1;
        }
    }

    /// <summary>True while the change of a record that got this ticket is neither durable nor taken back.</summary>
    internal bool IsOpen(long ticket) => ticket != 0 && _batches[LocationBatch.NumberOf(ticket)].IsOpen(ticket);

    internal long NonceEnd(uint issuedAt) => options.NonceEnd(issuedAt);

    internal bool HasEnded(uint issuedAt) => NonceEnd(issuedAt) <= clock.NowMs;

    /// <summary>One nonce for each device, and one for a device to come.</summary>
    internal int NonceSlotsFor(AorRecord record)
    {
        var devices = 1;
        foreach (var _ in new PackedBindings(record.Bindings)) devices++;
        return Math.Min(options.MaxContacts, devices);
    }

    internal IReadOnlyList<LocationShard> Shards => _shards;

    internal LocationShard ShardOf(long credentialId) => _shards[(int)((ulong)credentialId & (ShardCount - 1))];

    private static LocationShard[] CreateShards(long nowMs)
    {
        var blocks = new ArenaBlocks();
        return [.. Enumerable.Range(0, ShardCount).Select(_ => new LocationShard(blocks, nowMs))];
    }

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

    /// <summary>The change of the hashes ends the bindings in a step of its own; a request may overtake it.</summary>
    private static int BeginRevision(LocationShard shard, int reference, int hashRevision)
    {
        shard.ClearNonces(reference);
        reference = shard.SetBindings(reference, []);
        ref var header = ref shard[reference].Header;
        (header.HashRevision, header.IsApart) = (hashRevision, true);
        header.Version = ++shard.LastVersion; // so that no failing batch brings back what it replaced
        return reference;
    }

    private int Sweep(LocationShard shard, long now, BindingEnded? ended)
    {
        var count = 0;
        foreach (var reference in shard.TakeDue(now))
        {
            var record = shard[reference];
            if (IsOpen(record.Header.Ticket))
            {
                shard.Plan(reference, now + 1); // its batch may still take the change back
                continue;
            }

            count += DropExpired(shard, reference, now, ended);
            var next = NextEnd(shard[reference], now);
            if (next != long.MaxValue) shard.Plan(reference, next);
            else shard.Remove(reference);
        }

        return count;
    }

    private static int DropExpired(LocationShard shard, int reference, long now, BindingEnded? ended)
    {
        var expired = 0;
        var kept = 0;
        var record = shard[reference];
        var bindings = record.Bindings;
        foreach (var binding in new PackedBindings(bindings))
        {
            var octets = binding.Octets;
            if (binding.Header.ExpiresAt > now)
            {
                octets.CopyTo(bindings[kept..]);
                kept += octets.Length;
                continue;
            }

            expired++;
            ended?.Invoke(record, binding);
        }

        if (expired == 0) return 0;
        shard.SetBindings(reference, bindings[..kept]);
        shard[reference].Header.IsApart = true;
        return expired;
    }

    private long NextEnd(AorRecord record, long now)
    {
        var next = long.MaxValue;
        foreach (var binding in new PackedBindings(record.Bindings)) next = Math.Min(next, binding.Header.ExpiresAt);
        foreach (ref readonly var slot in record.Nonces)
        {
            var end = NonceEnd(slot.IssuedAt);
            if (end > now) next = Math.Min(next, end);
        }

        return next;
    }
}
