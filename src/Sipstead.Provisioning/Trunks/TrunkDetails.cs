namespace Sipstead.Provisioning.Trunks;

/// <summary>A trunk as the API shows it, without its password.</summary>
public sealed record TrunkDetails
{
    /// <summary>Its id.</summary>
    public required long Id { get; init; }

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Whether calls go over it.</summary>
    public required bool IsEnabled { get; init; }

    /// <summary>Of trunks that take a number, the one with the lowest is tried first.</summary>
    public required int Priority { get; init; }

    /// <summary>The host that calls go to.</summary>
    public required string Host { get; init; }

    /// <summary>Its port, or null.</summary>
    public required int? Port { get; init; }

    /// <summary>The transport, or null.</summary>
    public required TrunkTransport? Transport { get; init; }

    /// <summary>The name to sign in with, or null.</summary>
    public required string? UserName { get; init; }

    /// <summary>Addresses and networks that its calls come from.</summary>
    public required IReadOnlyList<string> Sources { get; init; }

    /// <summary>Patterns of the numbers that may be called over it.</summary>
    public required IReadOnlyList<string> Outbound { get; init; }

    /// <summary>Patterns of the caller ids that may be used.</summary>
    public required IReadOnlyList<string> CallerIds { get; init; }

    /// <summary>Where calls that come in go.</summary>
    public required IReadOnlyList<TrunkRouteDetails> Routes { get; init; }
}

/// <summary>Where the calls to some numbers go.</summary>
/// <param name="Pattern">The numbers that were dialled.</param>
/// <param name="ApplicationId">The application, or null.</param>
/// <param name="LocationId">The location, or null.</param>
public sealed record TrunkRouteDetails(string Pattern, Guid? ApplicationId, long? LocationId);
