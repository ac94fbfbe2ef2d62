using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;
using Sipstead.Registrar.Location;

namespace Sipstead.Registrar.Journal;

/// <summary>What earlier runs left.</summary>
/// <param name="Newest">Highest number of a file; 0 when there is none.</param>
/// <param name="Length">Octets that were read.</param>
/// <param name="CanGoOn">Whether the next journal may go on from these files: they hold what is in memory now, in today's layout and by this run's clock.</param>
internal readonly record struct JournalRemains(long Newest, long Length, bool CanGoOn);

/// <summary>
/// Reads the newest snapshot and the journals that go on from it. A torn or damaged end is cut and reported: never a refusal to start, never silence.
/// </summary>
internal sealed class JournalReader(JournalFiles files, LocationService locations, ILogger logger)
{
    /// <summary>Milliseconds that the clocks of two runs may differ by for times to be left as they are.</summary>
    private const long AgreeingMs = 1000;

    private readonly BindingSetWriter _upgraded = new();
    private readonly LocationRestore _restore = new(locations);
    private long _newest;
    private long _lastBindingId;
    private long _clockMs;
    private long _wallMs;
    private long _length;
    private int _baseless;
    private bool _isAsWritten = true;

    /// <summary>Reads all that there is.</summary>
    public void ReadAll()
    {
        var snapshot = files.Snapshots.Count > 0 ? files.Snapshots[^1] : 0;
        if (snapshot > 0) Read(files.SnapshotPath(snapshot));
        var journals = files.Journals;
        foreach (var number in journals.Where(n => n >= snapshot)) Read(files.JournalPath(number));
        _newest = Math.Max(snapshot, journals.Count > 0 ? journals[^1] : 0);
    }

    /// <summary>Leaves the bindings that still live.</summary>
    /// <param name="isCurrent">Tells whether bindings made with this revision of a credential's hashes still hold.</param>
    public JournalRemains Complete(Func<long, int, bool> isCurrent)
    {
        var shift = _wallMs - _clockMs;
        if (Math.Abs(shift) < AgreeingMs) shift = 0;
        var restored = _restore.Complete(isCurrent, shift, _lastBindingId);
        if (_baseless > 0) RegistrarLog.JournalChangesBaseless(logger, _baseless, files.Folder);
        RegistrarLog.JournalRead(logger, restored, files.Folder);
        return new JournalRemains(_newest, _length, _newest > 0 && _isAsWritten && shift == 0 && _baseless == 0);
    }

    private void Read(string path)
    {
        using var file = new BatchReader(path);
        if (file.Version == 0)
        {
            RegistrarLog.JournalUnreadable(logger, path);
            _isAsWritten = false;
            return;
        }

        _isAsWritten &= file.Version == JournalFormat.Version;

        try
        {
            while (file.TryRead(out var batch)) Take(file.Version, batch);
        }
        catch (IOException e)
        {
            RegistrarLog.StepFailed(logger, e); // of a disk that gives no more; the rest is cut as if it were torn
        }

        _length += file.At;
        if (file.At == file.Length) return;
        RegistrarLog.JournalCut(logger, path, file.At, file.Length - file.At);
        _isAsWritten = false;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)] // run a million times in the first second
    private void Take(byte version, ReadOnlySpan<byte> batch)
    {
        var header = MemoryMarshal.Read<BatchHeader>(batch);
        (_clockMs, _wallMs) = (header.ClockMs, header.WallMs);
        _lastBindingId = Math.Max(_lastBindingId, header.LastBindingId);
        var records = batch[JournalFormat.BatchHeaderLength..];
        while (TryRead(version, ref records, out var record))
        {
            if (!_restore.Take(record)) _baseless++;
        }
    }

    private bool TryRead(byte version, ref ReadOnlySpan<byte> records, out JournalRecord record) =>
        version >= JournalFormat.FirstWithPatches
            ? JournalRecord.TryRead(version, ref records, out record)
            : EarlierFormats.TryRead(version, ref records, _upgraded, out record);
}
