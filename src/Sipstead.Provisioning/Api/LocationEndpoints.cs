using System.Xml;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Sipstead.Provisioning.Locations;

namespace Sipstead.Provisioning.Api;

/// <summary>The locations of a site, <c>sippeers</c> in XML, and the application of their numbers, over HTTP (contract 8).</summary>
internal sealed class LocationEndpoints(LocationService locations)
{
    private const string List = "TNSipPeersResponse";
    private const string Single = "SipPeerResponse";
    private const string Element = "SipPeer";
    private const string SettingsRoot = "SipPeerOriginationSettingsResponse";
    private const string Settings = "SipPeerOriginationSettings";
    private const string HttpSettings = "HttpSettings";
    private const string VoiceProtocol = "VoiceProtocol";
    private const string Http = "HTTP";
    private const string ApplicationElement = "HttpVoiceV2AppId";

    public static void Map(IEndpointRouteBuilder routes)
    {
        var endpoints = new LocationEndpoints(routes.ServiceProvider.GetRequiredService<LocationService>());
        AccountApi.Map(
            routes, "sites/{site}/sippeers", AccountMethod.Get(List, endpoints.ListAsync), AccountMethod.Post(Single, endpoints.CreateAsync));
        AccountApi.Map(
            routes,
            "sites/{site}/sippeers/{location}",
            AccountMethod.Get(Single, endpoints.GetAsync),
            AccountMethod.Put(Single, endpoints.UpdateAsync),
            AccountMethod.Delete(Single, endpoints.DeleteAsync));
        AccountApi.Map(
            routes,
            "sites/{site}/sippeers/{location}/products/origination/settings",
            AccountMethod.Get(SettingsRoot, endpoints.GetSettingsAsync),
            AccountMethod.Post(SettingsRoot, request => endpoints.SetSettingsAsync(request, StatusCodes.Status201Created)),
            AccountMethod.Put(SettingsRoot, request => endpoints.SetSettingsAsync(request, StatusCodes.Status200OK)));
    }

    private async Task<ApiResult> ListAsync(AccountRequest request)
    {
        var result = await locations.ListAsync(request.AccountId, request.Argument("site"), request.Aborted).ConfigureAwait(false);
        if (!result.IsSuccess) return ApiResult.Error(result.Error);
        return ApiResult.Xml(StatusCodes.Status200OK, writer => writer.WriteElement("SipPeers", list =>
        {
            foreach (var location in result.Value) Write(list, location);
        }));
    }

    /// <summary>An empty body: the id is the end of Location (contract 8).</summary>
    private async Task<ApiResult> CreateAsync(AccountRequest request)
    {
        var wish = await ReadAsync(request).ConfigureAwait(false);
        if (!wish.IsSuccess) return ApiResult.Error(wish.Error);
        var result = await locations.CreateAsync(request.AccountId, request.Argument("site"), wish.Value, request.Aborted).ConfigureAwait(false);
        return result.IsSuccess
            ? ApiResult.Empty(StatusCodes.Status201Created, $"{request.Url}/{result.Value.Id}")
            : ApiResult.Error(result.Error);
    }

    private async Task<ApiResult> GetAsync(AccountRequest request) => Answer(await FindAsync(request).ConfigureAwait(false));

    private async Task<ApiResult> UpdateAsync(AccountRequest request)
    {
        var wish = await ReadAsync(request).ConfigureAwait(false);
        if (!wish.IsSuccess) return ApiResult.Error(wish.Error);
        var result = await locations
            .UpdateAsync(request.AccountId, request.Argument("site"), request.Argument("location"), wish.Value, request.Aborted)
            .ConfigureAwait(false);
        return Answer(result);
    }

    private async Task<ApiResult> DeleteAsync(AccountRequest request)
    {
        var result = await locations
            .DeleteAsync(request.AccountId, request.Argument("site"), request.Argument("location"), request.Aborted).ConfigureAwait(false);
        return result.IsSuccess ? ApiResult.Empty(StatusCodes.Status200OK) : ApiResult.Error(result.Error);
    }

    private async Task<ApiResult> GetSettingsAsync(AccountRequest request) =>
        SettingsAnswer(await FindAsync(request).ConfigureAwait(false), StatusCodes.Status200OK);

    private async Task<ApiResult> SetSettingsAsync(AccountRequest request, int status)
    {
        var body = await request.ReadXmlAsync(Settings).ConfigureAwait(false);
        if (!body.IsSuccess) return ApiResult.Error(body.Error);
        if (ReadApplication(body.Value, out var application) is { } error) return ApiResult.Error(error);
        var result = await locations
            .SetApplicationAsync(request.AccountId, request.Argument("site"), request.Argument("location"), application, request.Aborted)
            .ConfigureAwait(false);
        return SettingsAnswer(result, status);
    }

    /// <summary>The application; null takes the one away that there is.</summary>
    private static ProvisioningError? ReadApplication(RequestElement body, out Guid? application)
    {
        application = null;
        if (body.CheckSingle(VoiceProtocol, HttpSettings) is { } repeated) return repeated;
        if (body.Value(VoiceProtocol) is { Length: > 0 } protocol && !protocol.Equals(Http, StringComparison.OrdinalIgnoreCase))
            return ProvisioningError.Invalid(ErrorCodes.NotAllowed, $"{VoiceProtocol} '{protocol}' is not allowed. Valid values: {Http}");
        var settings = body.Child(HttpSettings);
        if (settings?.CheckSingle(ApplicationElement) is { } inside) return inside;
        if (settings?.Value(ApplicationElement) is not { } id)
            return ProvisioningError.Invalid(ErrorCodes.Required, $"{ApplicationElement} is required");
        if (id.Length == 0) return null;
        application = Guid.TryParseExact(id, "D", out var parsed) ? parsed : null;
        return application is null ? ProvisioningError.Invalid(ErrorCodes.NotValid, $"{ApplicationElement} '{id}' is not a valid UUID") : null;
    }

    private Task<ProvisioningResult<LocationDetails>> FindAsync(AccountRequest request) =>
        locations.FindAsync(request.AccountId, request.Argument("site"), request.Argument("location"), request.Aborted);

    private static ApiResult Answer(ProvisioningResult<LocationDetails> result) => result.IsSuccess
        ? ApiResult.Xml(StatusCodes.Status200OK, writer => Write(writer, result.Value))
        : ApiResult.Error(result.Error);

    private static ApiResult SettingsAnswer(ProvisioningResult<LocationDetails> result, int status)
    {
        if (!result.IsSuccess) return ApiResult.Error(result.Error);
        return ApiResult.Xml(status, writer => writer.WriteElement(Settings, settings =>
        {
            if (result.Value.ApplicationId is not { } application) return;
            settings.WriteText(VoiceProtocol, Http);
            settings.WriteElement(HttpSettings, http => http.WriteText(ApplicationElement, application.ToString("D")));
        }));
    }

    private static async Task<ProvisioningResult<NewPlace>> ReadAsync(AccountRequest request)
    {
        var body = await request.ReadXmlAsync(Element).ConfigureAwait(false);
        if (!body.IsSuccess) return body.Error;
        if (body.Value.CheckSingle("PeerName", "Description", "IsDefaultPeer") is { } repeated) return repeated;
        if (body.Value.ReadBoolean("IsDefaultPeer", out var isDefault) is { } badDefault) return badDefault;
        return new NewPlace(
            body.Value.Value("PeerName"),
            body.Value.Value("Description"),
            OtherElements.Read(body.Value, "PeerId", "PeerName", "Description", "IsDefaultPeer"),
            isDefault);
    }

    private static void Write(XmlWriter writer, LocationDetails location) => writer.WriteElement(Element, element =>
    {
        element.WriteNumber("PeerId", location.Id);
        element.WriteText("PeerName", location.Name);
        element.WriteText("Description", location.Description);
        element.WriteBoolean("IsDefaultPeer", location.IsDefault);
        element.WriteOther(location.OtherElements);
    });
}
