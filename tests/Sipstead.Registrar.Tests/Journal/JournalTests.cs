using System.Runtime.InteropServices;
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
    /// <summary>A journal that a server wrote whose format was of version 1: one address-of-record with two bindings.</summary>
    private const string Version1 = "U0lQU1RFQUQtQklORAAAAVNTQkqBAQAAl+EEEuxzuyyojx38nQEAAKiPHfydAQAAAgAAAAAAAAApAAAAAAAAAAEAAAAAAAAAAQAAAAAAAAABAAAAYQEAAN0AAAABAAAAAA"
            + "AAACh+VPydAQAAqI8d/J0BAACojx38nQEAAAAAAAAAAAAACgIAwP//AAAAAAAAAAAAAAECAMD//wAAAAAAAAAAAAAAAAAAAAAAAECcxBMHAAAA9AEAABoARgAIAA0Ac2lw"
            + "OmFsaWNlQDE5Mi4wLjIuMTA6NDAwMDA7K3NpcC5pbnN0YW5jZT0iPHVybjp1dWlkOjAwMDAwMDAwLTAwMDAtMTAwMC04MDAwLTAwMGE5NWEwZTEyOD4iO3E9MC41Y2FsbC"
            + "1vbmVPbGQgUGhvbmUgMS4whAAAAAIAAAAAAAAAKH5U/J0BAACojx38nQEAAKiPHfydAQAAAAAAAAAAAAAKAgDA//8AAAAAAAAAAAAAAQIAwP//AAAAAAAAAAAAAAAAAAAA"
            + "AAAAQJzEEwcAAAD//wAAFAAAAAgAAABzaXA6YWxpY2VAMTkyLjAuMi4yMGNhbGwtdHdv";

    /// <summary>One that a server wrote whose format was of version 2: an Outbound binding with instance and Path, and one over TCP and IPv6.</summary>
    private const string Version2 =
        "U0lQU1RFQUQtQklORAAAAlNTQkrGAQAAY6rPf3bz+e9EGwkZogEAAEUbCRmiAQAAAwAAAAAAAAApAAAAAAAAAAYAAAAAAAAAAQAAAAAAAAACAAAApgEAABABAAABAAAAAAAAAL0JQBmi"
            + "AQAAPhsJGaIBAAA9GwkZogEAAAAAAAAAAAAACgIAwP//AAAAAAAAAAAAAAECAMD//wAAAAAAAAAAAAAAAAAAAAAAAECcxBMHAAAA9AEAABoATwAIAA0AHAABAAAAAgAAAAAAAABzaXA6"
            + "YWxpY2VAMTkyLjAuMi4xMDo0MDAwMDsrc2lwLmluc3RhbmNlPSI8dXJuOnV1aWQ6MDAwMDAwMDAtMDAwMC0xMDAwLTgwMDAtMDAwYTk1YTBlMTI4PiI7cmVnLWlkPTE7cT0wLjU8c2lw"
            + "OmVkZ2UuZXhhbXBsZS5uZXQ7bHI7b2I+Y2FsbC1vbmVPbGQgUGhvbmUgMS4wlgAAAAMAAAAAAAAAvglAGaIBAAA/GwkZogEAAD4bCRmiAQAADAAAAAAAAAAgAAAAAAAAAAAAAAC4DQEg"
            + "AQAAAAAAAAAAAAAAuA0BIAAAAAAAAAAAQZzEEwkAAAD//wEAGAAAAAgAAAAAAAAAAAAAAAAAAAAAAHNpcDphbGljZUBbMjAwMTpkYjg6OjIwXWNhbGwtdHdv";

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
    public void EachStart_LeavesOneSnapshotAndOneJournal()
    {
        for (var i = 1; i <= 4; i++)
        {
            using var run = _runs.Start();
            run.Register(i, $"sip:u{i}@192.0.2.1", lifetimeSeconds: 600);
        }

        using var last = _runs.Start();
        for (var i = 1; i <= 4; i++) Assert.Single(last.Find(i));
        Assert.Single(Directory.GetFiles(_runs.Folder, "*.snapshot"));
        Assert.Single(Directory.GetFiles(_runs.Folder, "*.journal"));
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
    public void JournalOfVersion1_IsRead_AndGoesOnInTodaysLayout()
    {
        _runs.HoldOnly(Convert.FromBase64String(Version1));
        _runs.Time.Advance(TimeSpan.FromSeconds(100));
        for (var start = 1; start <= 2; start++)
        {
            using var run = _runs.Start();
            var found = run.Find(41);
            Assert.Equal(
                [("sip:alice@192.0.2.10:40000", 3500, "call-one", "Old Phone 1.0", 7L), ("sip:alice@192.0.2.20", 3500, "call-two", "", 7L)],
                found.Select(binding => (binding.Contact, binding.ExpiresIn, binding.CallId, binding.UserAgent, binding.CSeq)));
            Assert.Equal(("urn:uuid:00000000-0000-1000-8000-000a95a0e128", 0.5m), (found[0].Instance, found[0].Q));
            Assert.Equal(("192.0.2.10:40000", 0L, 0), (found[0].Flow.Source.ToString(), found[0].GruuEpoch, found[0].Path.Count));
            Assert.Equal(3, run.Locations.NextBindingId());
            Assert.Equal(JournalFormat.Version, JournalRuns.ReadShared(run.JournalPath)[JournalFormat.FileMark.Length - 1]);
        }

        Assert.False(_runs.Log.Contains(3001) || _runs.Log.Contains(3002));
    }

    [Fact]
    public void JournalOfVersion2_IsRead_AndGoesOnInTodaysLayout()
    {
        var octets = Convert.FromBase64String(Version2);
        var written = MemoryMarshal.Read<BatchHeader>(octets.AsSpan(JournalFormat.FileMark.Length));
        _runs.Time = new SteppingTimeProvider(DateTimeOffset.FromUnixTimeMilliseconds(written.WallMs + 100_000));
        _runs.HoldOnly(octets);
        for (var start = 1; start <= 2; start++)
        {
            using var run = _runs.Start(currentRevision: 2);
            var found = run.Find(41);
            Assert.Equal(
                [("sip:alice@192.0.2.10:40000", "call-one", "Old Phone 1.0", 7L, 1L, 6L), ("sip:alice@[2001:db8::20]", "call-two", "", 9L, 3L, 6L)],
                found.Select(binding => (binding.Contact, binding.CallId, binding.UserAgent, binding.CSeq, binding.Id, binding.RealmId)));
            Assert.All(found, binding => Assert.InRange(binding.ExpiresIn, 3499, 3500));
            Assert.Equal(
                ("urn:uuid:00000000-0000-1000-8000-000a95a0e128", 1L, 0.5m, 2L), (found[0].Instance, found[0].RegId, found[0].Q, found[0].GruuEpoch));
            Assert.Equal(["<sip:edge.example.net;lr;ob>"], found[0].Path);
            Assert.Equal(("192.0.2.10:40000", SipTransport.Udp), (found[0].Flow.Source.ToString(), found[0].Flow.Transport));
            Assert.Equal(
                ("[2001:db8::20]:40001", "[2001:db8::1]:5060", SipTransport.Tcp, 0L),
                (found[1].Flow.Source.ToString(), found[1].Flow.Local.ToString(), found[1].Flow.Transport, found[1].Flow.ConnectionId));
            Assert.Equal(4, run.Locations.NextBindingId());
            Assert.Equal(JournalFormat.Version, JournalRuns.ReadShared(run.JournalPath)[JournalFormat.FileMark.Length - 1]);
        }

        Assert.False(_runs.Log.Contains(3001) || _runs.Log.Contains(3002));
    }

    [Theory]
    [InlineData(Version1)]
    [InlineData(Version2)]
    public void EarlierJournal_DamagedAnywhere_NeverStopsTheStart(string journal)
    {
        var octets = Convert.FromBase64String(journal);
        for (var at = 0; at < octets.Length; at += 5)
        {
            var damaged = octets.ToArray();
            damaged[at] ^= 0x41;
            _runs.HoldOnly(damaged);
            _runs.Log.Clear();
            using var next = _runs.Start();
            Assert.True(_runs.Log.Contains(3001) || _runs.Log.Contains(3002), $"octet {at}");
        }
    }

    [Fact]
    public void BindingsOfVersion1_ThatAreNotWhole_AreRefused()
    {
        var whole = Convert.FromBase64String(Version1).AsSpan(88).ToArray(); // behind the marks of file, batch and record
        var upgraded = new BindingSetWriter();
        Assert.True(EarlierFormats.TryUpgrade(1, whole, upgraded) && PackedBindings.AreWhole(upgraded.Written));
        for (var length = 1; length < whole.Length; length++)
        {
            if (length != BitConverter.ToInt32(whole)) Assert.False(EarlierFormats.TryUpgrade(1, whole.AsSpan(0, length), upgraded));
        }
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
