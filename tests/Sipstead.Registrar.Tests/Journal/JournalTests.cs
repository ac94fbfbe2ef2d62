using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Sipstead.Registrar.Journal;
using Sipstead.Registrar.Location;
using Sipstead.Testing;
using Sipstead.Testing.Registrar;
using Xunit;

namespace Sipstead.Registrar.Tests.Journal;

/// <summary>Bindings on disk: what was acknowledged comes back after a restart, whatever the end of the file looks like (ruling 39).</summary>
public sealed class JournalTests : IDisposable
{
    /// <summary>A journal that a server wrote whose format was of version 1: one address-of-record with two bindings.</summary>
    private const string Version1 = "U0lQU1RFQUQtQklORAAAAVNTQkqBAQAAl+EEEuxzuyyojx38nQEAAKiPHfydAQAAAgAAAAAAAAApAAAAAAAAAAEAAAAAAAAAAQAAAAAAAAABAAAAYQEAAN0AAAABAAAAAA"
            + "AAACh+VPydAQAAqI8d/J0BAACojx38nQEAAAAAAAAAAAAACgIAwP//AAAAAAAAAAAAAAECAMD//wAAAAAAAAAAAAAAAAAAAAAAAECcxBMHAAAA9AEAABoARgAIAA0Ac2lw"
            + "OmFsaWNlQDE5Mi4wLjIuMTA6NDAwMDA7K3NpcC5pbnN0YW5jZT0iPHVybjp1dWlkOjAwMDAwMDAwLTAwMDAtMTAwMC04MDAwLTAwMGE5NWEwZTEyOD4iO3E9MC41Y2FsbC"
            + "1vbmVPbGQgUGhvbmUgMS4whAAAAAIAAAAAAAAAKH5U/J0BAACojx38nQEAAKiPHfydAQAAAAAAAAAAAAAKAgDA//8AAAAAAAAAAAAAAQIAwP//AAAAAAAAAAAAAAAAAAAA"
            + "AAAAQJzEEwcAAAD//wAAFAAAAAgAAABzaXA6YWxpY2VAMTkyLjAuMi4yMGNhbGwtdHdv";

    private readonly TemporaryFolder _folder = new();
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly SteppingTimeProvider _time = new(new DateTimeOffset(2026, 5, 6, 7, 8, 9, TimeSpan.Zero));
    private readonly LogCollector _log = new();

    public void Dispose()
    {
        _services.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Restart_KeepsBindings_WithTheirNumbersAndRemainingTime()
    {
        long id;
        using (var run = new Run(this))
        {
            run.Register(1, "sip:a@192.0.2.1", lifetimeSeconds: 600);
            id = run.Find(1).Single().Id;
        }

        _time.Advance(TimeSpan.FromSeconds(100));
        using var next = new Run(this);
        var binding = next.Find(1).Single();
        Assert.Equal((id, "sip:a@192.0.2.1", 500), (binding.Id, binding.Contact, binding.ExpiresIn));
        Assert.True(next.Locations.NextBindingId() > id);
    }

    [Fact]
    public void Restart_AfterAStepOfTheWallClock_KeepsRemainingTime()
    {
        using (var run = new Run(this))
        {
            _time.WallStep = TimeSpan.FromHours(3);
            run.Register(1, "sip:a@192.0.2.1", lifetimeSeconds: 600);
        }

        _time.Advance(TimeSpan.FromSeconds(10));
        using var next = new Run(this);
        Assert.Equal(590, next.Find(1).Single().ExpiresIn);
    }

    [Fact]
    public void Restart_DropsWhatExpiredMeanwhile()
    {
        using (var run = new Run(this)) run.Register(1, "sip:a@192.0.2.1", lifetimeSeconds: 60);
        _time.Advance(TimeSpan.FromSeconds(61));
        using var next = new Run(this);
        Assert.Empty(next.Find(1));
    }

    [Fact]
    public void Restart_DoesNotBringBackWhatWasRemoved()
    {
        using (var run = new Run(this))
        {
            run.Register(1, "sip:a@192.0.2.1", lifetimeSeconds: 600);
            run.Register(2, "sip:b@192.0.2.2", lifetimeSeconds: 600);
            run.Remove(1);
        }

        using var next = new Run(this);
        Assert.Empty(next.Find(1));
        Assert.Single(next.Find(2));
    }

    [Fact]
    public void Restart_DropsBindingsOfAnotherHashRevision()
    {
        using (var run = new Run(this)) run.Register(1, "sip:a@192.0.2.1", lifetimeSeconds: 600);
        using var next = new Run(this, currentRevision: 2);
        Assert.Empty(next.Find(1));
    }

    [Fact]
    public void Restart_ForgetsConnections()
    {
        using (var run = new Run(this))
            run.Register(1, "sip:a@192.0.2.1", 600, RegistrarHarness.Flow(transport: Sip.Transport.SipTransport.Tcp, connection: 77));
        using var next = new Run(this);
        Assert.Equal(0, next.Find(1).Single().Flow.ConnectionId);
    }

    [Fact]
    public void KilledProcess_LosesNothingThatWasAcknowledged()
    {
        var run = new Run(this); // never disposed: as after kill -9, nothing is flushed or closed in order
        for (var i = 1; i <= 50; i++) run.Register(i, $"sip:u{i}@192.0.2.1", lifetimeSeconds: 600);
        CopyFolder();
        using var next = new Run(this);
        for (var i = 1; i <= 50; i++) Assert.Single(next.Find(i));
    }

    [Fact]
    public void TornEnd_AtEveryLength_KeepsWholeBatches_AndIsReported()
    {
        var run = new Run(this);
        run.Register(1, "sip:a@192.0.2.1", lifetimeSeconds: 600);
        var whole = new FileInfo(run.JournalPath).Length;
        run.Register(2, "sip:b@192.0.2.2", lifetimeSeconds: 600);
        var octets = ReadShared(run.JournalPath);
        run.Dispose();
        for (var length = (int)whole; length < octets.Length; length += 7)
        {
            RestoreOnly(octets.AsSpan(0, length));
            _log.Clear();
            using var next = new Run(this);
            Assert.Single(next.Find(1));
            Assert.Empty(next.Find(2));
            Assert.Equal(length > whole, _log.Contains(3001));
        }
    }

    [Fact]
    public void DamagedOctet_Anywhere_NeverStopsTheStart_AndIsReported()
    {
        var run = new Run(this);
        for (var i = 1; i <= 3; i++) run.Register(i, $"sip:u{i}@192.0.2.1", lifetimeSeconds: 600);
        var octets = ReadShared(run.JournalPath);
        run.Dispose();
        for (var at = 0; at < octets.Length; at += 3)
        {
            var damaged = octets.ToArray();
            damaged[at] ^= 0x40;
            RestoreOnly(damaged);
            _log.Clear();
            using var next = new Run(this);
            Assert.True(_log.Contains(3001) || _log.Contains(3002), $"octet {at}");
            for (var i = 1; i <= 3; i++) Assert.InRange(next.Find(i).Count, 0, 1);
        }
    }

    [Fact]
    public void UnfinishedSnapshot_IsPassedOver()
    {
        using (var run = new Run(this)) run.Register(1, "sip:a@192.0.2.1", lifetimeSeconds: 600);
        File.WriteAllText(Path.Combine(_folder.Path, "bindings", "0000000009.snapshot.unfinished"), "half");
        using var next = new Run(this);
        Assert.Single(next.Find(1));
    }

    [Fact]
    public void EachStart_LeavesOneSnapshotAndOneJournal()
    {
        for (var i = 1; i <= 4; i++)
        {
            using var run = new Run(this);
            run.Register(i, $"sip:u{i}@192.0.2.1", lifetimeSeconds: 600);
        }

        using var last = new Run(this);
        for (var i = 1; i <= 4; i++) Assert.Single(last.Find(i));
        Assert.Single(Directory.GetFiles(Path.Combine(_folder.Path, "bindings"), "*.snapshot"));
        Assert.Single(Directory.GetFiles(Path.Combine(_folder.Path, "bindings"), "*.journal"));
    }

    [Fact]
    public void Growth_StartsANewJournalWithASnapshot_AndLosesNothing()
    {
        using (var run = new Run(this))
        {
            var filler = new string('x', 1500);
            var first = run.JournalPath;
            for (var i = 0; i < 45_000 && File.Exists(first); i++) run.Register(1 + (i % 40), $"sip:u@192.0.2.1;p={filler}", lifetimeSeconds: 600);
            Assert.True(SpinWait.SpinUntil(() => !File.Exists(first), Poll.DefaultDeadline), "the journal was never compacted");
            run.Register(99, "sip:late@192.0.2.1", lifetimeSeconds: 600);
        }

        using var next = new Run(this);
        for (var i = 1; i <= 40; i++) Assert.Single(next.Find(i));
        Assert.Single(next.Find(99));
    }

    [Fact]
    public void RecordsInAnyOrder_TheNewestVersionWins()
    {
        var run = new Run(this);
        run.Register(1, "sip:old@192.0.2.1", lifetimeSeconds: 600);
        var older = ReadShared(run.JournalPath).AsSpan(JournalFormat.FileMark.Length).ToArray();
        run.Remove(1);
        run.Register(1, "sip:new@192.0.2.1", lifetimeSeconds: 600);
        var all = ReadShared(run.JournalPath);
        run.Dispose();
        RestoreOnly([.. all, .. older]); // as if another loop had written its batch late
        using var next = new Run(this);
        Assert.Equal("sip:new@192.0.2.1", next.Find(1).Single().Contact);
    }

    [Fact]
    public void JournalOfVersion1_IsRead_AndGoesOnInTodaysLayout()
    {
        Directory.CreateDirectory(Path.Combine(_folder.Path, "bindings"));
        RestoreOnly(Convert.FromBase64String(Version1));
        _time.Advance(TimeSpan.FromSeconds(100));
        for (var start = 1; start <= 2; start++)
        {
            using var run = new Run(this);
            var found = run.Find(41);
            Assert.Equal(
                [("sip:alice@192.0.2.10:40000", 3500, "call-one", "Old Phone 1.0", 7L), ("sip:alice@192.0.2.20", 3500, "call-two", "", 7L)],
                found.Select(binding => (binding.Contact, binding.ExpiresIn, binding.CallId, binding.UserAgent, binding.CSeq)));
            Assert.Equal(("urn:uuid:00000000-0000-1000-8000-000a95a0e128", 0.5m), (found[0].Instance, found[0].Q));
            Assert.Equal(("192.0.2.10:40000", 0L, 0), (found[0].Flow.Source.ToString(), found[0].GruuEpoch, found[0].Path.Count));
            Assert.Equal(3, run.Locations.NextBindingId());
            Assert.Equal(JournalFormat.Version, ReadShared(run.JournalPath)[JournalFormat.FileMark.Length - 1]);
        }

        Assert.False(_log.Contains(3001) || _log.Contains(3002));
    }

    [Fact]
    public void JournalOfVersion1_DamagedAnywhere_NeverStopsTheStart()
    {
        Directory.CreateDirectory(Path.Combine(_folder.Path, "bindings"));
        var octets = Convert.FromBase64String(Version1);
        for (var at = 0; at < octets.Length; at += 5)
        {
            var damaged = octets.ToArray();
            damaged[at] ^= 0x41;
            RestoreOnly(damaged);
            _log.Clear();
            using var next = new Run(this);
            Assert.True(_log.Contains(3001) || _log.Contains(3002), $"octet {at}");
        }
    }

    [Fact]
    public void BindingsOfVersion1_ThatAreNotWhole_AreRefused()
    {
        var whole = Convert.FromBase64String(Version1).AsSpan(88).ToArray(); // behind the marks of file, batch and record
        Assert.True(BindingsOfVersion1.TryUpgrade(whole, out var upgraded) && PackedBindings.AreWhole(upgraded));
        for (var length = 1; length < whole.Length; length++)
        {
            if (length != BitConverter.ToInt32(whole)) Assert.False(BindingsOfVersion1.TryUpgrade(whole.AsSpan(0, length), out _));
        }
    }

    /// <summary>The layout is on users' disks: a change of it needs a new format version.</summary>
    [Fact]
    public void Layout_IsFrozen()
    {
        Assert.Equal(118, BindingHeader.Size);
        Assert.Equal(40, JournalFormat.BatchHeaderLength);
        Assert.Equal(2, JournalFormat.Version);
        Assert.Equal(JournalFormat.Version, JournalFormat.FileMark[^1]);
    }

    private static byte[] ReadShared(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var octets = new byte[file.Length];
        file.ReadExactly(octets);
        return octets;
    }

    /// <summary>Leaves a folder that holds this journal and nothing else.</summary>
    private void RestoreOnly(ReadOnlySpan<byte> journal)
    {
        var folder = Path.Combine(_folder.Path, "bindings");
        Directory.Delete(folder, recursive: true);
        Directory.CreateDirectory(folder);
        File.WriteAllBytes(Path.Combine(folder, "0000000001.journal"), journal);
    }

    /// <summary>Gives the next run copies of the files, as the killed one left them.</summary>
    private void CopyFolder()
    {
        var folder = Path.Combine(_folder.Path, "bindings");
        var files = Directory.GetFiles(folder).ToDictionary(path => Path.GetFileName(path), ReadShared);
        Directory.Move(folder, Path.Combine(_folder.Path, "killed"));
        Directory.CreateDirectory(folder);
        foreach (var (name, octets) in files) File.WriteAllBytes(Path.Combine(folder, name), octets);
    }

    /// <summary>One life of a server, as far as bindings go.</summary>
    private sealed class Run : IDisposable
    {
        private readonly BindingJournal _journal;
        private readonly LocationBatch _batch;
        private readonly ServerClock _clock;

        public Run(JournalTests tests, int currentRevision = 1)
        {
            var options = new RegistrarOptions { DataDirectory = tests._folder.Path };
            _clock = new ServerClock(tests._time);
            Locations = new LocationService(options, _clock);
            var metrics = new RegistrarMetrics(tests._services.GetRequiredService<IMeterFactory>());
            _journal = BindingJournal.Open(
                options, Locations, _clock, tests._time, (_, revision) => revision == currentRevision, metrics, tests._log);
            _batch = new LocationBatch(_journal);
            JournalPath = Directory.GetFiles(Path.Combine(tests._folder.Path, "bindings"), "*.journal").Max()!;
        }

        public LocationService Locations { get; }

        public string JournalPath { get; }

        public void Register(long credentialId, string uri, int lifetimeSeconds, Sip.Transport.SipFlow? flow = null)
        {
            var writer = new BindingSetWriter();
            var header = new BindingHeader { Id = Locations.NextBindingId(), Flow = flow ?? RegistrarHarness.Flow(), ExpiresAt = _clock.NowMs + (lifetimeSeconds * 1000L), Q = -1 };
            writer.Add(header, new BindingTexts { Uri = System.Text.Encoding.ASCII.GetBytes(uri), CallId = "call"u8 });
            using (var aor = Locations.Open(credentialId, 1, 1)) aor.Replace(writer.Written, _batch, 0);
            Assert.True(_batch.Commit());
        }

        public void Remove(long credentialId)
        {
            Locations.RemoveAll(credentialId, _batch);
            Assert.True(_batch.Commit());
        }

        public IReadOnlyList<Binding> Find(long credentialId) => Locations.Find(credentialId, _ => true);

        public void Dispose() => _journal.Dispose();
    }

    private sealed class LogCollector : ILogger
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
}
