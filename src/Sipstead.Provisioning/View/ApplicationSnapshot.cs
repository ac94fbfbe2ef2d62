using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace Sipstead.Provisioning.View;

/// <summary>
/// Every voice application at one moment. Immutable; a change makes a new snapshot, which shares what did not change (ruling 38).
/// Lookups allocate nothing.
/// </summary>
public sealed class ApplicationSnapshot
{
    internal static readonly ApplicationSnapshot Empty = new(ImmutableDictionary<Guid, ApplicationEntry>.Empty);

    private readonly ImmutableDictionary<Guid, ApplicationEntry> _byId;

    private ApplicationSnapshot(ImmutableDictionary<Guid, ApplicationEntry> byId) => _byId = byId;

    /// <summary>How many there are.</summary>
    public int Count => _byId.Count;

    /// <summary>Every application, in no particular order.</summary>
    public IEnumerable<ApplicationEntry> All => _byId.Values;

    /// <summary>Finds an application by its id, whatever its account.</summary>
    public bool TryFind(Guid id, [NotNullWhen(true)] out ApplicationEntry? application) => _byId.TryGetValue(id, out application);

    internal static ApplicationSnapshot Of(IEnumerable<ApplicationEntry> applications) =>
        new(applications.ToImmutableDictionary(a => a.Id));

    internal ApplicationSnapshot With(ApplicationEntry application) => new(_byId.SetItem(application.Id, application));

    internal ApplicationSnapshot Without(Guid id) => new(_byId.Remove(id));
}
