using System.Text;
using CsCheck;
using Sipstead.Provisioning.View;

namespace Sipstead.Provisioning.Tests.View;

public sealed class RealmSnapshotTests
{
    private static RealmEntry Realm(long id) => new(id, 9_900_000, $"Realm{id}.3EFEAA.auth.example.net", 5060);

    [Theory]
    [InlineData("realm7.3efeaa.auth.example.net")]
    [InlineData("REALM7.3EFEAA.AUTH.EXAMPLE.NET")]
    public void TryFind_NameInAnyCase_FindsTheRealm(string host)
    {
        var snapshot = RealmSnapshot.Empty(1).With(Realm(7), 2);
        Assert.True(snapshot.TryFind(Encoding.UTF8.GetBytes(host), out var realm));
        Assert.Equal((7, "realm7.3efeaa.auth.example.net"), (realm.Id, realm.Fqdn));
        Assert.Equal(realm.Fqdn, Encoding.UTF8.GetString(realm.FqdnUtf8.Span));
        Assert.True(snapshot.TryFind(7, out _));
    }

    [Theory]
    [InlineData("")]
    [InlineData("realm8.3efeaa.auth.example.net")]
    [InlineData("realm7.3efeaa.auth.example.ne")]
    [InlineData("réalm7.3efeaa.auth.example.net")]
    public void TryFind_OtherName_FindsNothing(string host) =>
        Assert.False(RealmSnapshot.Empty(1).With(Realm(7), 2).TryFind(Encoding.UTF8.GetBytes(host), out _));

    [Fact]
    public void TryFind_HostOfAnyLength_NeverThrows() =>
        Gen.Byte.Array[0, 2000].Sample(host => Assert.False(RealmSnapshot.Empty(1).With(Realm(7), 2).TryFind(host, out _)));

    [Fact]
    public void With_ThousandsOfRealms_LeavesTheOlderSnapshotAlone()
    {
        var older = RealmSnapshot.Empty(1).With(Realm(1), 2);
        var newer = older;
        for (var id = 2; id <= 10_000; id++) newer = newer.With(Realm(id), id + 1);
        Assert.Equal((1, 2), (older.All.Count, older.Serial));
        Assert.Equal((10_000, 10_001), (newer.All.Count, newer.Serial));
        Assert.Equal(10_000, newer.All.Select(r => r.Id).Distinct().Count());
        Assert.False(older.TryFind(5000, out _));
        for (var id = 1; id <= 10_000; id++) Assert.True(newer.TryFind(Realm(id).FqdnUtf8.Span, out var found) && found.Id == id);
    }

    [Fact]
    public void Snapshot_RandomChanges_EqualsSet()
    {
        Gen.Select(Gen.Int[1, 50], Gen.Bool).Array[0, 300].Sample(changes =>
        {
            var snapshot = RealmSnapshot.Empty(0);
            var model = new HashSet<long>();
            foreach (var (id, isAdded) in changes)
            {
                if (isAdded && model.Add(id)) snapshot = snapshot.With(Realm(id), snapshot.Serial + 1);
                else if (!isAdded && model.Remove(id) && snapshot.TryFind(id, out var realm)) snapshot = snapshot.Without(realm, snapshot.Serial + 1);
            }

            Assert.Equal(model.Order(), snapshot.All.Select(r => r.Id).Order());
            for (var id = 1; id <= 50; id++)
            {
                Assert.Equal(model.Contains(id), snapshot.TryFind(id, out _));
                Assert.Equal(model.Contains(id), snapshot.TryFind(Realm(id).FqdnUtf8.Span, out _));
            }
        });
    }

    [Fact]
    public void Lookups_TenThousand_AllocateNothing()
    {
        var snapshot = RealmSnapshot.Empty(1);
        for (var id = 1; id <= 1000; id++) snapshot = snapshot.With(Realm(id), id);
        Assert.Equal(20_000, Look(snapshot, 10_000));
        Assert.Equal(0, Allocations.OfRounds(() => Look(snapshot, 10_000)));

        static int Look(RealmSnapshot snapshot, int times)
        {
            var found = 0;
            for (var i = 0; i < times; i++)
            {
                if (snapshot.TryFind("Realm777.3efeaa.auth.example.NET"u8, out _)) found++;
                if (snapshot.TryFind((i % 1000) + 1, out _)) found++;
                if (snapshot.TryFind("nobody.example.net"u8, out _)) found++;
            }

            return found;
        }
    }
}
