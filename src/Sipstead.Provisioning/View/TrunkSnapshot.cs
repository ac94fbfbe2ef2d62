using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Net;

namespace Sipstead.Provisioning.View;

/// <summary>Every trunk at one moment, by priority. Immutable; there are few, so that a change makes a new list.</summary>
public sealed class TrunkSnapshot
{
    internal static readonly TrunkSnapshot Empty = new([]);

    private readonly ImmutableArray<TrunkEntry> _byPriority;
    private readonly TrunkSources _sources;

    private TrunkSnapshot(ImmutableArray<TrunkEntry> byPriority)
    {
        _byPriority = byPriority;
        _sources = new TrunkSources(byPriority);
    }

    /// <summary>Every trunk, the one that is tried first comes first.</summary>
    public IReadOnlyList<TrunkEntry> All => _byPriority;

    /// <summary>Finds a trunk by its id, whatever its account.</summary>
    public bool TryFind(long id, [NotNullWhen(true)] out TrunkEntry? trunk)
    {
        trunk = _byPriority.FirstOrDefault(one => one.Id == id);
        return trunk is not null;
    }

    /// <summary>The trunks of an account that take a call to a number, in the order to try them.</summary>
    public IEnumerable<TrunkEntry> To(long accountId, string number) =>
        _byPriority.Where(trunk => trunk.AccountId == accountId && trunk.Takes(number));

    /// <summary>The trunks in use that have an address among their sources, by priority: all of one account.</summary>
    public IReadOnlyList<TrunkEntry> From(IPAddress source)
    {
        ArgumentNullException.ThrowIfNull(source);
        return [.. _sources.Find(source).Select(place => _byPriority[place])];
    }

    internal static TrunkSnapshot Of(IEnumerable<TrunkEntry> trunks) => new([.. trunks.OrderBy(t => t.Priority).ThenBy(t => t.Id)]);

    internal TrunkSnapshot With(TrunkEntry trunk) => Of(_byPriority.Where(one => one.Id != trunk.Id).Append(trunk));

    internal TrunkSnapshot Without(long id) => new([.. _byPriority.Where(one => one.Id != id)]);
}
