namespace Sipstead.Provisioning.Trunks;

/// <summary>The wish for a trunk, or what shall become of one, as submitted.</summary>
public sealed class NewTrunk
{
    /// <summary>Its name (required); 128 characters at most.</summary>
    public string? Name { get; init; }

    /// <summary>Whether calls go over it. Default true.</summary>
    public bool IsEnabled { get; init; } = true;

    /// <summary>Of trunks that take a number, the one with the lowest is tried first: 0 to 1000. Default 100.</summary>
    public int Priority { get; init; } = 100;

    /// <summary>The host that calls go to: a domain name or an address (required).</summary>
    public string? Host { get; init; }

    /// <summary>Its port; null leaves it to DNS (RFC 3263).</summary>
    public int? Port { get; init; }

    /// <summary>The transport: <c>udp</c>, <c>tcp</c> or <c>tls</c>; null leaves it to DNS.</summary>
    public string? Transport { get; init; }

    /// <summary>The name to sign in with when the host asks; or null.</summary>
    public string? UserName { get; init; }

    /// <summary>Its password. In a change, null keeps the password of the same user name.</summary>
    public string? Password { get; init; }

    /// <summary>Addresses and networks that its calls come from: IPv4 up to /16, IPv6 up to /32.</summary>
    public IReadOnlyList<string> Sources { get; init; } = [];

    /// <summary>Patterns of the numbers that may be called over it; none: it takes calls, and makes none.</summary>
    public IReadOnlyList<string> Outbound { get; init; } = [];

    /// <summary>Patterns of the caller ids that may be used, besides the account's own numbers.</summary>
    public IReadOnlyList<string> CallerIds { get; init; } = [];

    /// <summary>Where calls that come in go; a number of the account that no pattern matches goes to its location's application.</summary>
    public IReadOnlyList<NewTrunkRoute> Routes { get; init; } = [];

    /// <inheritdoc/>
    public override string ToString() => $"wish for trunk {Name}";
}

/// <summary>Where the calls to some numbers go, as submitted: to an application or to a location's, one of the two.</summary>
/// <param name="Pattern">The numbers that were dialled.</param>
/// <param name="ApplicationId">A voice application of the account: a UUID; or null.</param>
/// <param name="LocationId">A location of the account; or null.</param>
public sealed record NewTrunkRoute(string? Pattern, string? ApplicationId, long? LocationId);
