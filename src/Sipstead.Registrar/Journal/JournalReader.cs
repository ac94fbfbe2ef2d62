using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;
using Sipstead.Registrar.Location;

namespace Sipstead.Registrar.Journal;

/// <summary>
/// Reads the newest snapshot and the journals that go on from it. A torn or damaged end is cut and reported: never a refusal to start, never silence.
/// </summary>
internal sealed class JournalReader(JournalFiles files, ILogger logger)
{
    private readonly BindingSetWriter _upgraded = new();
    private long _lastBindingId;
    private long _clockMs;
    private long _wallMs;
    private int _baseless;

    /// <summary>Restores all bindings that still live. Returns the highest file number in use, 0 when there is none.</summary>
    public long Restore(LocationService locations, Func<long, int, bool> isCurrent)
    {
        var restore = new LocationRestore(locations);
        var snapshot = files.Snapshots.Count > 0 ? files.Snapshots[^1] : 0;
        if (snapshot > 0) Read(files.SnapshotPath(snapshot), restore);
        var journals = files.Journals;
        foreach (var number in journals.Where(n => n >= snapshot)) Read(files.JournalPath(number), restore);
        var restored = restore.Complete(isCurrent, _wallMs - _clockMs, _lastBindingId);
        if (_baseless > 0) RegistrarLog.JournalChangesBaseless(logger, _baseless, files.Folder);
        RegistrarLog.JournalRead(logger, restored, files.Folder);
        return Math.Max(snapshot, journals.Count > 0 ? journals[^1] : 0);
    }

    private void Read(string path, LocationRestore restore)
    {
        using var file = new BatchReader(path);
        if (file.Version == 0)
        {
            RegistrarLog.JournalUnreadable(logger, path);
            return;
        }

        try
        {
            while (file.TryRead(out var batch)) Take(file.Version, batch, restore);
        }
        catch (IOException e)
        {
            RegistrarLog.StepFailed(logger, e); // of a disk that gives no more; the rest is cut as if it were torn
        }

        if (file.At < file.Length) RegistrarLog.JournalCut(logger, path, file.At, file.Length - file.At);
    }

    private void Take(byte version, ReadOnlySpan<byte> batch, LocationRestore restore)
    {
        var header = MemoryMarshal.Read<BatchHeader>(batch);
        (_clockMs, _wallMs) = (header.ClockMs, header.WallMs);
        _lastBindingId = Math.Max(_lastBindingId, header.LastBindingId);
        var records = batch[JournalFormat.BatchHeaderLength..];
        while (TryRead(version, ref records, out var record))
        {
            if (!restore.Take(record)) _baseless++;
        }
    }

    private bool TryRead(byte version, ref ReadOnlySpan<byte> records, out JournalRecord record) =>
        version >= JournalFormat.FirstWithPatches
            ? JournalRecord.TryRead(version, ref records, out record)
            : EarlierFormats.TryRead(version, ref records, _upgraded, out record);
}
