namespace Sipstead.Registrar.Location;

/// <summary>One part of the location service, with its own lock: records, how they are found, and when they are looked at.</summary>
internal sealed class LocationShard
{
    private readonly RecordArena _arena;
    private readonly RecordIndex _index;
    private readonly LookWheel _looks;
    private readonly List<int> _due = [];

    /// <param name="nowMs">From when on looks are planned.</param>
    public LocationShard(ArenaBlocks blocks, long nowMs)
    {
        _arena = new RecordArena(blocks);
        _index = new RecordIndex(_arena);
        _looks = new LookWheel(_arena, nowMs);
    }

    public Lock Lock { get; } = new();

    /// <summary>Version of the last change in this shard.</summary>
    public long LastVersion { get; set; }

    /// <summary>The record that a lease holds.</summary>
    public int Leased { get; set; }

    public int Count => _index.Count;

    /// <summary>Octets that records have, used or not.</summary>
    public long Capacity => _arena.Capacity;

    public AorRecord this[int reference] => _arena[reference];

    /// <summary>All records. None may be added meanwhile, nor grow.</summary>
    public RecordArena.Enumerator GetEnumerator() => _arena.GetEnumerator();

    /// <summary>The record of a credential; 0 when there is none.</summary>
    public int Find(long credentialId) => _index.Find(credentialId);

    /// <summary>Adds an empty record.</summary>
    public int Add(long credentialId, long realmId, int hashRevision)
    {
        var reference = _arena.Take(AorRecord.LengthOf(nonces: 0, bindingsLength: 0));
        ref var header = ref _arena[reference].Header;
        (header.CredentialId, header.RealmId, header.HashRevision, header.LookAt) = (credentialId, realmId, hashRevision, long.MaxValue);
        _index.Add(credentialId, reference);
        return reference;
    }

    public void Remove(int reference)
    {
        _looks.Cancel(reference);
        _index.Remove(_arena[reference].CredentialId, reference);
        _arena.Free(reference);
    }

    /// <summary>Puts other bindings in place of a record's. Returns where the record is now.</summary>
    public int SetBindings(int reference, ReadOnlySpan<byte> bindings)
    {
        var record = _arena[reference];
        var length = AorRecord.LengthOf(record.Header.NonceCount, bindings.Length);
        reference = WithRoomFor(reference, length);
        record = _arena[reference];
        record.Header.BindingsLength = bindings.Length;
        bindings.CopyTo(record.Bindings);
        _arena.Cut(reference, length);
        return reference;
    }

    /// <summary>Gives a record one more nonce slot, the last. Returns where the record is now.</summary>
    public int AddNonce(int reference)
    {
        var record = _arena[reference];
        reference = WithRoomFor(reference, AorRecord.LengthOf(record.Header.NonceCount + 1, record.Header.BindingsLength));
        record = _arena[reference];
        var before = record.Bindings;
        record.Header.NonceCount++;
        before.CopyTo(record.Bindings);
        record.Nonces[^1] = default;
        return reference;
    }

    /// <summary>Forgets a record's nonces.</summary>
    public void ClearNonces(int reference)
    {
        var record = _arena[reference];
        var before = record.Bindings;
        record.Header.NonceCount = 0;
        before.CopyTo(record.Bindings);
        _arena.Cut(reference, AorRecord.LengthOf(0, record.Header.BindingsLength));
    }

    /// <summary>Plans a look at a record, unless one is planned earlier.</summary>
    public void Plan(int reference, long at)
    {
        if (at < _arena[reference].Header.LookAt) _looks.Plan(reference, at);
    }

    /// <summary>Plans the looks at the ends of a record's bindings.</summary>
    public void PlanEnds(int reference)
    {
        ReadOnlySpan<byte> rest = _arena[reference].Bindings;
        for (; !rest.IsEmpty; rest = rest[BindingLayout.LengthOf(rest)..]) Plan(reference, BindingLayout.ExpiresAtOf(rest));
    }

    /// <summary>The records whose look is due, which then have none planned.</summary>
    public List<int> TakeDue(long nowMs)
    {
        MoveTogether();
        _due.Clear();
        _looks.TakeDue(nowMs, _due);
        return _due;
    }

    /// <summary>Moves what is left in sparse chunks together. Only where nobody holds a reference.</summary>
    public void MoveTogether()
    {
        while (_arena.TryTakeSparse(out var chunk))
        {
            foreach (var reference in _arena.RecordsOf(chunk)) Move(reference, _arena[reference].Header.Size);
        }
    }

    private int WithRoomFor(int reference, int length) =>
        _arena[reference].Header.Size >= length || _arena.TryExtend(reference, length) ? reference : Move(reference, length);

    private int Move(int reference, int length)
    {
        var to = _arena.Take(length);
        var record = _arena[reference];
        var moved = _arena[to];
        var size = moved.Header.Size;
        record.CopyTo(moved);
        moved.Header.Size = size;
        _index.Move(record.CredentialId, reference, to);
        _looks.Moved(to);
        _arena.Free(reference);
        return to;
    }
}
