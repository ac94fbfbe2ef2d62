using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Sipstead.Provisioning.Credentials;

namespace Sipstead.Provisioning.Api;

/// <summary>The SIP credentials of an account over HTTP, by their names: the older API (contract 5.4).</summary>
internal sealed class AccountCredentialEndpoints(AccountCredentialService credentials, ProvisioningOptions options)
{
    private const string List = "SipCredentialsResponse";
    private const string Single = "SipCredentialResponse";
    private const SipCredentialForm Form = SipCredentialForm.OfAccount;

    public static void Map(IEndpointRouteBuilder routes)
    {
        var services = routes.ServiceProvider;
        var endpoints = new AccountCredentialEndpoints(
            services.GetRequiredService<AccountCredentialService>(), services.GetRequiredService<ProvisioningOptions>());
        AccountApi.Map(
            routes,
            "sipcredentials",
            AccountMethod.Get(List, endpoints.ListAsync),
            AccountMethod.Post(List, endpoints.CreateAsync));
        AccountApi.Map(
            routes,
            "sipcredentials/{name}",
            AccountMethod.Get(Single, endpoints.GetAsync),
            AccountMethod.Put(Single, endpoints.UpdateAsync),
            AccountMethod.Delete(Single, endpoints.DeleteAsync));
    }

    private async Task<ApiResult> ListAsync(AccountRequest request)
    {
        if (!PageRequest.TryRead(request, SipCredentialXml.MaximumPageSize, options.RedirectFirstPage, out var page, out var answer)) return answer;
        var result = await credentials.ListAsync(request.AccountId, SipCredentialXml.ReadQuery(request, page), request.Aborted)
            .ConfigureAwait(false);
        return result.IsSuccess ? SipCredentialXml.Page(page, result.Value, Form) : ApiResult.Error(result.Error);
    }

    private async Task<ApiResult> CreateAsync(AccountRequest request)
    {
        var entries = await SipCredentialXml.ReadListAsync(request, Form).ConfigureAwait(false);
        if (!entries.IsSuccess) return ApiResult.Error(entries.Error);
        var result = await credentials.CreateAsync(request.AccountId, entries.Value, request.Aborted).ConfigureAwait(false);
        return result.IsSuccess ? SipCredentialXml.Batch(result.Value, Form) : ApiResult.Error(result.Error);
    }

    private async Task<ApiResult> GetAsync(AccountRequest request) =>
        Answer(await credentials.FindAsync(request.AccountId, request.Argument("name"), request.Aborted).ConfigureAwait(false));

    private async Task<ApiResult> UpdateAsync(AccountRequest request)
    {
        var update = await SipCredentialXml.ReadUpdateAsync(request).ConfigureAwait(false);
        return update.IsSuccess
            ? Answer(await credentials.UpdateAsync(request.AccountId, request.Argument("name"), update.Value, request.Aborted).ConfigureAwait(false))
            : ApiResult.Error(update.Error);
    }

    private async Task<ApiResult> DeleteAsync(AccountRequest request)
    {
        var result = await credentials.DeleteAsync(request.AccountId, request.Argument("name"), request.Aborted).ConfigureAwait(false);
        return result.IsSuccess ? ApiResult.Empty(StatusCodes.Status200OK) : ApiResult.Error(result.Error);
    }

    private static ApiResult Answer(ProvisioningResult<SipCredentialDetails> result) => result.IsSuccess
        ? ApiResult.Xml(StatusCodes.Status200OK, writer => SipCredentialXml.Write(writer, result.Value, Form))
        : ApiResult.Error(result.Error);
}
