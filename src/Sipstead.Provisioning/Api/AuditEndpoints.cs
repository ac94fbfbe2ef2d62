using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Sipstead.Provisioning.Accounts;
using Sipstead.Provisioning.Audit;

namespace Sipstead.Provisioning.Api;

/// <summary>The audit of an account over HTTP, for its admins (ours): it tells who works there and from where.</summary>
internal sealed class AuditEndpoints(AuditService audit)
{
    private const string NoTime = "no time; write it like 2026-11-27T00:00:00Z";

    public static void Map(IEndpointRouteBuilder routes)
    {
        var endpoints = new AuditEndpoints(routes.ServiceProvider.GetRequiredService<AuditService>());
        AccountApi.MapJson(routes, "audit", AccountMethod.Json("GET", ApiRole.Admin, endpoints.ListAsync));
    }

    private async Task<ApiResult> ListAsync(AccountRequest request)
    {
        var query = Read(request);
        if (!query.IsSuccess) return ApiResult.Error(query.Error);
        var page = await audit.ListAsync(request.AccountId, query.Value, request.Aborted).ConfigureAwait(false);
        var body = new AuditBody([.. page.Records.Select(AuditRecordBody.Of)], page.Next?.ToString(CultureInfo.InvariantCulture));
        return ApiResult.Json(StatusCodes.Status200OK, body, AccountJson.Api.AuditBody);
    }

    private static ProvisioningResult<AuditQuery> Read(AccountRequest request)
    {
        var query = new AuditQuery { Actor = request.Parameter("actor"), ResourceId = request.Parameter("id") };
        if (request.Parameter("kind") is { } kindText)
        {
            if (AuditNames.ParseKind(kindText) is not { } kind)
                return Invalid("kind", kindText, $"none of {string.Join(", ", Enum.GetValues<AuditKind>().Select(AuditNames.Of))}");
            query = query with { Kind = kind };
        }

        if (request.Parameter("size") is { } sizeText)
        {
            if (Number(sizeText) is not (>= 1 and <= AuditService.MaximumSize and var size))
                return Invalid("size", sizeText, $"not within the range [1, {AuditService.MaximumSize}]");
            query = query with { Size = (int)size };
        }

        if (request.Parameter("page") is { } pageText)
        {
            if (Number(pageText) is not { } newest) return Invalid("page", pageText, "no id; give nextPage of the page before");
            query = query with { Newest = newest };
        }

        if (request.Parameter("from") is { } fromText)
        {
            if (!ApiTime.TryParse(fromText, out var from)) return Invalid("from", fromText, NoTime);
            query = query with { From = from };
        }

        if (request.Parameter("to") is not { } toText) return query;
        return ApiTime.TryParse(toText, out var to) ? query with { To = to } : Invalid("to", toText, NoTime);
    }

    private static ProvisioningError Invalid(string parameter, string text, string why) => ProvisioningError.Invalid(null, $"Invalid {parameter}: '{text}' is {why}");

    private static long? Number(string text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}

/// <summary>A page of the audit, newest first.</summary>
/// <param name="Entries">The entries.</param>
/// <param name="NextPage">What to give as <c>page</c> for the next page; null when there is none.</param>
internal sealed record AuditBody(IReadOnlyList<AuditRecordBody> Entries, string? NextPage);

/// <summary>An entry of the audit.</summary>
internal sealed record AuditRecordBody(
    long Id,
    string Time,
    string Actor,
    string Via,
    string? Source,
    string Action,
    string Kind,
    string? ResourceId,
    long? LastResourceId,
    string? Name,
    int Count,
    IReadOnlyList<string>? Names,
    IReadOnlyList<AuditChange>? Changes)
{
    public static AuditRecordBody Of(AuditRecord r) => new(
        r.Id, ApiTime.Format(r.At), r.Actor.Name, AuditNames.Of(r.Actor.Via), r.Actor.Source,
        AuditNames.Of(r.Action), AuditNames.Of(r.Kind), r.ResourceId, r.LastResourceId, r.Name, r.Count,
        r.Names.Count == 0 ? null : r.Names, r.Changes.Count == 0 ? null : r.Changes);
}
