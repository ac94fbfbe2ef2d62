using Sipstead.Registrar.Location;

namespace Sipstead.Registrar.Journal;

/// <summary>Collects the records of a batch behind room for its header, so that all is written from where it lies.</summary>
internal sealed class BatchWriter
{
    private byte[] _octets;
    private int _length = JournalFormat.BatchHeaderLength;

    public BatchWriter(int capacity) => _octets = new byte[capacity];

    /// <summary>Header, not yet sealed, and records.</summary>
    public Span<byte> Batch => _octets.AsSpan(0, _length);

    public void Clear() => _length = JournalFormat.BatchHeaderLength;

    /// <summary>Adds the state of a record as it is with <paramref name="bindings"/>.</summary>
    public void AddWhole(AorRecord record, ReadOnlySpan<byte> bindings)
    {
        ref readonly var header = ref record.Header;
        Add(new JournalRecord
        {
            CredentialId = header.CredentialId, Version = header.Version, Kind = RecordKind.Whole, RealmId = header.RealmId,
            HashRevision = header.HashRevision, Octets = bindings,
        });
    }

    /// <summary>Adds what of a record changed since a version.</summary>
    public void AddPatch(AorRecord record, long baseVersion, Difference changed, ReadOnlySpan<byte> bindings)
    {
        ref readonly var header = ref record.Header;
        Add(new JournalRecord
        {
            CredentialId = header.CredentialId, Version = header.Version, Kind = RecordKind.Patch, BaseVersion = baseVersion, Offset = changed.Start,
            Octets = changed.Of(bindings),
        });
    }

    private void Add(in JournalRecord record)
    {
        var length = record.Length;
        if (_octets.Length - _length < length) Array.Resize(ref _octets, Math.Max(_octets.Length * 2, _length + length));
        record.Write(_octets.AsSpan(_length));
        _length += length;
    }
}
