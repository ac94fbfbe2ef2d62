using CsCheck;
using Sipstead.Sip.Locating;
using Xunit;

namespace Sipstead.Sip.Tests.Locating;

public sealed class SrvOrderTests
{
    private static readonly Gen<SrvEntry> Entry = Gen.Select(
        Gen.Int[0, 3], Gen.Int[0, 65_535], Gen.Int[1, 65_535], (priority, weight, port) => new SrvEntry(priority, weight, port, "host.example.net"));

    [Fact]
    public void AnyEntries_AreAllThere_WithPrioritiesRising() => Gen.Select(Entry.List[0, 40], Gen.Int).Sample((entries, seed) =>
    {
        var ordered = SrvOrder.Of(entries, new Random(seed));
        Assert.Equal(entries.OrderBy(entry => entry.ToString()), ordered.OrderBy(entry => entry.ToString()));
        Assert.Equal(ordered.OrderBy(entry => entry.Priority).Select(entry => entry.Priority), ordered.Select(entry => entry.Priority));
    });

    [Fact]
    public void EqualWeights_AreDrawnEquallyOften_ZeroTheSame()
    {
        foreach (var weight in (int[])[0, 10])
        {
            var random = new Random(42);
            SrvEntry[] entries = [.. Enumerable.Range(1, 4).Select(port => new SrvEntry(0, weight, port, "h"))];
            var firsts = Enumerable.Range(0, 8_000).GroupBy(_ => SrvOrder.Of(entries, random)[0].Port).ToDictionary(group => group.Key, group => group.Count());
            Assert.All(Enumerable.Range(1, 4), port => Assert.InRange(firsts[port], 1_700, 2_300));
        }
    }

    [Fact]
    public void RestOfTheWeights_CountsForTheNextDraw()
    {
        var random = new Random(7);
        SrvEntry[] entries = [new(0, 10, 1, "a"), new(0, 30, 2, "b"), new(0, 60, 3, "c")];
        var secondsBehindC = Enumerable.Range(0, 20_000).Select(_ => SrvOrder.Of(entries, random)).Where(order => order[0].Port == 3).ToList();
        Assert.InRange(secondsBehindC.Count(order => order[1].Port == 2) / (double)secondsBehindC.Count, .72, .78); // 30 of 40
    }
}
