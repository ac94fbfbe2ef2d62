using System.Xml;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Sipstead.Provisioning.Applications;
using Sipstead.Provisioning.Locations;

namespace Sipstead.Provisioning.Api;

/// <summary>The applications of an account over HTTP (contract 7).</summary>
internal sealed class ApplicationEndpoints(ApplicationService applications, LocationService locations)
{
    private const string Root = "ApplicationProvisioningResponse";
    private const string SipPeersRoot = "AssociatedSipPeersResponse";

    public static void Map(IEndpointRouteBuilder routes)
    {
        var services = routes.ServiceProvider;
        var endpoints = new ApplicationEndpoints(
            services.GetRequiredService<ApplicationService>(), services.GetRequiredService<LocationService>());
        AccountApi.Map(
            routes, "applications", AccountMethod.Get(Root, endpoints.ListAsync), AccountMethod.Post(Root, endpoints.CreateAsync));
        AccountApi.Map(
            routes,
            "applications/{application}",
            AccountMethod.Get(Root, endpoints.GetAsync),
            AccountMethod.Put(Root, request => endpoints.UpdateAsync(request, isPartial: false)),
            AccountMethod.Patch(Root, request => endpoints.UpdateAsync(request, isPartial: true)),
            AccountMethod.Delete(Root, endpoints.DeleteAsync));
        AccountApi.Map(
            routes, "applications/{application}/associatedsippeers", AccountMethod.Get(SipPeersRoot, endpoints.ListSipPeersAsync));
    }

    private async Task<ApiResult> ListAsync(AccountRequest request)
    {
        var all = await applications.ListAsync(request.AccountId, request.Aborted).ConfigureAwait(false);
        return ApiResult.Xml(StatusCodes.Status200OK, writer => writer.WriteElement("ApplicationList", list =>
        {
            foreach (var application in all) ApplicationXml.Write(list, application);
        }));
    }

    private async Task<ApiResult> CreateAsync(AccountRequest request)
    {
        var wish = await ReadAsync(request).ConfigureAwait(false);
        if (!wish.IsSuccess) return ApiResult.Error(wish.Error);
        var result = await applications.CreateAsync(request.AccountId, wish.Value, request.Aborted).ConfigureAwait(false);
        return result.IsSuccess
            ? ApiResult.Xml(
                StatusCodes.Status201Created,
                writer => ApplicationXml.Write(writer, result.Value),
                $"{request.Url}/{result.Value.Id}")
            : ApiResult.Error(result.Error);
    }

    private async Task<ApiResult> GetAsync(AccountRequest request)
    {
        var (reference, application) = await FindAsync(request).ConfigureAwait(false);
        return application is null
            ? ApiResult.Error(ApplicationService.NotFound(reference))
            : ApiResult.Xml(StatusCodes.Status200OK, writer => ApplicationXml.Write(writer, application));
    }

    private async Task<ApiResult> UpdateAsync(AccountRequest request, bool isPartial)
    {
        var wish = await ReadAsync(request).ConfigureAwait(false);
        if (!wish.IsSuccess) return ApiResult.Error(wish.Error);
        var result = await applications
            .UpdateAsync(request.AccountId, request.Argument("application"), wish.Value, isPartial, request.Aborted).ConfigureAwait(false);
        return result.IsSuccess
            ? ApiResult.Xml(StatusCodes.Status200OK, writer => ApplicationXml.Write(writer, result.Value))
            : ApiResult.Error(result.Error);
    }

    private async Task<ApiResult> DeleteAsync(AccountRequest request)
    {
        var result = await applications
            .DeleteAsync(request.AccountId, request.Argument("application"), request.Aborted).ConfigureAwait(false);
        return result.IsSuccess ? ApiResult.Empty(StatusCodes.Status200OK) : ApiResult.Error(result.Error);
    }

    /// <summary>The locations that use an application.</summary>
    private async Task<ApiResult> ListSipPeersAsync(AccountRequest request)
    {
        var (reference, application) = await FindAsync(request).ConfigureAwait(false);
        if (application is null) return ApiResult.Error(ApplicationService.NotFound(reference));
        var all = await locations.ListAsync(request.AccountId, application.Id, request.Aborted).ConfigureAwait(false);
        return ApiResult.Xml(StatusCodes.Status200OK, writer => writer.WriteElement("AssociatedSipPeers", list =>
        {
            foreach (var location in all) WriteSipPeer(list, location);
        }));
    }

    private static void WriteSipPeer(XmlWriter writer, LocationDetails location) => writer.WriteElement("AssociatedSipPeer", element =>
    {
        element.WriteNumber("SiteId", location.SiteId);
        element.WriteText("SiteName", location.SiteName);
        element.WriteNumber("PeerId", location.Id);
        element.WriteText("PeerName", location.Name);
    });

    private async Task<(string Reference, ApplicationDetails? Application)> FindAsync(AccountRequest request)
    {
        var reference = request.Argument("application");
        return (reference, await applications.FindAsync(request.AccountId, reference, request.Aborted).ConfigureAwait(false));
    }

    private static async Task<ProvisioningResult<NewApplication>> ReadAsync(AccountRequest request)
    {
        var body = await request.ReadXmlAsync(ApplicationXml.Element).ConfigureAwait(false);
        return body.IsSuccess ? ApplicationXml.Read(body.Value) : body.Error;
    }
}
