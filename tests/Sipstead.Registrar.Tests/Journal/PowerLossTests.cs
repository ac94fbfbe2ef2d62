using Sipstead.Testing;
using Xunit;

namespace Sipstead.Registrar.Tests.Journal;

/// <summary>What is left when the power goes: all but the last second, or all when each answer waits for the disk (ruling 39).</summary>
public sealed class PowerLossTests : IDisposable
{
    private readonly JournalRuns _runs = new();

    public void Dispose() => _runs.Dispose();

    [Fact]
    public void Default_LosesNoMoreThanTheLastSecond()
    {
        var run = _runs.Start();
        run.Register(1, "sip:a@192.0.2.1");
        _runs.Time.Advance(TimeSpan.FromSeconds(1));
        run.Register(2, "sip:b@192.0.2.1");
        run.LosePower();
        using var next = _runs.Start();
        Assert.Single(next.Find(1));
        Assert.Empty(next.Find(2));
    }

    [Fact]
    public void Always_LosesNothing()
    {
        var run = _runs.Start(fsyncAlways: true);
        for (var i = 1; i <= 20; i++) run.Register(i, "sip:a@192.0.2.1");
        run.Refresh(7, cseq: 2);
        run.Remove(9);
        run.LosePower();
        using var next = _runs.Start();
        for (var i = 1; i <= 20; i++) Assert.Equal(i == 9 ? 0 : 1, next.Find(i).Count);
        Assert.Equal(2, next.Find(7).Single().CSeq);
    }

    [Fact]
    public void Removal_ThatIsOnTheDisk_IsNotTakenBack()
    {
        var run = _runs.Start();
        run.Register(1, "sip:a@192.0.2.1");
        run.Remove(1);
        _runs.Time.Advance(TimeSpan.FromSeconds(1));
        run.Register(2, "sip:b@192.0.2.1");
        run.LosePower();
        using var next = _runs.Start();
        Assert.Empty(next.Find(1));
    }

    /// <summary>A run that goes on from the files of one that was killed has them on the disk before it answers anybody.</summary>
    [Fact]
    public void KilledRun_IsOnTheDisk_BeforeTheNextAnswers()
    {
        var killed = _runs.Start();
        killed.Register(1, "sip:a@192.0.2.1");
        var run = _runs.Start(fsyncAlways: true);
        run.Refresh(1, cseq: 2);
        run.LosePower();
        using var next = _runs.Start();
        Assert.Equal(2, next.Find(1).Single().CSeq);
    }

    /// <summary>A journal goes on from the one before it, so that must be on the disk first.</summary>
    [Fact]
    public void FormerJournal_IsFlushedBeforeTheNextOne()
    {
        using var run = _runs.Start(minLength: 20_000);
        var first = run.JournalPath;
        for (var i = 1; i <= 40; i++) run.Register(i, "sip:a@192.0.2.1;p=" + new string('x', 600));
        run.AwaitCompaction();
        _runs.Time.Advance(TimeSpan.FromSeconds(1));
        var journals = _runs.Disk.Flushes.Where(path => path.EndsWith(".journal", StringComparison.Ordinal)).ToList();
        Assert.Equal(first, journals[0]);
        Assert.Equal(journals.Order(), journals);
        Assert.NotEqual(first, journals[^1]);
    }

    [Fact]
    public void FailedFlush_HasAllWrittenAnew()
    {
        var run = _runs.Start();
        run.Register(1, "sip:a@192.0.2.1");
        _runs.Disk.IsBroken = true;
        _runs.Time.Advance(TimeSpan.FromSeconds(1));
        _runs.Disk.IsBroken = false;
        var first = run.JournalPath;
        run.Register(2, "sip:b@192.0.2.1");
        Assert.True(SpinWait.SpinUntil(() => !File.Exists(first), Poll.DefaultDeadline), "the journal is still that which could not be flushed");
        run.AwaitCompaction();
        run.LosePower();
        using var next = _runs.Start();
        Assert.Single(next.Find(1));
        Assert.Single(next.Find(2));
        Assert.True(_runs.Log.Contains(3003));
    }

    /// <summary>What a failed write left is neither read nor in the way of what follows.</summary>
    [Fact]
    public void FullDisk_RefusesAndGoesOn()
    {
        var run = _runs.Start();
        run.Register(1, "sip:a@192.0.2.1");
        _runs.Disk.IsFull = true;
        Assert.False(run.TryRefresh(1, cseq: 5));
        Assert.Equal(1, run.Find(1).Single().CSeq);
        _runs.Disk.IsFull = false;
        run.Refresh(1, cseq: 6);
        run.Kill();
        using var next = _runs.Start();
        Assert.Equal(6, next.Find(1).Single().CSeq);
        Assert.False(_runs.Log.Contains(3001) || _runs.Log.Contains(3008));
    }
}
