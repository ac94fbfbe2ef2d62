using Sipstead.Sip.Digest;

namespace Sipstead.Registrar.Location;

/// <summary>Exclusive hold of one address-of-record, until disposed. Nothing is awaited while it is held.</summary>
internal readonly ref struct AorLease
{
    private readonly LocationService _service;
    private readonly LocationShard _shard;

    internal AorLease(LocationService service, LocationShard shard, int reference)
    {
        _service = service;
        _shard = shard;
        shard.Leased = reference;
    }

    public long CredentialId => Record.CredentialId;

    public long RealmId => Record.RealmId;

    /// <summary>The packed bindings, expired ones included.</summary>
    public ReadOnlySpan<byte> Bindings => Record.Bindings;

    private AorRecord Record => _shard[_shard.Leased];

    /// <summary>Notes the use of a nonce by a right digest (rulings 1 and 2).</summary>
    /// <param name="count">nc, or null without qop.</param>
    /// <param name="requestHash">Hash of the request's branch, source and response.</param>
    /// <param name="prefix">What its response began with, to be kept; the default for nothing.</param>
    public NonceUse UseNonce(in NonceContent nonce, uint? count, ulong requestHash, DigestPrefix prefix = default)
    {
        var index = IndexOf(nonce.Sequence);
        if (index < 0)
        {
            index = TakeSlot(nonce.Sequence);
            if (index < 0) return NonceUse.Stale;
        }
        else if (count is null || count <= Record.Nonces[index].Count)
        {
            ref readonly var slot = ref Record.Nonces[index];
            if (!slot.IsLastRequest(requestHash)) return NonceUse.Stale;
            return slot.Succeeded ? NonceUse.Repeat : NonceUse.Fresh;
        }

        Record.Nonces[index] = new NonceSlot(nonce.Sequence, nonce.IssuedAt, count ?? uint.MaxValue, requestHash, prefix);
        _shard.Plan(_shard.Leased, _service.NonceEnd(nonce.IssuedAt));
        return NonceUse.Fresh;
    }

    /// <summary>What the responses with a nonce begin with, where that is known.</summary>
    public DigestPrefix PrefixOf(in NonceContent nonce) => IndexOf(nonce.Sequence) is var index and >= 0 ? Record.Nonces[index].Prefix : default;

    /// <summary>Remembers the text of the REGISTER that made the only binding; 0 for none.</summary>
    public void Remember(ulong text) => Record.Header.Text = text;

    /// <summary>Remembers that the request with this hash had its effect.</summary>
    public void MarkSucceeded(ulong requestHash)
    {
        foreach (ref var slot in Record.Nonces)
        {
            if (slot.IsLastRequest(requestHash)) slot.MarkSucceeded();
        }
    }

    /// <summary>Puts other bindings in place: in memory at once, durable with the batch, taken back when that fails.</summary>
    public void Replace(ReadOnlySpan<byte> bindings, LocationBatch batch, ulong requestHash) =>
        _shard.Leased = batch.Replace(_service, _shard, _shard.Leased, bindings, requestHash);

    public void Dispose() => _shard.Lock.Exit();

    private int IndexOf(long sequence)
    {
        var slots = Record.Nonces;
        for (var i = 0; i < slots.Length; i++)
        {
            if (slots[i].Sequence == sequence) return i;
        }

        return -1;
    }

    /// <summary>A slot for a nonce not seen yet: that of an ended one, else a further one, else that of the oldest; -1 when the nonce itself is too old.</summary>
    private int TakeSlot(long sequence)
    {
        var record = Record;
        if (sequence <= record.Header.EvictedNonce) return -1;
        var slots = record.Nonces;
        var oldest = -1;
        for (var i = 0; i < slots.Length; i++)
        {
            if (oldest < 0 || slots[i].Sequence < slots[oldest].Sequence) oldest = i;
        }

        if (oldest < 0 || (!_service.HasEnded(slots[oldest].IssuedAt) && slots.Length < _service.NonceSlotsFor(record)))
        {
            _shard.Leased = _shard.AddNonce(_shard.Leased);
            return slots.Length;
        }

        if (sequence < slots[oldest].Sequence) return -1;
        record.Header.EvictedNonce = slots[oldest].Sequence;
        return oldest;
    }
}
