using System.Diagnostics.Metrics;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Sipstead.Registrar.Journal;
using Sipstead.Registrar.Location;
using Sipstead.Sip.Transport;
using Sipstead.Testing;
using Sipstead.Testing.Registrar;
using Xunit;

namespace Sipstead.Registrar.Tests.Journal;

/// <summary>Lives of a server one after the other, as far as bindings go, over one folder and one clock.</summary>
internal sealed class JournalRuns : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();

    public SteppingTimeProvider Time { get; set; } = new(new DateTimeOffset(2026, 5, 6, 7, 8, 9, TimeSpan.Zero));

    public LogCollector Log { get; } = new();

    public ForgetfulDisk Disk { get; } = new();

    /// <summary>Where the files are.</summary>
    public string Folder => _folder["bindings"];

    public void Dispose()
    {
        _services.Dispose();
        _folder.Dispose();
    }

    public JournalRun Start(
        int currentRevision = 1, bool fsyncAlways = false, long minLength = BindingJournal.MinCompactLength, Func<long, int, bool>? isCurrent = null) =>
        new(
            this, new RegistrarOptions { DataDirectory = _folder.Path, FsyncAlways = fsyncAlways }, _services.GetRequiredService<IMeterFactory>(), minLength,
            isCurrent ?? ((_, revision) => revision == currentRevision));

    /// <summary>Leaves a folder that holds this journal and nothing else.</summary>
    public void HoldOnly(ReadOnlySpan<byte> journal)
    {
        if (Directory.Exists(Folder)) Directory.Delete(Folder, recursive: true);
        Directory.CreateDirectory(Folder);
        File.WriteAllBytes(Path.Combine(Folder, "0000000001.journal"), journal);
    }

    /// <summary>Gives the next run copies of the files as they are now.</summary>
    public void CopyFolder()
    {
        var files = Directory.GetFiles(Folder).ToDictionary(path => Path.GetFileName(path), ReadShared);
        Directory.Move(Folder, _folder["killed"]);
        Directory.CreateDirectory(Folder);
        foreach (var (name, octets) in files) File.WriteAllBytes(Path.Combine(Folder, name), octets);
    }

    public static byte[] ReadShared(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var octets = new byte[file.Length];
        file.ReadExactly(octets);
        return octets;
    }
}

/// <summary>One life of a server.</summary>
internal sealed class JournalRun : IDisposable
{
    private readonly JournalRuns _runs;
    private readonly BindingJournal _journal;
    private readonly LocationBatch _batch;

    public JournalRun(JournalRuns runs, RegistrarOptions options, IMeterFactory meters, long minLength, Func<long, int, bool> isCurrent)
    {
        _runs = runs;
        var saved = SavedBindings.Read(options, runs.Time, runs.Log, runs.Disk);
        (Clock, Locations) = (saved.Clock, saved.Locations);
        _journal = BindingJournal.Open(options, saved, runs.Time, isCurrent, new RegistrarMetrics(meters), runs.Log, minLength);
        _batch = CreateBatch();
    }

    public ServerClock Clock { get; }

    public LocationService Locations { get; }

    /// <summary>The journal that is written now.</summary>
    public string JournalPath => Directory.GetFiles(_runs.Folder, "*.journal").Max()!;

    /// <summary>A further receiving loop's batch.</summary>
    public LocationBatch CreateBatch() => new(_journal);

    public void Register(long credentialId, string uri, int lifetimeSeconds = 600, SipFlow? flow = null)
    {
        Put(credentialId, uri, _batch, lifetimeSeconds, flow);
        Assert.True(_batch.Commit());
    }

    /// <summary>Leaves an address-of-record with this binding alone, and does not commit.</summary>
    public void Put(long credentialId, string uri, LocationBatch batch, int lifetimeSeconds = 600, SipFlow? flow = null)
    {
        var writer = new BindingSetWriter();
        var header = new BindingHeader
        {
            Id = Locations.NextBindingId(), CSeq = 1, Flow = flow ?? RegistrarHarness.Flow(), ExpiresAt = Clock.NowMs + (lifetimeSeconds * 1000L), Q = -1,
        };
        writer.Add(header, new BindingTexts { Uri = Encoding.ASCII.GetBytes(uri), CallId = "call"u8 });
        using var aor = Locations.Open(credentialId, 1, 1);
        aor.Replace(writer.Written, batch, 0);
    }

    public void Refresh(long credentialId, uint cseq) => Assert.True(TryRefresh(credentialId, cseq));

    /// <summary>Refreshes the first binding. False when it could not be made durable.</summary>
    public bool TryRefresh(long credentialId, uint cseq)
    {
        using (var aor = Locations.Open(credentialId, 1, 1)) Refresh(aor, cseq, _batch);
        return _batch.Commit();
    }

    /// <summary>Refreshes the first binding of an address-of-record that is held.</summary>
    public void Refresh(in AorLease aor, uint cseq, LocationBatch batch)
    {
        var writer = new BindingSetWriter();
        foreach (var binding in new PackedBindings(aor.Bindings))
        {
            var header = binding.Header;
            if (writer.Length == 0) (header.CSeq, header.ExpiresAt, header.RefreshedAt) = (cseq, Clock.NowMs + 600_000, Clock.NowMs);
            writer.Copy(binding, header);
        }

        aor.Replace(writer.Written, batch, 0);
    }

    public void Remove(long credentialId)
    {
        Locations.RemoveAll(credentialId, _batch);
        Assert.True(_batch.Commit());
    }

    public IReadOnlyList<Binding> Find(long credentialId) => Locations.Find(credentialId, _ => true);

    public void AwaitCompaction() => Assert.True(SpinWait.SpinUntil(() => !_journal.IsCompacting, Poll.DefaultDeadline), "the compaction never ended");

    /// <summary>Ends the process, the machine goes on.</summary>
    public void Kill() => _journal.Dispose(); // which writes nothing

    /// <summary>Ends the machine.</summary>
    public void LosePower()
    {
        var durable = _runs.Disk.Durable();
        _journal.Dispose();
        ForgetfulDisk.Lose(durable);
    }

    public void Dispose() => _journal.Dispose();
}

/// <summary>Keeps the ids of what is logged.</summary>
internal sealed class LogCollector : ILogger
{
    private readonly List<int> _events = [];

    public void Clear() => _events.Clear();

    public bool Contains(int id) => _events.Contains(id);

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _events.Add(eventId.Id);
}
