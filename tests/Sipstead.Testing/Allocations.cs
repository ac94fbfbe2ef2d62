namespace Sipstead.Testing;

/// <summary>
/// Tells what code allocates (ruling 42). The runtime itself allocates now and then while it compiles, and charges it to whoever runs; that differs from
/// round to round, what the code does is in each. So the smallest of some rounds counts.
/// </summary>
public static class Allocations
{
    /// <summary>Calls of one round.</summary>
    public const int Calls = 10_000;

    private const int Rounds = 4;

    /// <summary>Octets that 10,000 calls allocate.</summary>
    public static long Of(Action call)
    {
        ArgumentNullException.ThrowIfNull(call);
        return OfRounds(() =>
        {
            for (var i = 0; i < Calls; i++) call();
        });
    }

    /// <summary>Octets that one round allocates; the first round is to warm up.</summary>
    public static long OfRounds(Action round)
    {
        ArgumentNullException.ThrowIfNull(round);
        round();
        var smallest = long.MaxValue;
        for (var i = 0; i < Rounds && smallest > 0; i++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            round();
            smallest = Math.Min(smallest, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return smallest;
    }
}
