using Sipstead.Registrar.Journal;
using Sipstead.Registrar.Location;
using Sipstead.Sip.Transport;
using Sipstead.Testing;
using Sipstead.Testing.Registrar;
using Xunit;

namespace Sipstead.Registrar.Tests.Journal;

/// <summary>Bindings on disk: what was acknowledged comes back after a restart, whatever the end of the file looks like (ruling 39).</summary>
public sealed class JournalTests : IDisposable
{
    private readonly JournalRuns _runs = new();

    public void Dispose() => _runs.Dispose();

    [Fact]
    public void Restart_KeepsBindings_WithTheirNumbersAndRemainingTime()
    {
        long id;
        using (var run = _runs.Start())
        {
            run.Register(1, "sip:a@192.0.2.1", lifetimeSeconds: 600);
            id = run.Find(1).Single().Id;
        }

        _runs.Time.Advance(TimeSpan.FromSeconds(100));
        using var next = _runs.Start();
        var binding = next.Find(1).Single();
        Assert.Equal((id, "sip:a@192.0.2.1", 500), (binding.Id, binding.Contact, binding.ExpiresIn));
        Assert.True(next.Locations.NextBindingId() > id);
    }

    [Fact]
    public void Restart_AfterAStepOfTheWallClock_KeepsRemainingTime()
    {
        using (var run = _runs.Start())
        {
            _runs.Time.WallStep = TimeSpan.FromHours(3);
            run.Register(1, "sip:a@192.0.2.1", lifetimeSeconds: 600);
        }

        _runs.Time.Advance(TimeSpan.FromSeconds(10));
        using var next = _runs.Start();
        Assert.Equal(590, next.Find(1).Single().ExpiresIn);
    }

    [Fact]
    public void Restart_DropsWhatExpiredMeanwhile()
    {
        using (var run = _runs.Start()) run.Register(1, "sip:a@192.0.2.1", lifetimeSeconds: 60);
        _runs.Time.Advance(TimeSpan.FromSeconds(61));
        using var next = _runs.Start();
        Assert.Empty(next.Find(1));
    }

    [Fact]
    public void Restart_DoesNotBringBackWhatWasRemoved()
    {
        using (var run = _runs.Start())
        {
            run.Register(1, "sip:a@192.0.2.1", lifetimeSeconds: 600);
            run.Register(2, "sip:b@192.0.2.2", lifetimeSeconds: 600);
            run.Remove(1);
        }

        using var next = _runs.Start();
        Assert.Empty(next.Find(1));
        Assert.Single(next.Find(2));
    }

    [Fact]
    public void Restart_DropsBindingsOfAnotherHashRevision()
    {
        using (var run = _runs.Start()) run.Register(1, "sip:a@192.0.2.1", lifetimeSeconds: 600);
        using var next = _runs.Start(currentRevision: 2);
        Assert.Empty(next.Find(1));
    }

    [Fact]
    public void Restart_ForgetsConnections()
    {
        using (var run = _runs.Start())
            run.Register(1, "sip:a@192.0.2.1", 600, RegistrarHarness.Flow(transport: SipTransport.Tcp, connection: 77));
        using var next = _runs.Start();
        Assert.Equal(0, next.Find(1).Single().Flow.ConnectionId);
    }

    [Fact]
    public void KilledProcess_LosesNothingThatWasAcknowledged()
    {
        var run = _runs.Start(); // never disposed: as after kill -9, nothing is flushed or closed in order
        for (var i = 1; i <= 50; i++) run.Register(i, $"sip:u{i}@192.0.2.1", lifetimeSeconds: 600);
        _runs.CopyFolder();
        using var next = _runs.Start();
        for (var i = 1; i <= 50; i++) Assert.Single(next.Find(i));
    }

    [Fact]
    public void TornEnd_AtEveryLength_KeepsWholeBatches_AndIsReported()
    {
        var run = _runs.Start();
        run.Register(1, "sip:a@192.0.2.1", lifetimeSeconds: 600);
        var whole = new FileInfo(run.JournalPath).Length;
        run.Register(2, "sip:b@192.0.2.2", lifetimeSeconds: 600);
        var octets = JournalRuns.ReadShared(run.JournalPath);
        run.Dispose();
        for (var length = (int)whole; length < octets.Length; length += 7)
        {
            _runs.HoldOnly(octets.AsSpan(0, length));
            _runs.Log.Clear();
            using var next = _runs.Start();
            Assert.Single(next.Find(1));
            Assert.Empty(next.Find(2));
            Assert.Equal(length > whole, _runs.Log.Contains(3001));
        }
    }

    [Fact]
    public void DamagedOctet_Anywhere_NeverStopsTheStart_AndIsReported()
    {
        var run = _runs.Start();
        for (var i = 1; i <= 3; i++) run.Register(i, $"sip:u{i}@192.0.2.1", lifetimeSeconds: 600);
        var octets = JournalRuns.ReadShared(run.JournalPath);
        run.Dispose();
        for (var at = 0; at < octets.Length; at += 3)
        {
            var damaged = octets.ToArray();
            damaged[at] ^= 0x40;
            _runs.HoldOnly(damaged);
            _runs.Log.Clear();
            using var next = _runs.Start();
            Assert.True(_runs.Log.Contains(3001) || _runs.Log.Contains(3002), $"octet {at}");
            for (var i = 1; i <= 3; i++) Assert.InRange(next.Find(i).Count, 0, 1);
        }
    }

    [Fact]
    public void UnfinishedSnapshot_IsPassedOver()
    {
        using (var run = _runs.Start()) run.Register(1, "sip:a@192.0.2.1", lifetimeSeconds: 600);
        File.WriteAllText(Path.Combine(_runs.Folder, "0000000009.snapshot.unfinished"), "half");
        using var next = _runs.Start();
        Assert.Single(next.Find(1));
    }

    [Fact]
    public void Starts_GoOnFromTheFilesThereAre_AndMakeThemOneSnapshotAndOneJournalSoonAfter()
    {
        for (var i = 1; i <= 4; i++)
        {
            using var run = _runs.Start();
            run.Register(i, $"sip:u{i}@192.0.2.1", lifetimeSeconds: 600);
            if (i > 1) run.Refresh(i - 1, cseq: 2);
        }

        File.WriteAllText(Path.Combine(_runs.Folder, "0000000004.snapshot.unfinished"), "half");
        using (var last = _runs.Start())
        {
            for (var i = 1; i <= 4; i++) Assert.Equal(i < 4 ? 2 : 1, last.Find(i).Single().CSeq);
            Assert.Equal(5, Directory.GetFiles(_runs.Folder, "*.journal").Length);
            _runs.Time.Advance(BindingJournal.FirstCompaction);
            last.AwaitCompaction();
            Assert.Equal(["0000000006.journal", "0000000006.snapshot"], Directory.GetFiles(_runs.Folder).Select(Path.GetFileName).Order());
        }

        using var next = _runs.Start();
        for (var i = 1; i <= 4; i++) Assert.Equal(i < 4 ? 2 : 1, next.Find(i).Single().CSeq);
    }

    [Fact]
    public void StepOfTheWallClock_HasAllWrittenAnewByTheClockOfThisRun()
    {
        using (var run = _runs.Start())
        {
            _runs.Time.WallStep = TimeSpan.FromHours(3);
            run.Register(1, "sip:a@192.0.2.1", lifetimeSeconds: 600);
        }

        using (var run = _runs.Start())
        {
            Assert.Single(Directory.GetFiles(_runs.Folder, "*.journal"));
            run.Register(2, "sip:b@192.0.2.1", lifetimeSeconds: 600);
        }

        using var next = _runs.Start();
        Assert.Equal((600, 600), (next.Find(1).Single().ExpiresIn, next.Find(2).Single().ExpiresIn));
    }

    /// <summary>Two loops, one address-of-record: what the first did is written after the second one's removal, and after a compaction between them.</summary>
    [Fact]
    public void Removal_IsNotTakenBack_ByAnEarlierChangeThatIsWrittenAfterACompaction()
    {
        using (var earlier = _runs.Start()) earlier.Register(1, "sip:a@192.0.2.1", lifetimeSeconds: 600);
        using (var run = _runs.Start())
        {
            var slow = run.CreateBatch();
            run.Put(1, "sip:elsewhere@192.0.2.1", slow);
            run.Remove(1);
            _runs.Time.Advance(BindingJournal.FirstCompaction);
            run.AwaitCompaction();
            Assert.Single(Directory.GetFiles(_runs.Folder, "*.journal"));
            Assert.True(slow.Commit());
        }

        using var next = _runs.Start();
        Assert.Empty(next.Find(1));
    }

    [Fact]
    public void Growth_StartsANewJournalWithASnapshot_AndLosesNothing()
    {
        using (var run = _runs.Start(minLength: 1024 * 1024))
        {
            var filler = new string('x', 1500);
            var first = run.JournalPath;
            for (var i = 0; i < 45_000 && File.Exists(first); i++) run.Register(1 + (i % 40), $"sip:u@192.0.2.1;p={filler[(i / 40 % 2)..]}", lifetimeSeconds: 600);
            Assert.True(SpinWait.SpinUntil(() => !File.Exists(first), Poll.DefaultDeadline), "the journal was never compacted");
            run.Register(99, "sip:late@192.0.2.1", lifetimeSeconds: 600);
        }

        using var next = _runs.Start();
        for (var i = 1; i <= 40; i++) Assert.Single(next.Find(i));
        Assert.Single(next.Find(99));
    }

    [Fact]
    public void RecordsInAnyOrder_TheNewestVersionWins()
    {
        var run = _runs.Start();
        run.Register(1, "sip:old@192.0.2.1", lifetimeSeconds: 600);
        var older = JournalRuns.ReadShared(run.JournalPath).AsSpan(JournalFormat.FileMark.Length).ToArray();
        run.Remove(1);
        run.Register(1, "sip:new@192.0.2.1", lifetimeSeconds: 600);
        var all = JournalRuns.ReadShared(run.JournalPath);
        run.Dispose();
        _runs.HoldOnly([.. all, .. older]); // as if another loop had written its batch late
        using var next = _runs.Start();
        Assert.Equal("sip:new@192.0.2.1", next.Find(1).Single().Contact);
    }

    [Fact]
    public void Refresh_WritesNoMoreThanWhatItChanges()
    {
        using (var run = _runs.Start())
        {
            run.Register(1, "sip:a@192.0.2.1", lifetimeSeconds: 600);
            var before = new FileInfo(run.JournalPath).Length;
            _runs.Time.Advance(TimeSpan.FromSeconds(100));
            run.Refresh(1, cseq: 2);
            Assert.InRange(new FileInfo(run.JournalPath).Length - before, 1, JournalFormat.BatchHeaderLength + JournalRecord.HeaderLength + 20);
        }

        using var next = _runs.Start();
        Assert.Equal((2, 600), (next.Find(1).Single().CSeq, next.Find(1).Single().ExpiresIn));
    }

    /// <summary>The batch of another loop is under way with the record and fails: what goes on from it must not be lost with it.</summary>
    [Fact]
    public void ChangeOnTopOfAnotherLoopsUnwrittenChange_StandsByItself()
    {
        var run = _runs.Start();
        run.Register(1, "sip:a@192.0.2.1");
        var (failing, working) = (run.CreateBatch(), run.CreateBatch());
        using (var aor = run.Locations.Open(1, 1, 1)) run.Refresh(aor, 2, failing);
        using (var aor = run.Locations.Open(1, 1, 1)) run.Refresh(aor, 3, working);
        Assert.True(working.Commit());
        _runs.Disk.IsFull = true;
        Assert.False(failing.Commit());
        _runs.Disk.IsFull = false;
        run.Refresh(1, cseq: 4);
        run.Kill();
        using var next = _runs.Start();
        Assert.Equal(4, next.Find(1).Single().CSeq);
        Assert.False(_runs.Log.Contains(3008));
    }

    /// <summary>Memory has dropped an expired binding that the file still holds: the next change cannot go on from the file's octets.</summary>
    [Fact]
    public void ChangeAfterAnExpiry_IsWrittenWhole()
    {
        var run = _runs.Start();
        var batch = run.CreateBatch();
        var writer = new BindingSetWriter();
        foreach (var (id, seconds) in new[] { (1, 60), (2, 900) })
        {
            var header = new BindingHeader { Id = id, CSeq = 1, Flow = RegistrarHarness.Flow(), ExpiresAt = run.Clock.NowMs + (seconds * 1000), Q = -1 };
            writer.Add(header, new BindingTexts { Uri = "sip:a@192.0.2.1"u8, CallId = "call"u8 });
        }

        using (var aor = run.Locations.Open(1, 1, 1)) aor.Replace(writer.Written, batch, 0);
        Assert.True(batch.Commit());
        _runs.Time.Advance(TimeSpan.FromSeconds(61));
        Assert.Equal(1, run.Locations.Sweep());
        run.Refresh(1, cseq: 2);
        run.Refresh(1, cseq: 3);
        run.Kill();
        using var next = _runs.Start();
        Assert.Equal((2L, 3L), (next.Find(1).Single().Id, next.Find(1).Single().CSeq));
    }

    [Fact]
    public void Patch_OfAVersionThatIsNotThere_IsLeftOut_AndReported()
    {
        var run = _runs.Start();
        run.Register(1, "sip:a@192.0.2.1");
        var first = JournalRuns.ReadShared(run.JournalPath).Length;
        run.Refresh(1, cseq: 2);
        var second = JournalRuns.ReadShared(run.JournalPath).Length;
        _runs.Time.Advance(TimeSpan.FromSeconds(1));
        run.Refresh(1, cseq: 3);
        var octets = JournalRuns.ReadShared(run.JournalPath);
        run.Dispose();
        _runs.HoldOnly([.. octets.AsSpan(0, first), .. octets.AsSpan(second)]);
        using var next = _runs.Start();
        Assert.Equal(1, next.Find(1).Single().CSeq);
        Assert.True(_runs.Log.Contains(3008));
    }

    /// <summary>The layout is on users' disks: a change of it needs a new format version.</summary>
    [Fact]
    public void Layout_IsFrozen()
    {
        Assert.Equal(51, BindingLayout.SizeOf(new BindingHeader { Flow = RegistrarHarness.Flow(), Q = -1 }));
        Assert.Equal(111, BindingLayout.MaxHeader);
        Assert.Equal(40, JournalFormat.BatchHeaderLength);
        Assert.Equal(36, JournalRecord.HeaderLength);
        Assert.Equal(4, JournalFormat.Version);
        Assert.Equal(JournalFormat.Version, JournalFormat.FileMark[^1]);
    }
}
