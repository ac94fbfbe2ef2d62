using System.Collections.Immutable;

namespace Sipstead.Provisioning.View;

/// <summary>
/// Every telephone number and the application of its location at one moment. Immutable; a change makes a new snapshot, which shares
/// what did not change. Lookups allocate nothing.
/// </summary>
public sealed class NumberSnapshot
{
    internal static readonly NumberSnapshot Empty = new(
        ImmutableDictionary<(long AccountId, string Number), long>.Empty, ImmutableDictionary<long, Guid>.Empty);

    private readonly ImmutableDictionary<(long AccountId, string Number), long> _locations;
    private readonly ImmutableDictionary<long, Guid> _applications;

    private NumberSnapshot(ImmutableDictionary<(long AccountId, string Number), long> locations, ImmutableDictionary<long, Guid> applications)
    {
        _locations = locations;
        _applications = applications;
    }

    /// <summary>How many numbers there are.</summary>
    public int Count => _locations.Count;

    /// <summary>Whether an account has a number, in E.164 form.</summary>
    public bool Has(long accountId, string number) => _locations.ContainsKey((accountId, number));

    /// <summary>The application that takes the calls of an account's number; false when there is no such number, or none takes them.</summary>
    public bool TryFindApplication(long accountId, string number, out Guid applicationId)
    {
        applicationId = Guid.Empty;
        return _locations.TryGetValue((accountId, number), out var location) && _applications.TryGetValue(location, out applicationId);
    }

    /// <summary>The application of a location; false when it has none.</summary>
    public bool TryFindApplication(long locationId, out Guid applicationId) => _applications.TryGetValue(locationId, out applicationId);

    internal static NumberSnapshot Of(
        IEnumerable<(long AccountId, string Number, long LocationId)> numbers, IEnumerable<(long LocationId, Guid ApplicationId)> applications) =>
        new(
            numbers.ToImmutableDictionary(n => (n.AccountId, n.Number), n => n.LocationId),
            applications.ToImmutableDictionary(a => a.LocationId, a => a.ApplicationId));

    internal NumberSnapshot With(long accountId, long locationId, IEnumerable<string> numbers) => new(
        _locations.SetItems(numbers.Select(number => KeyValuePair.Create((accountId, number), locationId))), _applications);

    internal NumberSnapshot Without(long accountId, string number) => new(_locations.Remove((accountId, number)), _applications);

    internal NumberSnapshot WithApplication(long locationId, Guid? applicationId) => new(
        _locations, applicationId is { } id ? _applications.SetItem(locationId, id) : _applications.Remove(locationId));
}
