using Sipstead.Dns.Inspection;
using Sipstead.Provisioning.Api;
using Sipstead.Provisioning.Realms;

namespace Sipstead.Server.Api;

/// <summary>
/// <c>GET realms/{realm}/zone</c>: the DNS records of a realm, as our server answers them, as a zone file (RFC 1035 5, media type of RFC 4027). An addition of
/// ours: Bandwidth's API has nothing like it.
/// </summary>
internal sealed class RealmZoneEndpoint(RealmService realms, ZoneInspector zone)
{
    private const string Root = "ZoneResponse";

    public static void Map(IEndpointRouteBuilder routes)
    {
        var services = routes.ServiceProvider;
        var endpoint = new RealmZoneEndpoint(services.GetRequiredService<RealmService>(), services.GetRequiredService<ZoneInspector>());
        AccountApi.Map(routes, "realms/{realm}/zone", AccountMethod.Get(Root, endpoint.GetAsync));
    }

    private async Task<ApiResult> GetAsync(AccountRequest request)
    {
        var reference = request.Argument("realm");
        if (await realms.FindAsync(request.AccountId, reference, request.Aborted) is not { } realm) return ApiResult.Error(RealmService.NotFound(reference));
        var records = zone.RecordsOf(realm.Fqdn);
        return records.Count > 0
            ? ApiResult.File(ZoneInspector.FileType, $"{realm.Fqdn}.zone", zone.FileOf(records))
            : ApiResult.Error(StatusCodes.Status404NotFound, null, $"The zone has no records of the realm {realm.Fqdn}: it is not active, or lies below another base domain.");
    }
}
