using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Sipstead.Dashboard.Accounts;
using Sipstead.Dashboard.Components;
using Sipstead.Dns.Inspection;
using Sipstead.Provisioning.Accounts;
using Sipstead.Provisioning.Realms;

namespace Sipstead.Dashboard.Zones;

/// <summary>A realm's DNS records: the way to their page, and the zone file. For whoever has a role in its account.</summary>
internal static class ZoneDownloads
{
    public static string PagePath(AccountContext account, long realmId) => account.Path(string.Create(CultureInfo.InvariantCulture, $"realms/{realmId}/zone"));

    public static string FilePath(AccountContext account, long realmId) => PagePath(account, realmId) + "/file";

    /// <summary>Maps the file.</summary>
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/accounts/{accountId:long}/realms/{realmId:long}/zone/file", SendAsync).RequireAuthorization();

    private static async Task<IResult> SendAsync(HttpContext context, AccountService accounts, RealmService realms, ZoneInspector zone, long accountId, long realmId)
    {
        if (!await RequestRole.ExistsAsync(context, accounts, accountId)) return Results.NotFound();
        var reference = realmId.ToString(CultureInfo.InvariantCulture);
        if (await realms.FindAsync(accountId, reference, context.RequestAborted) is not { } realm) return Results.NotFound();
        var file = zone.FileOf(zone.RecordsOf(realm.Fqdn));
        return Download.Of(context, ZoneInspector.FileType, $"{realm.Fqdn}.zone", output => Encoding.UTF8.GetBytes(file, output));
    }
}
