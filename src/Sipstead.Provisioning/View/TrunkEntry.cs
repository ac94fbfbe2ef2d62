using System.Net;
using Sipstead.Provisioning.Trunks;

namespace Sipstead.Provisioning.View;

/// <summary>A trunk as the voice side sees it (ruling 27). Immutable.</summary>
public sealed class TrunkEntry
{
    /// <summary>Its id.</summary>
    public required long Id { get; init; }

    /// <summary>The account that owns it.</summary>
    public required long AccountId { get; init; }

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Whether calls go over it.</summary>
    public bool IsEnabled { get; init; } = true;

    /// <summary>Of trunks that take a number, the one with the lowest is tried first.</summary>
    public int Priority { get; init; }

    /// <summary>The host that calls go to: a domain name or an address.</summary>
    public required string Host { get; init; }

    /// <summary>Its port; null leaves it to DNS.</summary>
    public int? Port { get; init; }

    /// <summary>The transport; null leaves it to DNS.</summary>
    public TrunkTransport? Transport { get; init; }

    /// <summary>What to sign in with when the host asks; or null.</summary>
    public CallbackCredentials? Credentials { get; init; }

    /// <summary>Where its calls come from.</summary>
    public IReadOnlyList<IPNetwork> Sources { get; init; } = [];

    /// <summary>The numbers that may be called over it.</summary>
    public IReadOnlyList<NumberPattern> Outbound { get; init; } = [];

    /// <summary>The caller ids that may be used, besides the account's own numbers.</summary>
    public IReadOnlyList<NumberPattern> CallerIds { get; init; } = [];

    /// <summary>Where calls that come in go.</summary>
    public IReadOnlyList<TrunkEntryRoute> Routes { get; init; } = [];

    /// <summary>Whether a number may be called over it.</summary>
    public bool Takes(string number) => IsEnabled && Best(Outbound, number) is not null;

    /// <summary>Whether a caller id may be used on it: a number of the account, or one that the trunk names.</summary>
    public bool AllowsCaller(string number, NumberSnapshot numbers)
    {
        ArgumentNullException.ThrowIfNull(numbers);
        return numbers.Has(AccountId, number) || Best(CallerIds, number) is not null;
    }

    /// <summary>
    /// The application that takes a call which came in by it: that of the route whose pattern fixes most of the number, else that of the
    /// account's number. False when there is none.
    /// </summary>
    public bool TryFindApplication(string dialled, NumberSnapshot numbers, out Guid applicationId)
    {
        ArgumentNullException.ThrowIfNull(numbers);
        TrunkEntryRoute? best = null;
        foreach (var route in Routes)
        {
            if (route.Pattern.Matches(dialled) && (best is null || route.Pattern.Weight > best.Pattern.Weight)) best = route;
        }

        if (best is null) return numbers.TryFindApplication(AccountId, dialled, out applicationId);
        applicationId = best.ApplicationId ?? Guid.Empty;
        return best.ApplicationId is not null || numbers.TryFindApplication(best.LocationId ?? 0, out applicationId);
    }

    /// <inheritdoc/>
    public override string ToString() => $"trunk {Id} of account {AccountId}";

    private static NumberPattern? Best(IReadOnlyList<NumberPattern> patterns, string number)
    {
        foreach (var pattern in patterns)
        {
            if (pattern.Matches(number)) return pattern;
        }

        return null;
    }
}

/// <summary>Where the calls to some numbers go: to an application or to that of a location.</summary>
/// <param name="Pattern">The numbers that were dialled.</param>
/// <param name="ApplicationId">The application, or null.</param>
/// <param name="LocationId">The location, or null.</param>
public sealed record TrunkEntryRoute(NumberPattern Pattern, Guid? ApplicationId, long? LocationId);
