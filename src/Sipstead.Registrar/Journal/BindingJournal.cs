using Microsoft.Extensions.Logging;
using Sipstead.Registrar.Location;

namespace Sipstead.Registrar.Journal;

/// <summary>
/// The bindings on disk (ruling 39): a snapshot file, and journals that go on from it. One write for each batch; the disk itself is asked to keep it once a
/// second, or before each answer when so set. When a journal has grown, and once after each start, a new one is begun and a new snapshot written beside it.
/// </summary>
internal sealed class BindingJournal : IBindingJournal, IDisposable
{
    /// <summary>Octets of a journal below which it is not compacted.</summary>
    public const long MinCompactLength = 64L * 1024 * 1024;

    /// <summary>From a start to the snapshot that spares the next start the journals of earlier runs.</summary>
    public static readonly TimeSpan FirstCompaction = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan FlushInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestCompaction = TimeSpan.FromMinutes(2);

    private readonly RegistrarOptions _options;
    private readonly LocationService _locations;
    private readonly ServerClock _clock;
    private readonly ILogger _logger;
    private readonly JournalFiles _files;
    private readonly Lock _lock = new();
    private readonly Lock _flushing = new();
    private readonly RegistrarMetrics _metrics;
    private readonly ITimer _flush;
    private readonly ITimer _first;
    private readonly Pace _pace;
    private readonly long _minLength;
    private JournalFile _current;

    /// <summary>The journal before, until the disk has all of it: it goes to the disk before <see cref="_current"/>, which goes on from it.</summary>
    private JournalFile? _former;

    private long _compactAt;
    private bool _dirty;
    private int _compacting;
    private bool _isClosed;
    private volatile bool _failing;

    private BindingJournal(
        RegistrarOptions options, LocationService locations, ServerClock clock, TimeProvider time, ILogger logger, JournalFiles files, JournalFile current,
        RegistrarMetrics metrics, long minLength)
    {
        _options = options;
        _locations = locations;
        _clock = clock;
        _logger = logger;
        _files = files;
        _current = current;
        _metrics = metrics;
        _pace = new Pace(time);
        _minLength = minLength;
        _flush = time.CreateTimer(_ => Flush(), null, FlushInterval, FlushInterval);
        _first = time.CreateTimer(_ => CompactFirst(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Opens a new journal that goes on from what earlier runs left. Throws <see cref="JournalException"/>.</summary>
    /// <param name="isCurrent">Tells whether bindings made with this revision of a credential's hashes still hold.</param>
    /// <param name="minLength">Octets of a journal below which it is not compacted.</param>
    public static BindingJournal Open(
        RegistrarOptions options, SavedBindings saved, TimeProvider time, Func<long, int, bool> isCurrent, RegistrarMetrics metrics, ILogger logger,
        long minLength = MinCompactLength)
    {
        try
        {
            var left = saved.Reader.Complete(isCurrent);
            var current = saved.Files.CreateJournal(left.Newest + 1);
            var journal = new BindingJournal(options, saved.Locations, saved.Clock, time, logger, saved.Files, current, metrics, minLength);
            if (left.CanGoOn) journal.GoOnFrom(left);
            else journal.BeginAnew(left.Newest + 1);
            return journal;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw JournalException.Unusable(options, e);
        }
    }

    /// <summary>Whether the last write succeeded.</summary>
    public bool IsWorking => !_failing;

    /// <summary>Whether a snapshot is being written.</summary>
    public bool IsCompacting => Volatile.Read(ref _compacting) != 0;

    public bool TryAppend(Span<byte> batch)
    {
        lock (_lock)
        {
            JournalFormat.Seal(batch, _clock.NowMs, _clock.WallMs, _locations.LastBindingId);
            try
            {
                _current.Append(batch, _options.FsyncAlways);
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

    /// <summary>
    /// Copies the bindings of one moment into an empty folder; registrations go on meanwhile, but no compaction takes files away. Throws
    /// <see cref="IOException"/>.
    /// </summary>
    public void CopyTo(string folder)
    {
        if (!SpinWait.SpinUntil(() => Interlocked.CompareExchange(ref _compacting, 1, 0) == 0, LongestCompaction))
            throw new IOException("a snapshot of the bindings takes very long to write; try again later");
        try
        {
            long length;
            lock (_lock) length = _current.Length;
            _files.CopyTo(folder, length);
        }
        finally
        {
            Volatile.Write(ref _compacting, 0);
        }
    }

    public void Dispose()
    {
        _flush.Dispose();
        _first.Dispose();
        lock (_lock) _isClosed = true;
        _pace.Hurry();
        SpinWait.SpinUntil(() => !IsCompacting, TimeSpan.FromSeconds(3));
        lock (_flushing)
        {
            _former?.Dispose();
            lock (_lock) _current.Dispose();
        }
    }

    private long LimitAfter(long snapshotLength) => Math.Max(_minLength, 2 * snapshotLength);

    /// <summary>Nobody waits for a snapshot of what is on the disk already.</summary>
    private void GoOnFrom(JournalRemains left)
    {
        _files.FlushJournals();
        _compactAt = LimitAfter(left.Length);
        _first.Change(FirstCompaction, Timeout.InfiniteTimeSpan);
    }

    /// <summary>From here on, one snapshot and one journal tell all.</summary>
    private void BeginAnew(long number)
    {
        _pace.Hurry();
        _compactAt = LimitAfter(WriteSnapshot(number));
        _pace.Walk();
    }

    private void CompactFirst()
    {
        lock (_lock)
        {
            if (_isClosed) return;
            if (IsCompacting) _first.Change(FirstCompaction, Timeout.InfiniteTimeSpan); // or being copied
            else BeginCompaction();
        }
    }

    /// <summary>Starts a new journal and writes the snapshot that goes with it, on the pool.</summary>
    private void BeginCompaction()
    {
        if (Interlocked.Exchange(ref _compacting, 1) != 0) return;
        var old = _current;
        try
        {
            var next = _files.CreateJournal(old.Number + 1);
            if (_options.FsyncAlways) _files.FlushNames();
            (_current, _former) = (next, old);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            RegistrarLog.CompactionFailed(_logger, e);
            _compactAt = old.Length * 2; // not again with each batch
            Volatile.Write(ref _compacting, 0);
            return;
        }

        ThreadPool.QueueUserWorkItem(_ => Compact(old.Number + 1));
    }

    private void Compact(long number)
    {
        try
        {
            lock (_flushing)
            {
                _former?.Dispose();
                _former = null;
                _files.FlushNames();
            }

            var length = WriteSnapshot(number);
            lock (_lock) _compactAt = LimitAfter(length);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The older snapshot and journals stay, so nothing is lost; the next growth tries again.
            RegistrarLog.CompactionFailed(_logger, e);
            lock (_lock) _compactAt = _current.Length + _minLength;
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
        var records = new BatchWriter(1024 * 1024);
        var walk = new ShardWalk(_locations);
        using var snapshot = _files.CreateSnapshot(number);
        _pace.Begin();
        for (var shard = 0; shard < LocationService.ShardCount; shard++)
        {
            records.Clear();
            walk.Begin(shard);
            while (walk.VisitNext(AddChanged)) _pace.Rest();
            JournalFormat.Seal(records.Batch, _clock.NowMs, _clock.WallMs, _locations.LastBindingId);
            snapshot.AppendAndSend(records.Batch);
            _pace.Rest();
        }

        var length = snapshot.Length;
        _files.Publish(snapshot, _pace);
        return length;

        // Also that bindings have ended: another loop's batch may yet write a state before.
        void AddChanged(AorRecord record)
        {
            if (record.Header.Version > 0) records.AddWhole(record, record.Bindings);
        }
    }

    /// <summary>Sends to the disk what was appended, outside the lock of appends: a slow disk must not hold up registrations.</summary>
    private void Flush()
    {
        if (!_flushing.TryEnter()) return; // the last one still waits for the disk
        var current = _current;
        try
        {
            lock (_lock)
            {
                if (!_dirty) return;
                (_dirty, current) = (false, _current);
            }

            if (_former is { } former)
            {
                former.Flush();
                _files.FlushNames();
            }

            current.Flush();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            if (e is not ObjectDisposedException) FlushFailed(current, e);
        }
        finally
        {
            _flushing.Exit();
        }
    }

    /// <summary>The system may have dropped what the disk did not take, so all is written anew.</summary>
    private void FlushFailed(JournalFile file, Exception e)
    {
        RegistrarLog.JournalFailed(_logger, file.Path, e);
        lock (_lock)
        {
            _dirty = true;
            _compactAt = 0;
        }
    }
}
