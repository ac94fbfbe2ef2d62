using Sipstead.Provisioning.View;

namespace Sipstead.Provisioning.Tests.View;

public sealed class ApplicationSnapshotTests
{
    private static ApplicationEntry Application(int id, string name = "n") => new()
    {
        Id = new Guid(id, 0, 0, new byte[8]),
        AccountId = 9_900_000,
        Name = name,
        CallInitiatedUrl = new Uri("http://localhost/"),
    };

    [Fact]
    public void Changes_LeaveTheOlderSnapshotAlone()
    {
        var older = ApplicationSnapshot.Of(Enumerable.Range(1, 1000).Select(id => Application(id)));
        var newer = older.With(Application(1, "renamed")).Without(Application(2).Id).With(Application(2000)).Without(Application(3000).Id);
        Assert.Equal((1000, 1000), (older.Count, newer.Count));
        Assert.True(older.TryFind(Application(1).Id, out var before) && before.Name == "n");
        Assert.True(newer.TryFind(Application(1).Id, out var after) && after.Name == "renamed");
        Assert.True(older.TryFind(Application(2).Id, out _));
        Assert.False(newer.TryFind(Application(2).Id, out _));
        Assert.Equal(newer.Count, newer.All.Distinct().Count());
    }

    [Fact]
    public void Lookups_TenThousand_AllocateNothing()
    {
        var snapshot = ApplicationSnapshot.Of(Enumerable.Range(0, 1000).Select(id => Application(id)));
        Assert.Equal(10_000, Look(snapshot, 10_000));
        Assert.Equal(0, Allocations.OfRounds(() => Look(snapshot, 10_000)));

        static int Look(ApplicationSnapshot snapshot, int times)
        {
            var found = 0;
            var rest = new Guid(0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0);
            for (var i = 0; i < times; i++)
            {
                if (snapshot.TryFind(new Guid(i % 1000, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0), out _)) found++;
                if (snapshot.TryFind(rest, out _)) found++;
            }

            return found;
        }
    }
}
