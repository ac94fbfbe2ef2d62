using System.Buffers;
using Sipstead.Registrar.Journal;
using Sipstead.Sip.Uas;

namespace Sipstead.Registrar.Location;

/// <summary>
/// The changes of one batch of requests: their journal records, and what it takes to undo them. Belongs to one receiving loop. <see cref="Commit"/> writes
/// all records with one call; when that fails, the bindings are as they were before the batch (ruling 39).
/// </summary>
internal sealed class LocationBatch(IBindingJournal journal) : IRequestBatch
{
    /// <summary>Bits of a ticket that tell the turn; those above tell the batch.</summary>
    private const int TurnBits = 40;

    private readonly BatchWriter _records = new(64 * 1024);
    private readonly ArrayBufferWriter<byte> _oldOctets = new(16 * 1024);
    private readonly List<Undo> _undo = [];
    private long _number = -1;
    private long _turn = 1;

    /// <summary>The state of a record before a change: all its bindings, or of bindings of equal length the octets that differ.</summary>
    private readonly record struct Undo(
        LocationShard Shard, long CredentialId, long VersionBefore, long VersionAfter, long TicketBefore, Difference? Changed, Range Old, ulong RequestHash);

    /// <summary>The batch that a ticket names.</summary>
    public static int NumberOf(long ticket) => (int)(ticket >> TurnBits);

    /// <summary>True while the change that got this ticket of this batch is neither durable nor taken back.</summary>
    public bool IsOpen(long ticket) => Volatile.Read(ref _turn) == (ticket & ((1L << TurnBits) - 1));

    /// <summary>Puts other bindings in place, the shard's lock held: in memory at once, in place where the length allows; durable with the batch.</summary>
    /// <param name="requestHash">Hash of the request that asks for it, 0 for a change of our own.</param>
    /// <returns>Where the record is now.</returns>
    public int Replace(LocationService locations, LocationShard shard, int reference, ReadOnlySpan<byte> bindings, ulong requestHash)
    {
        if (_number < 0) _number = locations.Join(this);
        var record = shard[reference];
        ref var header = ref record.Header;
        var (versionBefore, ticketBefore) = (header.Version, header.Ticket);
        header.Version = ++shard.LastVersion;
        header.Ticket = (_number << TurnBits) | _turn;
        Difference? changed = record.Bindings.Length == bindings.Length ? Difference.Between(record.Bindings, bindings) : null;
        if (changed is { } patch && patch.Length < bindings.Length && !header.IsApart && IsOursOrDone(locations, ticketBefore))
        {
            _records.AddPatch(record, versionBefore, patch, bindings);
        }
        else
        {
            _records.AddWhole(record, bindings);
            header.IsApart = false;
        }

        var old = _oldOctets.Keep(changed is { } part ? part.Of(record.Bindings) : record.Bindings);
        _undo.Add(new Undo(shard, record.CredentialId, versionBefore, header.Version, ticketBefore, changed, old, requestHash));
        if (changed is { } range) range.Of(bindings).CopyTo(range.Of(record.Bindings));
        else reference = shard.SetBindings(reference, bindings);
        shard.PlanEnds(reference);
        return reference;
    }

    public bool Commit()
    {
        if (_undo.Count == 0) return true;
        var durable = journal.TryAppend(_records.Batch);
        if (!durable) TakeBack();
        Volatile.Write(ref _turn, _turn + 1);
        _undo.Clear();
        _records.Clear();
        _oldOctets.ResetWrittenCount();
        return durable;
    }

    /// <summary>True for a change that stands in the journal before whatever this batch writes: a patch may go on from it.</summary>
    private bool IsOursOrDone(LocationService locations, long ticket) => !locations.IsOpen(ticket) || NumberOf(ticket) == _number;

    private void TakeBack()
    {
        for (var i = _undo.Count - 1; i >= 0; i--)
        {
            var undo = _undo[i];
            lock (undo.Shard.Lock) TakeBack(undo);
        }
    }

    private void TakeBack(in Undo undo)
    {
        var reference = undo.Shard.Find(undo.CredentialId);
        if (reference == 0) return;
        var record = undo.Shard[reference];
        foreach (ref var slot in record.Nonces)
        {
            if (slot.IsLastRequest(undo.RequestHash)) slot.MarkFailed();
        }

        // Another loop has changed the record since: its change stands, and holds what its own journal write says.
        record.Header.IsApart = true;
        record.Header.Text = 0;
        if (record.Header.Version != undo.VersionAfter) return;
        record.Header.Version = undo.VersionBefore; // so that an earlier change of this batch is taken back too
        record.Header.Ticket = undo.TicketBefore;
        var old = _oldOctets.WrittenSpan[undo.Old];
        if (undo.Changed is { } changed) old.CopyTo(changed.Of(record.Bindings));
        else reference = undo.Shard.SetBindings(reference, old);
        undo.Shard.PlanEnds(reference);
    }
}
