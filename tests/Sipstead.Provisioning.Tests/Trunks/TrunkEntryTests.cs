using System.Net;
using Sipstead.Provisioning.Trunks;
using Sipstead.Provisioning.View;

namespace Sipstead.Provisioning.Tests.Trunks;

/// <summary>What a call asks of trunks: which take a number, who may call, who comes from where, and which application takes it.</summary>
public sealed class TrunkEntryTests
{
    private static readonly Guid Direct = new(1, 0, 0, new byte[8]);
    private static readonly Guid ByLocation = new(2, 0, 0, new byte[8]);
    private static readonly Guid ByNumber = new(3, 0, 0, new byte[8]);

    private static readonly NumberSnapshot Numbers = NumberSnapshot.Of(
        [(1, "+12025550100", 30), (1, "+12025550101", 31), (2, "+12025550102", 30)], [(20, ByLocation), (30, ByNumber)]);

    private static NumberPattern[] Patterns(params string[] texts) =>
        [.. texts.Select(text => NumberPattern.TryParse(text, out var pattern) ? pattern : throw new ArgumentException(text))];

    private static TrunkEntry Trunk(long id, long account = 1, int priority = 100, bool isEnabled = true, string outbound = "*", string source = "192.0.2.0/24") => new()
    {
        Id = id,
        AccountId = account,
        Name = "carrier",
        IsEnabled = isEnabled,
        Priority = priority,
        Host = "sip.carrier.example",
        Sources = [IPNetwork.Parse(source)],
        Outbound = Patterns(outbound),
        CallerIds = Patterns("+4930*"),
        Routes =
        [
            new TrunkEntryRoute(Patterns("+1202*")[0], Direct, null), new TrunkEntryRoute(Patterns("+12025551???")[0], null, 20),
            new TrunkEntryRoute(Patterns("+12025552???")[0], null, 99),
        ],
    };

    [Theory]
    [InlineData("+12025550100", 1)]
    [InlineData("+12025551234", 2)]
    [InlineData("+12025552234", 0)]
    [InlineData("+13105550100", 0)]
    public void TryFindApplication_IsThatOfTheRouteThatFixesMost(string dialled, int expected)
    {
        var isFound = Trunk(1).TryFindApplication(dialled, Numbers, out var application);
        Assert.Equal((expected != 0, expected), (isFound, application == Direct ? 1 : application == ByLocation ? 2 : 0));
    }

    [Theory]
    [InlineData("+12025550100", true)]
    [InlineData("+12025550101", false)]
    [InlineData("+12025550102", false)]
    public void TryFindApplication_WithoutARoute_IsThatOfTheAccountsNumber(string dialled, bool expected)
    {
        var trunk = new TrunkEntry { Id = 1, AccountId = 1, Name = "n", Host = "h" };
        Assert.Equal(expected, trunk.TryFindApplication(dialled, Numbers, out var application));
        Assert.Equal(expected, application == ByNumber);
    }

    [Theory]
    [InlineData("+12025550101", true)]
    [InlineData("+4930123", true)]
    [InlineData("+12025550102", false)]
    [InlineData("+13105550100", false)]
    public void AllowsCaller_OwnNumbersAndThoseThatAreNamed(string caller, bool expected) =>
        Assert.Equal(expected, Trunk(1).AllowsCaller(caller, Numbers));

    [Fact]
    public void Snapshot_GivesTrunksByPriority_OfTheAccount_InUse()
    {
        var older = TrunkSnapshot.Of([Trunk(1), Trunk(2, priority: 5), Trunk(3, isEnabled: false), Trunk(4, account: 2), Trunk(5, outbound: "+49*")]);
        Assert.Equal([2, 1], older.To(1, "+12025550100").Select(t => t.Id));
        Assert.Equal([2, 1, 5], older.To(1, "+4930").Select(t => t.Id));
        var newer = older.With(Trunk(2, priority: 500)).Without(4).Without(99);
        Assert.Equal([1, 2], newer.To(1, "+12025550100").Select(t => t.Id));
        Assert.True(older.TryFind(4, out _));
        Assert.False(newer.TryFind(4, out _));
    }

    /// <summary>A thousand trunks with networks of all lengths, against asking each of them.</summary>
    [Fact]
    public void From_FindsWhoHasTheAddress_AmongMany()
    {
        var random = new Random(7);
        var trunks = Enumerable.Range(1, 1000).Select(i => new TrunkEntry
        {
            Id = i, AccountId = 1, Name = "t", Host = "h", Priority = random.Next(5), IsEnabled = random.Next(10) > 0,
            Sources = [.. Enumerable.Range(0, random.Next(4)).Select(_ => Network(random))],
        }).ToList();
        var snapshot = TrunkSnapshot.Of(trunks);
        var found = 0;
        for (var i = 0; i < 2000; i++)
        {
            var address = i % 2 == 0 ? Address(random, 4) : Address(random, 16);
            var expected = snapshot.All.Where(trunk => trunk.IsEnabled && trunk.Sources.Any(source => source.Contains(address))).Select(trunk => trunk.Id).ToList();
            found += expected.Count;
            Assert.Equal(expected, snapshot.From(address).Select(trunk => trunk.Id));
            if (i % 2 == 0) Assert.Equal(expected, snapshot.From(address.MapToIPv6()).Select(trunk => trunk.Id));
        }

        Assert.True(found > 1000);
    }

    [Theory]
    [InlineData("192.0.2.7", true)]
    [InlineData("::ffff:192.0.2.7", true)]
    [InlineData("192.0.3.7", false)]
    [InlineData("2001:db8::1", false)]
    public void From_IsWhoHasTheAddress(string address, bool expected)
    {
        var snapshot = TrunkSnapshot.Of([Trunk(1), Trunk(2, isEnabled: false)]);
        Assert.Equal(expected ? [1L] : [], snapshot.From(IPAddress.Parse(address)).Select(t => t.Id));
    }

    /// <summary>Addresses that differ in a few bits, so that networks meet.</summary>
    private static IPAddress Address(Random random, int length)
    {
        var octets = new byte[length];
        foreach (ref var octet in octets.AsSpan()) octet = (byte)(random.Next(8) == 0 ? 1 : 0);
        octets[0] = 32;
        return new IPAddress(octets);
    }

    private static IPNetwork Network(Random random)
    {
        var length = random.Next(2) == 0 ? 4 : 16;
        var prefix = random.Next(16, (8 * length) + 1);
        var octets = Address(random, length).GetAddressBytes();
        for (var bit = prefix; bit < 8 * length; bit++) octets[bit / 8] &= (byte)~(0x80 >> (bit % 8));
        return new IPNetwork(new IPAddress(octets), prefix);
    }
}
