using System.Buffers;
using Microsoft.Extensions.Logging;
using Sipstead.Registrar.Location;

namespace Sipstead.Registrar.Journal;

/// <summary>
/// The bindings on disk (ruling 39): a snapshot file, and journals that go on from it. One write for each batch; the disk itself is asked to keep it once a
/// second, or before each answer when so set. When a journal has grown, a new one is begun and a new snapshot written beside it.
/// </summary>
internal sealed class BindingJournal : IBindingJournal, IDisposable
{
    private const long MinCompactLength = 64L * 1024 * 1024;
    private static readonly TimeSpan FlushInterval = TimeSpan.FromSeconds(1);

    private readonly RegistrarOptions _options;
    private readonly LocationService _locations;
    private readonly ServerClock _clock;
    private readonly ILogger _logger;
    private readonly JournalFiles _files;
    private readonly Lock _lock = new();
    private readonly RegistrarMetrics _metrics;
    private readonly ITimer _flush;
    private JournalFile _current;
    private long _compactAt = MinCompactLength;
    private byte[] _buffer = new byte[256 * 1024];
    private bool _dirty;
    private int _compacting;
    private volatile bool _failing;

    private BindingJournal(
        RegistrarOptions options, LocationService locations, ServerClock clock, TimeProvider time, ILogger logger, JournalFiles files, JournalFile current,
        RegistrarMetrics metrics)
    {
        _options = options;
        _locations = locations;
        _clock = clock;
        _logger = logger;
        _files = files;
        _current = current;
        _metrics = metrics;
        _flush = time.CreateTimer(_ => Flush(), null, FlushInterval, FlushInterval);
    }

    /// <summary>Reads what earlier runs left into <paramref name="locations"/>, and opens a new journal. Throws <see cref="JournalException"/>.</summary>
    /// <param name="isCurrent">Tells whether bindings made with this revision of a credential's hashes still hold.</param>
    public static BindingJournal Open(
        RegistrarOptions options, LocationService locations, ServerClock clock, TimeProvider time, Func<long, int, bool> isCurrent,
        RegistrarMetrics metrics, ILogger logger)
    {
        try
        {
            var files = new JournalFiles(options.DataDirectory);
            var newest = new JournalReader(files, logger).Restore(locations, clock, isCurrent);
            var journal = new BindingJournal(options, locations, clock, time, logger, files, files.CreateJournal(newest + 1), metrics);
            journal.WriteSnapshot(newest + 1); // from here on, one snapshot and one journal tell all
            return journal;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new JournalException($"The bindings journal in {options.DataDirectory} cannot be used: {e.Message}", e);
        }
    }

    /// <summary>Whether the last write succeeded.</summary>
    public bool IsWorking => !_failing;

    public bool TryAppend(ReadOnlySpan<byte> records)
    {
        lock (_lock)
        {
            var length = JournalFormat.BatchHeaderLength + records.Length;
            if (_buffer.Length < length) _buffer = new byte[length * 2];
            JournalFormat.WriteBatchHeader(_buffer, records, _clock.NowMs, _clock.WallMs, _locations.LastBindingId);
            records.CopyTo(_buffer.AsSpan(JournalFormat.BatchHeaderLength));
            try
            {
                _current.Append(_buffer.AsSpan(0, length), _options.FsyncAlways);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                if (!_failing) RegistrarLog.JournalFailed(_logger, _current.Path, e);
                _failing = true;
                _metrics.JournalFailed();
                return false;
            }

            if (_failing) RegistrarLog.JournalWorksAgain(_logger, _current.Path);
            _failing = false;
            _dirty = true;
            if (_current.Length > _compactAt) BeginCompaction();
            return true;
        }
    }

    public void Dispose()
    {
        _flush.Dispose();
        SpinWait.SpinUntil(() => Volatile.Read(ref _compacting) == 0, TimeSpan.FromSeconds(3));
        lock (_lock) _current.Dispose();
    }

    /// <summary>Starts a new journal and writes the snapshot that goes with it, on the pool.</summary>
    private void BeginCompaction()
    {
        if (Interlocked.Exchange(ref _compacting, 1) != 0) return;
        var next = _current.Number + 1;
        var old = _current;
        try
        {
            _current = _files.CreateJournal(next);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            RegistrarLog.CompactionFailed(_logger, e);
            _compactAt = old.Length * 2; // not again with each batch
            Volatile.Write(ref _compacting, 0);
            return;
        }

        ThreadPool.QueueUserWorkItem(_ => Compact(old, next));
    }

    private void Compact(JournalFile old, long number)
    {
        try
        {
            old.Dispose();
            var length = WriteSnapshot(number);
            lock (_lock) _compactAt = Math.Max(MinCompactLength, 2 * length);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The older snapshot and journals stay, so nothing is lost; the next growth tries again.
            RegistrarLog.CompactionFailed(_logger, e);
        }
        finally
        {
            Volatile.Write(ref _compacting, 0);
        }
    }

    /// <summary>
    /// Writes all bindings as of now. Changes made meanwhile may be in it or not: they are in the journal of the same number as well, and versions order them.
    /// </summary>
    private long WriteSnapshot(long number)
    {
        var records = new ArrayBufferWriter<byte>(1024 * 1024);
        var header = new byte[JournalFormat.BatchHeaderLength];
        using var snapshot = _files.CreateSnapshot(number);
        for (var shard = 0; shard < LocationService.ShardCount; shard++)
        {
            records.ResetWrittenCount();
            _locations.Visit(shard, record =>
            {
                if (record.Bindings.Length > 0) JournalFormat.WriteRecord(records, record, record.Bindings);
            });
            JournalFormat.WriteBatchHeader(header, records.WrittenSpan, _clock.NowMs, _clock.WallMs, _locations.LastBindingId);
            snapshot.Append(header, fsync: false);
            snapshot.Append(records.WrittenSpan, fsync: false);
        }

        var length = snapshot.Length;
        _files.Publish(snapshot);
        return length;
    }

    private void Flush()
    {
        try
        {
            lock (_lock)
            {
                if (!_dirty) return;
                _dirty = false;
            }

            _current.Flush(); // outside the lock: a slow disk must not hold up registrations
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            if (e is not ObjectDisposedException) RegistrarLog.JournalFailed(_logger, _current.Path, e);
        }
    }
}
