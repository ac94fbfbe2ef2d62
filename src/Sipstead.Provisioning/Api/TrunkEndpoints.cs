using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Sipstead.Provisioning.Accounts;
using Sipstead.Provisioning.Trunks;

namespace Sipstead.Provisioning.Api;

/// <summary>The trunks of an account over HTTP (ours, ruling 27). They cost money and open the server to a network, so only admins change them.</summary>
internal sealed class TrunkEndpoints(TrunkService trunks, ITrunkHealth? health)
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var services = routes.ServiceProvider;
        var endpoints = new TrunkEndpoints(services.GetRequiredService<TrunkService>(), services.GetService<ITrunkHealth>());
        AccountApi.MapJson(
            routes,
            "trunks",
            AccountMethod.Json("GET", ApiRole.Read, endpoints.ListAsync),
            AccountMethod.Json("POST", ApiRole.Admin, endpoints.CreateAsync));
        AccountApi.MapJson(
            routes,
            "trunks/{trunk}",
            AccountMethod.Json("GET", ApiRole.Read, endpoints.GetAsync),
            AccountMethod.Json("PUT", ApiRole.Admin, endpoints.UpdateAsync),
            AccountMethod.Json("DELETE", ApiRole.Admin, endpoints.DeleteAsync));
    }

    private async Task<ApiResult> ListAsync(AccountRequest request)
    {
        var all = await trunks.ListAsync(request.AccountId, request.Aborted).ConfigureAwait(false);
        return ApiResult.Json(StatusCodes.Status200OK, all.Select(BodyOf), AccountJson.Api.IEnumerableTrunkBody);
    }

    private async Task<ApiResult> CreateAsync(AccountRequest request)
    {
        var wish = await ReadAsync(request).ConfigureAwait(false);
        if (!wish.IsSuccess) return ApiResult.Error(wish.Error);
        var result = await trunks.CreateAsync(request.AccountId, wish.Value, request.Aborted).ConfigureAwait(false);
        return result.IsSuccess
            ? ApiResult.Json(StatusCodes.Status201Created, BodyOf(result.Value), AccountJson.Api.TrunkBody, $"{request.Url}/{result.Value.Id}")
            : ApiResult.Error(result.Error);
    }

    private async Task<ApiResult> GetAsync(AccountRequest request) =>
        Answer(await trunks.FindAsync(request.AccountId, request.Argument("trunk"), request.Aborted).ConfigureAwait(false));

    private async Task<ApiResult> UpdateAsync(AccountRequest request)
    {
        var wish = await ReadAsync(request).ConfigureAwait(false);
        return wish.IsSuccess
            ? Answer(await trunks.UpdateAsync(request.AccountId, request.Argument("trunk"), wish.Value, request.Aborted).ConfigureAwait(false))
            : ApiResult.Error(wish.Error);
    }

    private async Task<ApiResult> DeleteAsync(AccountRequest request)
    {
        var result = await trunks.DeleteAsync(request.AccountId, request.Argument("trunk"), request.Aborted).ConfigureAwait(false);
        return result.IsSuccess ? ApiResult.Empty(StatusCodes.Status204NoContent) : ApiResult.Error(result.Error);
    }

    private ApiResult Answer(ProvisioningResult<TrunkDetails> result) => result.IsSuccess
        ? ApiResult.Json(StatusCodes.Status200OK, BodyOf(result.Value), AccountJson.Api.TrunkBody)
        : ApiResult.Error(result.Error);

    private TrunkBody BodyOf(TrunkDetails trunk) => TrunkBody.Of(trunk, health?.Of(trunk.Id));

    private static async Task<ProvisioningResult<NewTrunk>> ReadAsync(AccountRequest request)
    {
        var body = await request.ReadJsonAsync().ConfigureAwait(false);
        if (!body.IsSuccess) return body.Error;
        var fields = body.Value;
        var wish = new NewTrunk
        {
            Name = fields.Text("name", TrunkRules.MaximumNameLength),
            IsEnabled = !fields.Has("enabled") || fields.Flag("enabled"),
            Priority = fields.WholeNumber("priority", new NewTrunk().Priority, 0, int.MaxValue),
            Host = fields.Text("host", TrunkRules.MaximumHostLength),
            Port = fields.Has("port") ? fields.WholeNumber("port", 0, 1, ushort.MaxValue) : null,
            Transport = fields.Text("transport", 10),
            UserName = fields.Text("userName", TrunkRules.MaximumUserNameLength),
            Password = fields.Text("password", TrunkRules.MaximumPasswordLength),
            Sources = fields.Texts("sources", TrunkRules.MaximumSources, 64) ?? [],
            Outbound = fields.Texts("outbound", TrunkRules.MaximumPatterns, 32) ?? [],
            CallerIds = fields.Texts("callerIds", TrunkRules.MaximumPatterns, 32) ?? [],
            Routes = [.. (fields.Objects("routes", TrunkRules.MaximumRoutes) ?? []).Select(route => ReadRoute(fields, route))],
        };
        return fields.Error is { } error ? ProvisioningError.Invalid(null, error) : wish;
    }

    private static NewTrunkRoute ReadRoute(JsonFields trunk, JsonFields route)
    {
        var read = new NewTrunkRoute(route.Text("pattern", 32), route.Text("applicationId", 64), route.Id("sipPeerId"));
        if (route.Error is { } error) trunk.Fail(error);
        return read;
    }
}

/// <summary>A trunk.</summary>
internal sealed record TrunkBody(
    long Id,
    string Name,
    bool Enabled,
    int Priority,
    string Host,
    int? Port,
    string? Transport,
    string? UserName,
    IReadOnlyList<string> Sources,
    IReadOnlyList<string> Outbound,
    IReadOnlyList<string> CallerIds,
    IReadOnlyList<TrunkRouteBody> Routes,
    TrunkHealthBody? Health)
{
    public static TrunkBody Of(TrunkDetails t, TrunkHealth? health) => new(
        t.Id, t.Name, t.IsEnabled, t.Priority, t.Host, t.Port, NameOf(t.Transport), t.UserName, t.Sources, t.Outbound, t.CallerIds,
        [.. t.Routes.Select(r => new TrunkRouteBody(r.Pattern, r.ApplicationId?.ToString("D"), r.LocationId))],
        health is null ? null : TrunkHealthBody.Of(health));

    private static string? NameOf(TrunkTransport? transport) => transport switch
    {
        TrunkTransport.Udp => "udp",
        TrunkTransport.Tcp => "tcp",
        TrunkTransport.Tls => "tls",
        _ => null,
    };
}

/// <summary>Where the calls to some numbers go.</summary>
internal sealed record TrunkRouteBody(string Pattern, string? ApplicationId, long? SipPeerId);

/// <summary>Whether a trunk lives.</summary>
/// <param name="RoundTrip">Milliseconds.</param>
internal sealed record TrunkHealthBody(string State, string Since, string? CheckedAt, int? Answer, double? RoundTrip, string? Reason)
{
    public static TrunkHealthBody Of(TrunkHealth health) => new(
        TrunkStateNames.Of(health.State),
        ApiTime.Format(health.Since), health.CheckedAt is { } at ? ApiTime.Format(at) : null, health.Answer,
        health.RoundTrip is { } time ? Math.Round(time.TotalMilliseconds, 1) : null, health.Reason);
}
