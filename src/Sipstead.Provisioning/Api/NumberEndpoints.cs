using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Sipstead.Provisioning.Accounts;
using Sipstead.Provisioning.Locations;

namespace Sipstead.Provisioning.Api;

/// <summary>
/// The telephone numbers of an account over HTTP (ours), and the voice configuration packages that there are none of (contract 8).
/// </summary>
internal sealed class NumberEndpoints(PhoneNumberService numbers)
{
    private const int DefaultSize = 500;
    private const int MaximumSize = 5000;
    private const string LocationField = "sipPeerId";

    public static void Map(IEndpointRouteBuilder routes)
    {
        var endpoints = new NumberEndpoints(routes.ServiceProvider.GetRequiredService<PhoneNumberService>());
        AccountApi.MapJson(
            routes,
            "numbers",
            AccountMethod.Json("GET", ApiRole.Read, endpoints.ListAsync),
            AccountMethod.Json("POST", ApiRole.Write, endpoints.SetAsync));
        AccountApi.MapJson(
            routes,
            "numbers/{number}",
            AccountMethod.Json("GET", ApiRole.Read, endpoints.GetAsync),
            AccountMethod.Json("DELETE", ApiRole.Write, endpoints.RemoveAsync));

        string[] verbs = ["GET", "POST", "PUT", "PATCH", "DELETE"];
        AccountApi.MapJson(
            routes, "voiceConfigurationPackages/{**rest}", Array.ConvertAll(verbs, verb => AccountMethod.Json(verb, ApiRole.Read, RefusePackages)));
    }

    private async Task<ApiResult> ListAsync(AccountRequest request)
    {
        var size = DefaultSize;
        if (request.Parameter("size") is { } sizeText
            && (!int.TryParse(sizeText, NumberStyles.None, CultureInfo.InvariantCulture, out size) || size is < 1 or > MaximumSize))
        {
            return Bad($"Invalid size: '{sizeText}' is not within the range [1, {MaximumSize}]");
        }

        long? location = null;
        if (request.Parameter(LocationField) is { } locationText)
        {
            if (!long.TryParse(locationText, NumberStyles.None, CultureInfo.InvariantCulture, out var id))
                return Bad($"Invalid {LocationField}: '{locationText}' is no id");
            location = id;
        }

        var first = request.Parameter("page") is { } page ? Numbered(page) : null;
        var found = await numbers.ListAsync(request.AccountId, location, first, size + 1, request.Aborted).ConfigureAwait(false);
        var next = found.Count > size ? found[size].Number : null;
        return ApiResult.Json(
            StatusCodes.Status200OK, new NumbersBody([.. found.Take(size).Select(Body)], next), AccountJson.Api.NumbersBody);
    }

    private async Task<ApiResult> SetAsync(AccountRequest request)
    {
        var body = await request.ReadJsonAsync().ConfigureAwait(false);
        if (!body.IsSuccess) return ApiResult.Error(body.Error);
        var location = body.Value.Id(LocationField);
        var wanted = body.Value.Texts("numbers", PhoneNumberService.MaximumNumbers, 32);
        if (location is null) body.Value.Fail($"{LocationField} is required");
        if (wanted is null) body.Value.Fail("numbers is required");
        if (body.Value.Error is { } error) return Bad(error);
        var result = await numbers.SetAsync(request.AccountId, location!.Value, wanted!, request.Aborted).ConfigureAwait(false);
        return result.IsSuccess
            ? ApiResult.Json(StatusCodes.Status200OK, new NumbersBody([.. result.Value.Select(Body)], null), AccountJson.Api.NumbersBody)
            : ApiResult.Error(result.Error);
    }

    private async Task<ApiResult> GetAsync(AccountRequest request)
    {
        var number = Numbered(request.Argument("number"));
        var found = await numbers.FindAsync(request.AccountId, number, request.Aborted).ConfigureAwait(false);
        return found is null
            ? ApiResult.Error(PhoneNumberService.NotFound(number))
            : ApiResult.Json(StatusCodes.Status200OK, Body(found), AccountJson.Api.NumberBody);
    }

    private async Task<ApiResult> RemoveAsync(AccountRequest request)
    {
        var result = await numbers.RemoveAsync(request.AccountId, Numbered(request.Argument("number")), request.Aborted).ConfigureAwait(false);
        return result.IsSuccess ? ApiResult.Empty(StatusCodes.Status204NoContent) : ApiResult.Error(result.Error);
    }

    /// <summary>What clients take as the advice to use applications and locations instead.</summary>
    private static Task<ApiResult> RefusePackages(AccountRequest request) => Task.FromResult(ApiResult.Error(
        StatusCodes.Status403Forbidden, null, "Voice configuration packages are not enabled; bind an application to a location or SIP credential"));

    /// <summary>A number in a URL: its plus sign is often left out, or has become a space.</summary>
    private static string Numbered(string text) => "+" + text.TrimStart('+', ' ');

    private static ApiResult Bad(string description) => ApiResult.Error(StatusCodes.Status400BadRequest, null, description);

    private static NumberBody Body(PhoneNumberDetails number) => new(number.Number, number.SiteId, number.LocationId);
}

/// <summary>A telephone number.</summary>
internal sealed record NumberBody(string Number, long SiteId, long SipPeerId);

/// <summary>A page of telephone numbers.</summary>
/// <param name="Numbers">In their order.</param>
/// <param name="NextPage">What to give as <c>page</c> for the next page; null when there is none.</param>
internal sealed record NumbersBody(IReadOnlyList<NumberBody> Numbers, string? NextPage);
