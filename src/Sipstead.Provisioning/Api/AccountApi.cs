using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Sipstead.Provisioning.Accounts;

namespace Sipstead.Provisioning.Api;

/// <summary>
/// Maps resources of an account, XML under every prefix that clients use (contract 1) and JSON under those of the newer APIs, with authentication, the check of account
/// and role, and the error envelope. Other projects map their resources here too.
/// </summary>
public static class AccountApi
{
    internal static readonly IReadOnlyList<string> Prefixes = ["/api", "/api/v1", "/api/v2", "/v1.0", "/iris"];

    private static readonly string[] JsonPrefixes = ["/api/v2", "/v2"];

    /// <summary>The prefixes of which no other begins with one: they cover all paths of the API.</summary>
    private static readonly string[] Roots = ["/api", "/v1.0", "/v2", "/iris"];

    /// <summary>Maps an XML resource of an account.</summary>
    /// <param name="routes">Where to map it.</param>
    /// <param name="pattern">The route under the account, such as <c>realms/{realm}</c>.</param>
    /// <param name="methods">Its methods; any other is answered 405, with the root element of the first.</param>
    public static void Map(IEndpointRouteBuilder routes, string pattern, params AccountMethod[] methods) =>
        Map(routes, Prefixes, pattern, methods);

    /// <summary>Maps a JSON resource of an account, whose errors have the body of the Voice API's.</summary>
    /// <param name="routes">Where to map it.</param>
    /// <param name="pattern">The route under the account, such as <c>users/{user}</c>.</param>
    /// <param name="methods">Its methods; any other is answered 405.</param>
    public static void MapJson(IEndpointRouteBuilder routes, string pattern, params AccountMethod[] methods) =>
        Map(routes, JsonPrefixes, pattern, methods);

    /// <summary>Answers every other path under the prefixes with 404, in JSON to who speaks it, else in XML (ruling 22).</summary>
    internal static void MapUnknownPaths(IEndpointRouteBuilder routes)
    {
        foreach (var root in Roots) routes.Map($"{root}/{{**path}}", AnswerUnknownPathAsync);
    }

    internal static async Task WriteJsonAsync(HttpResponse response, ReadOnlyMemory<byte> document)
    {
        response.ContentType = "application/json;charset=UTF-8";
        response.ContentLength = document.Length;
        await response.Body.WriteAsync(document, response.HttpContext.RequestAborted).ConfigureAwait(false);
    }

    internal static async Task WriteXmlAsync(HttpResponse response, ReadOnlyMemory<byte> document)
    {
        response.ContentType = "application/xml";
        response.ContentLength = document.Length;
        await response.Body.WriteAsync(document, response.HttpContext.RequestAborted).ConfigureAwait(false);
    }

    private static void Map(IEndpointRouteBuilder routes, IEnumerable<string> prefixes, string pattern, AccountMethod[] methods)
    {
        ArgumentNullException.ThrowIfNull(routes);
        var services = routes.ServiceProvider;
        var endpoint = new AccountEndpoint(
            methods,
            services.GetRequiredService<AccountAccess>(),
            new RequestOrigin(services.GetRequiredService<ProvisioningOptions>().KnownProxies),
            services.GetRequiredService<ProvisioningMetrics>(),
            services.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(AccountApi)));
        foreach (var prefix in prefixes)
            routes.Map($"{prefix}/accounts/{{{AccountEndpoint.AccountArgument}}}/{pattern}", endpoint.InvokeAsync).WithMetadata(methods);
    }

    private static Task AnswerUnknownPathAsync(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        if (SpeaksJson(context.Request)) return WriteJsonAsync(context.Response, JsonError.Body(StatusCodes.Status404NotFound, "Not Found"));

        return WriteXmlAsync(context.Response, XmlOutput.Document("ErrorResponse", writer => writer.WriteElement(
            "ResponseStatus", status => status.WriteText("Description", "The resource does not exist"))));
    }

    private static bool SpeaksJson(HttpRequest request) =>
        request.Headers.Accept.ToString().Contains("json", StringComparison.OrdinalIgnoreCase)
        || request.ContentType?.Contains("json", StringComparison.OrdinalIgnoreCase) == true;
}
