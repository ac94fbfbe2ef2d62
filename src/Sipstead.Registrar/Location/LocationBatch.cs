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
    private readonly ArrayBufferWriter<byte> _records = new(64 * 1024);
    private readonly ArrayBufferWriter<byte> _oldOctets = new(16 * 1024);
    private readonly List<Undo> _undo = [];

    /// <summary>The state of a record before a change: the array, or its content when the change was made in place.</summary>
    private readonly record struct Undo(
        LocationShard Shard, AorRecord Record, long VersionBefore, long VersionAfter, byte[] OldArray, int OldStart, int OldLength, ulong RequestHash);

    /// <summary>Puts other bindings in place, the shard's lock held: in memory at once, in place where the length allows; durable with the batch.</summary>
    /// <param name="requestHash">Hash of the request that asks for it, 0 for a change of our own.</param>
    public void Replace(LocationShard shard, AorRecord record, ReadOnlySpan<byte> bindings, ulong requestHash)
    {
        var versionBefore = record.Version;
        record.Version = ++shard.LastVersion;
        JournalFormat.WriteRecord(_records, record, bindings);
        var start = _oldOctets.WrittenCount;
        var inPlace = record.Bindings.Length == bindings.Length;
        if (inPlace) _oldOctets.Write(record.Bindings);
        _undo.Add(new Undo(shard, record, versionBefore, record.Version, record.Bindings, start, inPlace ? bindings.Length : -1, requestHash));
        if (inPlace) bindings.CopyTo(record.Bindings);
        else record.Bindings = bindings.ToArray();
        foreach (var binding in new PackedBindings(bindings)) shard.Plan(record, binding.Header.ExpiresAt);
    }

    public bool Commit()
    {
        if (_undo.Count == 0) return true;
        var durable = journal.TryAppend(_records.WrittenSpan);
        if (!durable) TakeBack();
        _undo.Clear();
        _records.ResetWrittenCount();
        _oldOctets.ResetWrittenCount();
        return durable;
    }

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
        foreach (ref var slot in undo.Record.Nonces.AsSpan())
        {
            if (slot.IsLastRequest(undo.RequestHash)) slot.MarkFailed();
        }

        // Another loop has changed the record since: its change stands, and holds what its own journal write says.
        if (undo.Record.Version != undo.VersionAfter) return;
        if (undo.OldLength >= 0) _oldOctets.WrittenSpan.Slice(undo.OldStart, undo.OldLength).CopyTo(undo.OldArray);
        undo.Record.Bindings = undo.OldArray;
        undo.Record.Version = undo.VersionBefore; // so that an earlier change of this batch is taken back too
    }
}
