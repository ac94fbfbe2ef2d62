using System.Runtime.CompilerServices;
using CsCheck;
using Sipstead.Sip.Admission;
using Sipstead.Testing;
using Xunit;

namespace Sipstead.Sip.Tests.Admission;

public sealed class SlotTableTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(42)]
    public void Peer_IsFoundAgain_AndNobodyElse(ulong key)
    {
        var table = new SlotTable<Note>(1_024);
        table.FindOrAdd(key).Value = 7;
        Assert.Equal(7, table.Find(key).Value);
        Assert.Equal(7, table.FindOrAdd(key).Value);
        Assert.True(Unsafe.IsNullRef(ref table.Find(key + 1_000)));
        Assert.Equal(1, table.Count);
    }

    [Fact]
    public void EmptyTable_HasNobody() => Assert.True(Unsafe.IsNullRef(ref new SlotTable<Note>(1_024).Find(5)));

    [Fact]
    public void Memory_IsFixed_HoweverManyCome()
    {
        var evicted = 0;
        var table = new SlotTable<Note>(1_024, () => evicted++);
        ulong key = 0;
        Assert.Equal(0, Allocations.Of(() => table.FindOrAdd(++key).Value = 1));
        Assert.Equal(1_024, table.Capacity);
        Assert.InRange(table.Count, 1, table.Capacity);
        Assert.Equal(key - (ulong)table.Count, (ulong)evicted);
    }

    [Fact]
    public void WhoIsWorthMost_StaysWhileOthersComeAndGo()
    {
        var table = new SlotTable<Note>(1_024);
        table.FindOrAdd(ulong.MaxValue - 1).Value = int.MaxValue;
        for (ulong key = 1; key < 100_000; key++) table.FindOrAdd(key).Value = (int)key;
        Assert.Equal(int.MaxValue, table.Find(ulong.MaxValue - 1).Value);
        Assert.Equal(99_999, table.Find(99_999).Value); // and the newest
    }

    /// <summary>As long as there is room in each set of places, it is a dictionary.</summary>
    [Fact]
    public void FewPeers_AreKeptLikeInADictionary() => Gen.Select(Gen.ULong[1, 8], Gen.Int[1, 1_000]).List[1, 100].Sample(changes =>
    {
        var table = new SlotTable<Note>(1_024);
        var model = new Dictionary<ulong, int>();
        foreach (var (key, value) in changes)
        {
            model[key] = value;
            table.FindOrAdd(key).Value = value;
        }

        Assert.Equal(model.Count, table.Count);
        foreach (var (key, value) in model) Assert.Equal(value, table.Find(key).Value);
    });

    /// <summary>S-26: keys that a stranger chose for one table fall apart in another, since each has a secret multiplier.</summary>
    [Fact]
    public void S_26_KeysThatCollideInOneTable_DoNotInAnother()
    {
        var first = new SlotTable<Note>(4_096);
        first.FindOrAdd(1).Value = 1;
        ulong next = 1;
        var colliding = new List<ulong>();
        while (colliding.Count < 64)
        {
            // What pushes the key out of its eight places shares them.
            first.FindOrAdd(1).Value = 1;
            for (var i = 0; i < 1_000_000 && !Unsafe.IsNullRef(ref first.Find(1)); i++) first.FindOrAdd(++next).Value = int.MaxValue;
            colliding.Add(next);
        }

        var second = new SlotTable<Note>(4_096);
        foreach (var key in colliding) second.FindOrAdd(key).Value = 1;
        Assert.InRange(second.Count, 40, 64);
    }

    [Fact]
    public void ManyThreads_DoNoHarm()
    {
        var table = new SlotTable<Note>(1_024);
        Parallel.For(0, 200_000, i => table.FindOrAdd((ulong)(i % 5_000)).Value = i);
        Assert.InRange(table.Count, 1, table.Capacity);
        table.FindOrAdd(77).Value = 5;
        Assert.Equal(5, table.Find(77).Value);
    }

    private struct Note : ITableSlot
    {
        public int Value;

        public readonly long Worth => Value;
    }
}
