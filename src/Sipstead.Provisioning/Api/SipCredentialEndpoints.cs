using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Sipstead.Provisioning.Credentials;
using Sipstead.Provisioning.Realms;

namespace Sipstead.Provisioning.Api;

/// <summary>The SIP credentials of a realm over HTTP (contract 5.2, 5.3).</summary>
internal sealed class SipCredentialEndpoints(RealmService realms, SipCredentialService credentials, ProvisioningOptions options)
{
    private const string List = "SipCredentialsResponse";
    private const string Single = "SipCredentialResponse";
    private const SipCredentialForm Form = SipCredentialForm.OfRealm;

    public static void Map(IEndpointRouteBuilder routes)
    {
        var services = routes.ServiceProvider;
        var endpoints = new SipCredentialEndpoints(
            services.GetRequiredService<RealmService>(),
            services.GetRequiredService<SipCredentialService>(),
            services.GetRequiredService<ProvisioningOptions>());
        AccountApi.Map(
            routes,
            "realms/{realm}/sipcredentials",
            AccountMethod.Get(List, endpoints.OnRealm(endpoints.ListAsync)),
            AccountMethod.Post(List, endpoints.OnRealm(endpoints.CreateAsync)));
        AccountApi.Map(
            routes,
            "realms/{realm}/sipcredentials/{credential}",
            AccountMethod.Get(Single, endpoints.OnRealm(endpoints.GetAsync)),
            AccountMethod.Put(Single, endpoints.OnRealm(endpoints.UpdateAsync)),
            AccountMethod.Delete(Single, endpoints.OnRealm(endpoints.DeleteAsync)));
    }

    private Func<AccountRequest, Task<ApiResult>> OnRealm(Func<AccountRequest, RealmDetails, Task<ApiResult>> answer) => async request =>
    {
        var reference = request.Argument("realm");
        var realm = await realms.FindAsync(request.AccountId, reference, request.Aborted).ConfigureAwait(false);
        return realm is null
            ? ApiResult.Error(RealmService.NotFound(reference))
            : await answer(request, realm).ConfigureAwait(false);
    };

    private async Task<ApiResult> ListAsync(AccountRequest request, RealmDetails realm)
    {
        if (!PageRequest.TryRead(request, SipCredentialXml.MaximumPageSize, options.RedirectFirstPage, out var page, out var answer)) return answer;
        var query = SipCredentialXml.ReadQuery(request, page);
        var result = await credentials.ListAsync(realm, query, request.Aborted).ConfigureAwait(false);
        return result.IsSuccess ? SipCredentialXml.Page(page, result.Value, Form) : ApiResult.Error(result.Error);
    }

    private async Task<ApiResult> CreateAsync(AccountRequest request, RealmDetails realm)
    {
        var entries = await SipCredentialXml.ReadListAsync(request, Form).ConfigureAwait(false);
        if (!entries.IsSuccess) return ApiResult.Error(entries.Error);
        var result = await credentials.CreateAsync(realm, entries.Value, request.Aborted).ConfigureAwait(false);
        return result.IsSuccess ? SipCredentialXml.Batch(result.Value, Form) : ApiResult.Error(result.Error);
    }

    private async Task<ApiResult> GetAsync(AccountRequest request, RealmDetails realm)
    {
        var reference = request.Argument("credential");
        var credential = await credentials.FindAsync(realm, reference, request.Aborted).ConfigureAwait(false);
        return credential is null
            ? ApiResult.Error(SipCredentialService.NotFound(realm, reference))
            : ApiResult.Xml(StatusCodes.Status200OK, writer => SipCredentialXml.Write(writer, credential, Form));
    }

    private async Task<ApiResult> UpdateAsync(AccountRequest request, RealmDetails realm)
    {
        var update = await SipCredentialXml.ReadUpdateAsync(request).ConfigureAwait(false);
        if (!update.IsSuccess) return ApiResult.Error(update.Error);
        var result = await credentials.UpdateAsync(realm, request.Argument("credential"), update.Value, request.Aborted).ConfigureAwait(false);
        return result.IsSuccess
            ? ApiResult.Xml(StatusCodes.Status200OK, writer => SipCredentialXml.Write(writer, result.Value, Form))
            : ApiResult.Error(result.Error);
    }

    private async Task<ApiResult> DeleteAsync(AccountRequest request, RealmDetails realm)
    {
        var result = await credentials.DeleteAsync(realm, request.Argument("credential"), request.Aborted).ConfigureAwait(false);
        return result.IsSuccess ? ApiResult.Empty(StatusCodes.Status200OK) : ApiResult.Error(result.Error);
    }
}
