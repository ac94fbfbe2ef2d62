using Sipstead.Dashboard.Devices;
using Sipstead.Provisioning.View;
using Sipstead.Registrar.Location;

namespace Sipstead.Dashboard.Tests.Devices;

/// <summary>Pages of registrations over realms large and small.</summary>
public sealed class DeviceSearchTests
{
    private static readonly long[] RealmIds = [1, 2, 4];

    private readonly List<Binding> _bindings = [];
    private readonly List<int> _limits = [];

    [Fact]
    public void Pages_FollowEachOther_OverRealms_WithoutGapOrRepetition()
    {
        Add(1, 1, 2, 3, 4);
        Add(2, 5);
        Add(4, 6, 7);

        var first = Find(default);
        var second = Find(first.Next!.Value);
        var third = Find(second.Next!.Value);

        Assert.Equal([1, 2, 3], IdsOf(first));
        Assert.Equal([4, 5, 6], IdsOf(second));
        Assert.Equal([7], IdsOf(third));
        Assert.Null(third.Next);
    }

    [Fact]
    public void FullLastPage_HasNoNext()
    {
        Add(1, 1, 2, 3);

        var page = Find(default);

        Assert.Equal([1, 2, 3], IdsOf(page));
        Assert.Null(page.Next);
    }

    [Fact]
    public void WithoutText_NoMoreIsReadThanIsShown()
    {
        Add(1, [.. Enumerable.Range(1, 1000)]);

        Find(default);

        Assert.Equal([4], _limits);
    }

    [Fact]
    public void Text_IsLookedForInParts_AndTheNextPageGoesOnBehindTheLastMatch()
    {
        Add(1, [.. Enumerable.Range(1, DeviceSearch.Part + 10)]);
        _bindings[3] = Bindings.Of(4, 4, userAgent: "rare");
        _bindings[DeviceSearch.Part + 4] = Bindings.Of(DeviceSearch.Part + 5, 9, userAgent: "RARE");

        var first = Search().Find(Realms(), "rare", default, 1, CancellationToken.None);
        var second = Search().Find(Realms(), "rare", first.Next!.Value, 1, CancellationToken.None);

        Assert.Equal([4], IdsOf(first));
        Assert.Equal([DeviceSearch.Part + 5], IdsOf(second));
        Assert.Null(second.Next);
        Assert.All(_limits, limit => Assert.Equal(DeviceSearch.Part, limit));
    }

    [Fact]
    public void ManyEmptyRealms_EndASearchAfterSomeReads_AndItCanGoOn()
    {
        var realms = Enumerable.Range(1, DeviceSearch.MaxReads + 1).Select(id => new RealmEntry(id, 9_900_000, $"r{id}.example", 5060)).ToList();
        Add(DeviceSearch.MaxReads + 1, 1);

        var first = Search().Find(realms, "", default, 3, CancellationToken.None);
        var second = Search().Find(realms, "", first.Next!.Value, 3, CancellationToken.None);

        Assert.Empty(first.Devices);
        Assert.Equal([1], IdsOf(second));
        Assert.Null(second.Next);
    }

    [Fact]
    public void CredentialThatIsGone_IsLeftOut()
    {
        Add(1, 1, 2);

        var page = new DeviceSearch(InRealm, OfCredential, id => id == 1 ? null : "bob").Find(Realms(), "", default, 3, CancellationToken.None);

        Assert.Equal("bob", Assert.Single(page.Devices).UserName);
    }

    [Fact]
    public void CancelledSearch_Ends()
    {
        using var cancel = new CancellationTokenSource();
        cancel.Cancel();

        Assert.Throws<OperationCanceledException>(() => Search().Find(Realms(), "", default, 3, cancel.Token));
    }

    [Fact]
    public void Renew_TakesTheFiguresOfNow_AndLeavesOutWhatEnded()
    {
        Add(1, 1, 2);
        var shown = Find(default).Devices;
        _bindings[0] = _bindings[0] with { ExpiresIn = 10 };
        _bindings.RemoveAt(1);

        var renewed = Assert.Single(Search().Renew(shown));

        Assert.Equal(("user-1", "r1.example", 10), (renewed.UserName, renewed.RealmFqdn, renewed.Binding.ExpiresIn));
    }

    [Fact]
    public void OfCredential_AreAllOfIt_ById()
    {
        _bindings.AddRange([Bindings.Of(9, 7), Bindings.Of(3, 7), Bindings.Of(4, 8)]);

        Assert.Equal([3, 9], Search().OfCredential(7, "r1.example").Select(device => device.Binding.Id));
    }

    private static List<RealmEntry> Realms() => [.. RealmIds.Select(id => new RealmEntry(id, 9_900_000, $"r{id}.example", 5060))];

    private static IEnumerable<long> IdsOf(DevicePage page) => page.Devices.Select(device => device.Binding.Id);

    /// <summary>Each binding has a credential of its own, of the same number.</summary>
    private void Add(long realmId, params int[] ids) => _bindings.AddRange(ids.Select(id => Bindings.Of(id, id, realmId)));

    private DevicePage Find(DeviceCursor from) => Search().Find(Realms(), "", from, 3, CancellationToken.None);

    private DeviceSearch Search() => new(InRealm, OfCredential, id => $"user-{id}");

    private IReadOnlyList<Binding> InRealm(long realmId, long firstId, int limit)
    {
        _limits.Add(limit);
        return [.. _bindings.Where(binding => binding.RealmId == realmId && binding.Id >= firstId).OrderBy(binding => binding.Id).Take(limit)];
    }

    private IReadOnlyList<Binding> OfCredential(long id) => [.. _bindings.Where(binding => binding.CredentialId == id)];
}
