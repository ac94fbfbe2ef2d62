using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;
using Sipstead.Registrar.Location;

namespace Sipstead.Registrar.Journal;

/// <summary>
/// Reads the newest snapshot and the journals that go on from it. A torn or damaged end is cut and reported: never a refusal to start, never silence.
/// </summary>
internal sealed class JournalReader(JournalFiles files, ILogger logger)
{
    private readonly Dictionary<long, Entry> _newest = [];
    private long _lastVersion;
    private long _lastBindingId;
    private long _clockMs;
    private long _wallMs;

    /// <summary>The newest state read for an address-of-record.</summary>
    private readonly record struct Entry(RecordHeader Header, byte[] Bindings);

    /// <summary>Restores all bindings that still live. Returns the highest file number in use, 0 when there is none.</summary>
    public long Restore(LocationService locations, ServerClock clock, Func<long, int, bool> isCurrent)
    {
        var snapshot = files.Snapshots.Count > 0 ? files.Snapshots[^1] : 0;
        if (snapshot > 0) Read(files.SnapshotPath(snapshot));
        var journals = files.Journals;
        foreach (var number in journals.Where(n => n >= snapshot)) Read(files.JournalPath(number));
        var restored = 0;
        foreach (var (credentialId, entry) in _newest)
        {
            if (entry.Bindings.Length == 0 || !isCurrent(credentialId, entry.Header.HashRevision)) continue;
            MoveToThisRun(entry.Bindings);
            locations.Restore(credentialId, entry.Header.RealmId, entry.Header.HashRevision, entry.Header.Version, entry.Bindings);
            restored++;
        }

        locations.Continue(_lastVersion, _lastBindingId);
        locations.Sweep();
        RegistrarLog.JournalRead(logger, restored, files.Folder);
        return Math.Max(snapshot, journals.Count > 0 ? journals[^1] : 0);
    }

    private void Read(string path)
    {
        // One file at a time in memory; a journal is cut by compaction long before it is large.
        ReadOnlySpan<byte> octets = File.ReadAllBytes(path);
        var version = JournalFormat.VersionOf(octets);
        if (version == 0)
        {
            RegistrarLog.JournalUnreadable(logger, path);
            return;
        }

        var at = JournalFormat.FileMark.Length;
        while (at < octets.Length)
        {
            if (!JournalFormat.TryReadBatch(octets[at..], out var header, out var records))
            {
                RegistrarLog.JournalCut(logger, path, at, octets.Length - at);
                return;
            }

            Take(version, header, records);
            at += JournalFormat.BatchHeaderLength + records.Length;
        }
    }

    private void Take(byte version, in BatchHeader batch, ReadOnlySpan<byte> records)
    {
        (_clockMs, _wallMs) = (batch.ClockMs, batch.WallMs);
        _lastBindingId = Math.Max(_lastBindingId, batch.LastBindingId);
        while (JournalFormat.TryReadRecord(ref records, out var header, out var bindings))
        {
            _lastVersion = Math.Max(_lastVersion, header.Version);
            if (_newest.TryGetValue(header.CredentialId, out var known) && known.Header.Version >= header.Version) continue;
            if (!TryRead(version, bindings, out var current)) return;
            _newest[header.CredentialId] = new Entry(header, current);
        }
    }

    /// <summary>Gives bindings in today's layout. False for octets that are no whole bindings.</summary>
    private static bool TryRead(byte version, ReadOnlySpan<byte> octets, out byte[] bindings)
    {
        if (version == BindingsOfVersion1.Version) return BindingsOfVersion1.TryUpgrade(octets, out bindings);
        bindings = octets.ToArray();
        return PackedBindings.AreWhole(octets);
    }

    /// <summary>
    /// Moves times from the clock of the run that wrote them to this one's, and forgets connections, which ended with it. Bindings lose exactly the time
    /// that the wall clock says has passed since the last batch.
    /// </summary>
    private void MoveToThisRun(Span<byte> bindings)
    {
        var shift = _wallMs - _clockMs;
        while (!bindings.IsEmpty)
        {
            ref var header = ref MemoryMarshal.AsRef<BindingHeader>(bindings);
            header.ExpiresAt += shift;
            header.RefreshedAt += shift;
            header.ConnectionId = 0;
            bindings = bindings[header.Length..];
        }
    }
}
