using System.Globalization;
using Sipstead.Dashboard.Credentials;
using Sipstead.Provisioning.Applications;
using Sipstead.Provisioning.Locations;

namespace Sipstead.Dashboard.Trunks;

/// <summary>What routes of an account's trunks can lead to, and how it is called.</summary>
internal sealed record RouteTargets(IReadOnlyList<(RouteTarget Target, string Name)> All)
{
    public static readonly RouteTargets None = new([]);

    /// <summary>Voice applications by name, then locations in the order of their sites.</summary>
    public static async Task<RouteTargets> LoadAsync(
        ApplicationService applications, SiteService sites, LocationService locations, long accountId, CancellationToken cancellationToken)
    {
        var all = (await applications.ListVoiceAsync(accountId, cancellationToken))
            .Select(application => (new RouteTarget(application.Id, null), $"Application {application.Name}")).ToList();
        foreach (var site in await sites.ListAsync(accountId, cancellationToken))
        {
            var found = await locations.ListAsync(accountId, site.Id.ToString(CultureInfo.InvariantCulture), cancellationToken);
            all.AddRange((found.Value ?? []).Select(location => (new RouteTarget(null, location.Id), $"Location {location.Name} of {location.SiteName}")));
        }

        return new RouteTargets(all);
    }

    public string NameOf(RouteTarget? target)
    {
        if (target is null) return "";
        var (_, name) = All.FirstOrDefault(one => one.Target == target);
        return name ?? (target.ApplicationId is { } id ? $"Application {id}" : string.Create(CultureInfo.InvariantCulture, $"Location {target.LocationId}"));
    }
}
