using System.Xml;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Sipstead.Provisioning.Locations;

namespace Sipstead.Provisioning.Api;

/// <summary>The sites of an account over HTTP (contract 8).</summary>
internal sealed class SiteEndpoints(SiteService sites)
{
    private const string List = "SitesResponse";
    private const string Single = "SiteResponse";
    private const string Element = "Site";

    public static void Map(IEndpointRouteBuilder routes)
    {
        var endpoints = new SiteEndpoints(routes.ServiceProvider.GetRequiredService<SiteService>());
        AccountApi.Map(routes, "sites", AccountMethod.Get(List, endpoints.ListAsync), AccountMethod.Post(Single, endpoints.CreateAsync));
        AccountApi.Map(
            routes,
            "sites/{site}",
            AccountMethod.Get(Single, endpoints.GetAsync),
            AccountMethod.Put(Single, endpoints.UpdateAsync),
            AccountMethod.Delete(Single, endpoints.DeleteAsync));
    }

    private async Task<ApiResult> ListAsync(AccountRequest request)
    {
        var all = await sites.ListAsync(request.AccountId, request.Aborted).ConfigureAwait(false);
        return ApiResult.Xml(StatusCodes.Status200OK, writer => writer.WriteElement("Sites", list =>
        {
            foreach (var site in all) Write(list, site);
        }));
    }

    private async Task<ApiResult> CreateAsync(AccountRequest request)
    {
        var wish = await ReadAsync(request).ConfigureAwait(false);
        if (!wish.IsSuccess) return ApiResult.Error(wish.Error);
        var result = await sites.CreateAsync(request.AccountId, wish.Value, request.Aborted).ConfigureAwait(false);
        return result.IsSuccess
            ? ApiResult.Xml(StatusCodes.Status201Created, writer => Write(writer, result.Value), $"{request.Url}/{result.Value.Id}")
            : ApiResult.Error(result.Error);
    }

    private async Task<ApiResult> GetAsync(AccountRequest request) =>
        Answer(await sites.FindAsync(request.AccountId, request.Argument("site"), request.Aborted).ConfigureAwait(false));

    private async Task<ApiResult> UpdateAsync(AccountRequest request)
    {
        var wish = await ReadAsync(request).ConfigureAwait(false);
        return wish.IsSuccess
            ? Answer(await sites.UpdateAsync(request.AccountId, request.Argument("site"), wish.Value, request.Aborted).ConfigureAwait(false))
            : ApiResult.Error(wish.Error);
    }

    private async Task<ApiResult> DeleteAsync(AccountRequest request)
    {
        var result = await sites.DeleteAsync(request.AccountId, request.Argument("site"), request.Aborted).ConfigureAwait(false);
        return result.IsSuccess ? ApiResult.Empty(StatusCodes.Status200OK) : ApiResult.Error(result.Error);
    }

    private static ApiResult Answer(ProvisioningResult<SiteDetails> result) => result.IsSuccess
        ? ApiResult.Xml(StatusCodes.Status200OK, writer => Write(writer, result.Value))
        : ApiResult.Error(result.Error);

    private static async Task<ProvisioningResult<NewPlace>> ReadAsync(AccountRequest request)
    {
        var body = await request.ReadXmlAsync(Element).ConfigureAwait(false);
        if (!body.IsSuccess) return body.Error;
        if (body.Value.CheckSingle("Name", "Description") is { } error) return error;
        return new NewPlace(
            body.Value.Value("Name"), body.Value.Value("Description"), OtherElements.Read(body.Value, "Id", "Name", "Description"));
    }

    private static void Write(XmlWriter writer, SiteDetails site) => writer.WriteElement(Element, element =>
    {
        element.WriteNumber("Id", site.Id);
        element.WriteText("Name", site.Name);
        element.WriteText("Description", site.Description);
        element.WriteOther(site.OtherElements);
    });
}
