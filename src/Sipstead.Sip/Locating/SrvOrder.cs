namespace Sipstead.Sip.Locating;

/// <summary>The order in which the hosts of a service are tried (RFC 2782): by priority, and among equals at random by weight.</summary>
internal static class SrvOrder
{
    public static IReadOnlyList<SrvEntry> Of(IReadOnlyList<SrvEntry> entries, Random random)
    {
        var ordered = new List<SrvEntry>(entries.Count);
        foreach (var group in entries.GroupBy(entry => entry.Priority).OrderBy(group => group.Key))
        {
            SrvEntry[] equals = [.. group];
            random.Shuffle(equals); // equal weights have no order, those of 0 too
            Draw([.. equals.OrderBy(entry => entry.Weight > 0)], ordered, random);
        }

        return ordered;
    }

    /// <summary>Entries of weight 0 stand first, so that they are drawn only by the lowest number: seldom, but not never.</summary>
    private static void Draw(List<SrvEntry> left, List<SrvEntry> ordered, Random random)
    {
        while (left.Count > 0)
        {
            var number = random.Next(left.Sum(entry => entry.Weight) + 1);
            var running = 0;
            var drawn = left.FindIndex(entry => (running += entry.Weight) >= number);
            ordered.Add(left[drawn]);
            left.RemoveAt(drawn);
        }
    }
}
