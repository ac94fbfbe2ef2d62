using Sipstead.Registrar.Location;
using Sipstead.Testing.Registrar;
using Xunit;

namespace Sipstead.Registrar.Tests.Location;

/// <summary>What the compaction copies while records come, go and move: each that stays, once.</summary>
public sealed class ShardWalkTests : IDisposable
{
    private const int Records = 2000;

    private readonly RegistrarHarness _harness = new();

    public void Dispose() => _harness.Dispose();

    [Fact]
    public void EachRecordThatStays_IsVisitedOnce_WhileOthersMove()
    {
        var shard = _harness.Locations.Shards[0];
        for (var i = 1; i <= Records; i++) Fill(shard, IdOf(i), 100);
        var walk = new ShardWalk(_harness.Locations);
        walk.Begin(0);
        var visited = new List<long>();
        var holds = 0;
        while (walk.VisitNext(record => visited.Add(record.CredentialId)))
        {
            // Two thirds go, so that chunks become sparse and what is left of them moves; a third grows, and moves for that.
            for (var i = ++holds; i <= Records; i += 10)
            {
                shard.MoveTogether();
                if (i % 3 != 0 && shard.Find(IdOf(i)) is var gone and not 0) shard.Remove(gone);
                if (i % 3 == 0) Fill(shard, IdOf(i), 100 + (holds * 50));
            }
        }

        Assert.True(holds > 5);
        Assert.Equal(visited.Count, visited.Distinct().Count());
        Assert.Equal(Enumerable.Range(1, Records).Where(i => i % 3 == 0).Select(IdOf), visited.Where(id => id / LocationService.ShardCount % 3 == 0).Order());
    }

    private static long IdOf(int i) => (long)i * LocationService.ShardCount;

    private static void Fill(LocationShard shard, long id, int length)
    {
        var reference = shard.Find(id);
        if (reference == 0) reference = shard.Add(id, 1, 1);
        shard.SetBindings(reference, new byte[length]);
    }
}
