using Sipstead.Provisioning.View;

namespace Sipstead.Provisioning.Tests.View;

public sealed class NumberSnapshotTests
{
    private static readonly Guid Application = new(1, 2, 3, new byte[8]);

    [Fact]
    public void Changes_LeaveTheOlderSnapshotAlone()
    {
        var older = NumberSnapshot.Of([(1, "+12025550100", 10), (2, "+12025550100", 20)], [(10, Application)]);
        var newer = older.With(1, 20, ["+12025550101", "+12025550100"]).WithApplication(20, Application).WithApplication(10, null).Without(2, "+12025550100");
        Assert.True(older.TryFindApplication(1, "+12025550100", out _));
        Assert.False(older.TryFindApplication(2, "+12025550100", out _));
        Assert.Equal((2, 2), (older.Count, newer.Count));
        Assert.True(newer.TryFindApplication(1, "+12025550101", out var found) && found == Application);
        Assert.False(newer.TryFindApplication(10, out _));
        Assert.False(newer.Has(2, "+12025550100"));
    }

    [Fact]
    public void Lookups_AllocateNothing()
    {
        var snapshot = NumberSnapshot.Of(Enumerable.Range(0, 1000).Select(i => (1L, $"+1202555{i:0000}", (long)(i % 10))), [(1, Application)]);
        Assert.Equal(0, Allocations.Of(() => snapshot.TryFindApplication(1, "+12025550001", out _)));
    }
}
