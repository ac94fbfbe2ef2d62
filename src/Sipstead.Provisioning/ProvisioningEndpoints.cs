using Microsoft.AspNetCore.Routing;
using Sipstead.Provisioning.Api;

namespace Sipstead.Provisioning;

/// <summary>The HTTP endpoints of the project.</summary>
public static class ProvisioningEndpoints
{
    /// <summary>Maps tokens, users, realms, credentials, applications, sites, locations, numbers, trunks and the audit, and 404 for every path under the API's prefixes that nobody maps.</summary>
    public static IEndpointRouteBuilder MapProvisioning(this IEndpointRouteBuilder routes)
    {
        TokenEndpoint.Map(routes);
        UserEndpoints.Map(routes);
        RealmEndpoints.Map(routes);
        SipCredentialEndpoints.Map(routes);
        AccountCredentialEndpoints.Map(routes);
        ApplicationEndpoints.Map(routes);
        SiteEndpoints.Map(routes);
        LocationEndpoints.Map(routes);
        NumberEndpoints.Map(routes);
        TrunkEndpoints.Map(routes);
        EdgeManagementEndpoints.Map(routes);
        AuditEndpoints.Map(routes);
        AccountApi.MapUnknownPaths(routes);
        return routes;
    }
}
