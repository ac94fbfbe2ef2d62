using System.Globalization;
using System.Net;
using System.Xml;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Sipstead.Provisioning.Accounts;
using Sipstead.Provisioning.Realms;

namespace Sipstead.Provisioning.Api;

/// <summary>What an account's devices reach it by: its SIP port and the DNS records of its realms (contract 8).</summary>
internal sealed class EdgeManagementEndpoints(AccountService accounts, RealmService realms, IRealmDns? dns)
{
    private const string SettingsRoot = "EdgeManagementSettingsResponse";
    private const string AuthenticationRoot = "SipAuthenticationResponse";
    private const string Authentication = "SipAuthentication";

    private static readonly string[] RecordTypes = ["A", "SRV"];

    public static void Map(IEndpointRouteBuilder routes)
    {
        var services = routes.ServiceProvider;
        var endpoints = new EdgeManagementEndpoints(
            services.GetRequiredService<AccountService>(), services.GetRequiredService<RealmService>(), services.GetService<IRealmDns>());
        AccountApi.Map(routes, "products/edgemanagement/settings", AccountMethod.Get(SettingsRoot, endpoints.GetSettingsAsync));
        AccountApi.Map(
            routes, "products/edgemanagement/settings/sipauthentication", AccountMethod.Get(AuthenticationRoot, endpoints.GetAuthenticationAsync));
    }

    private async Task<ApiResult> GetSettingsAsync(AccountRequest request)
    {
        var (account, all) = await FindAsync(request).ConfigureAwait(false);
        var isPending = all.Any(realm => realm.Status == RealmStatus.CreatePending);
        return ApiResult.Xml(StatusCodes.Status200OK, writer => writer.WriteElement("EdgeManagementSettings", settings =>
            settings.WriteElement(Authentication, element =>
            {
                element.WriteBoolean("Enabled", account.SipEnabled);
                element.WriteText("Status", isPending ? "PROCESSING" : "COMPLETE");
                element.WriteText("Type", "REGISTRAR");
            })));
    }

    private async Task<ApiResult> GetAuthenticationAsync(AccountRequest request)
    {
        var (account, all) = await FindAsync(request).ConfigureAwait(false);
        return ApiResult.Xml(StatusCodes.Status200OK, writer => writer.WriteElement(Authentication, element =>
        {
            element.WriteElement("SBC", sbc => sbc.WriteElement("Zone", zone =>
                zone.WriteElement("SipSigPort", port => port.WriteNumber("PortNumber", account.SipPort))));
            element.WriteElement("RealmDnsList", list =>
            {
                foreach (var realm in all) WriteRealm(list, realm, account, request.LocalAddress);
            });
        }));
    }

    private async Task<(AccountDetails Account, IReadOnlyList<RealmDetails> Realms)> FindAsync(AccountRequest request)
    {
        var account = await accounts.FindAccountAsync(request.AccountId, request.Aborted).ConfigureAwait(false);
        var all = await realms.ListAsync(request.AccountId, fragment: null, request.Aborted).ConfigureAwait(false);
        return (account!, all.Value!);
    }

    private void WriteRealm(XmlWriter writer, RealmDetails realm, AccountDetails account, IPAddress local) => writer.WriteElement("RealmDns", element =>
    {
        element.WriteText("Realm", realm.Fqdn);
        element.WriteText("DefaultGroupName", account.Hex);
        element.WriteElement("DNSRecords", records =>
        {
            foreach (var record in dns?.RecordsOf(realm.Fqdn, local) ?? [])
            {
                if (RecordTypes.Contains(record.Type)) Write(records, record);
            }
        });
    });

    private static void Write(XmlWriter writer, RealmDnsRecord record) => writer.WriteElement("DNSRecord", element =>
    {
        element.WriteText("Type", record.Type);
        element.WriteText("Name", record.Name.TrimEnd('.'));
        element.WriteText("Data", record.Data);
        element.WriteText("TTL", record.TimeToLive.ToString(CultureInfo.InvariantCulture));
    });
}
