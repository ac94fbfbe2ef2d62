using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Sipstead.Provisioning.Accounts;
using Sipstead.Provisioning.Store;
using Sipstead.Provisioning.Tokens;

namespace Sipstead.Provisioning.Api;

/// <summary>
/// The OAuth2 token endpoint: client credentials (RFC 6749 4.4, contract 2.2). A client is an API user (ruling 23), by Basic
/// authentication or by <c>client_id</c> and <c>client_secret</c> in the body.
/// </summary>
internal sealed class TokenEndpoint(ApiPasswords passwords, AccessTokens tokens, ProvisioningMetrics metrics)
{
    private const string GrantType = "grant_type";
    private const string ClientId = "client_id";
    private const string ClientSecret = "client_secret";

    private static readonly FormOptions FormLimits = new() { ValueCountLimit = 16, KeyLengthLimit = 64, ValueLengthLimit = 2048 };

    public static void Map(IEndpointRouteBuilder routes)
    {
        var services = routes.ServiceProvider;
        var endpoint = new TokenEndpoint(
            services.GetRequiredService<ApiPasswords>(), services.GetRequiredService<AccessTokens>(), services.GetRequiredService<ProvisioningMetrics>());
        foreach (var prefix in AccountApi.Prefixes) routes.Map($"{prefix}/oauth2/token", endpoint.InvokeAsync);
    }

    private async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await AnswerAsync(context).ConfigureAwait(false);
        }
        catch (Exception gone) when (context.RequestAborted.IsCancellationRequested || gone is ConnectionAbortedException or ConnectionResetException)
        {
            // nobody waits for an answer
        }
        catch (StoreUnavailableException)
        {
            context.Response.Headers.RetryAfter = StoreUnavailableException.RetryAfter.ToString(CultureInfo.InvariantCulture);
            await FailAsync(context, StatusCodes.Status503ServiceUnavailable, "temporarily_unavailable", "Service is Unavailable").ConfigureAwait(false);
        }
    }

    private async Task AnswerAsync(HttpContext context)
    {
        if (!HttpMethods.IsPost(context.Request.Method))
        {
            context.Response.Headers.Allow = HttpMethods.Post;
            await FailAsync(context, StatusCodes.Status405MethodNotAllowed, "invalid_request", "Only POST is allowed.").ConfigureAwait(false);
        }
        else if (await ReadFormAsync(context.Request).ConfigureAwait(false) is not { } form)
        {
            await FailAsync(
                context, StatusCodes.Status400BadRequest, "invalid_request", "The body must be application/x-www-form-urlencoded, each parameter once.")
                .ConfigureAwait(false);
        }
        else if (form[GrantType].ToString() is not "client_credentials" and var grant)
        {
            var error = grant.Length == 0 ? "invalid_request" : "unsupported_grant_type";
            await FailAsync(context, StatusCodes.Status400BadRequest, error, "grant_type must be client_credentials.").ConfigureAwait(false);
        }
        else if (!TryReadClient(context.Request, form, out var client))
        {
            await FailAsync(
                context, StatusCodes.Status400BadRequest, "invalid_request", "Give client_id and client_secret in the header or in the body, not in both.")
                .ConfigureAwait(false);
        }
        else
        {
            await AnswerAsync(context, client).ConfigureAwait(false);
        }
    }

    private async Task AnswerAsync(HttpContext context, BasicCredentials? client)
    {
        var authentication = client is { } credentials
            ? await passwords.CheckAsync(context, credentials).ConfigureAwait(false)
            : new ApiAuthentication(ApiAuthenticationOutcome.Refused);
        if (authentication.Principal is { } user)
        {
            metrics.TokenIssued();
            await WriteAsync(context, StatusCodes.Status200OK, json =>
            {
                json.WriteString("access_token", tokens.Issue(user));
                json.WriteString("token_type", "Bearer");
                json.WriteNumber("expires_in", (int)AccessTokens.Lifetime.TotalSeconds);
            }).ConfigureAwait(false);
            return;
        }

        if (authentication.Outcome == ApiAuthenticationOutcome.Refused) context.Response.Headers.WWWAuthenticate = AccountAccess.Challenge;
        await (authentication.Outcome switch
        {
            ApiAuthenticationOutcome.Slowed => FailAsync(
                context, StatusCodes.Status429TooManyRequests, "temporarily_unavailable", "Too many wrong secrets; try again after the seconds of Retry-After."),
            ApiAuthenticationOutcome.Overloaded => FailAsync(
                context, StatusCodes.Status503ServiceUnavailable, "temporarily_unavailable", "Service is Unavailable"),
            _ => FailAsync(context, StatusCodes.Status401Unauthorized, "invalid_client", "The client id or secret is missing or wrong."),
        }).ConfigureAwait(false);
    }

    /// <summary>The form; null when the body is none, too large, or has a parameter of ours twice.</summary>
    private static async Task<IFormCollection?> ReadFormAsync(HttpRequest request)
    {
        if (request.ContentType?.Split(';')[0].Trim().Equals("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase) != true)
            return null;
        try
        {
            var form = await request.ReadFormAsync(FormLimits, request.HttpContext.RequestAborted).ConfigureAwait(false);
            return Array.TrueForAll([GrantType, ClientId, ClientSecret], name => form[name].Count <= 1) ? form : null;
        }
        catch (Exception unreadable) when (unreadable is InvalidDataException or BadHttpRequestException)
        {
            return null;
        }
    }

    /// <summary>The client, null when none is named; false when it is named twice (RFC 6749 2.3).</summary>
    private static bool TryReadClient(HttpRequest request, IFormCollection form, out BasicCredentials? client)
    {
        var (id, secret) = (form[ClientId].ToString(), form[ClientSecret].ToString());
        if (BasicCredentials.TryParse(request.Headers.Authorization, out var header))
        {
            client = header;
            return secret.Length == 0 && (id.Length == 0 || id == header.UserName);
        }

        client = id.Length > 0 ? new BasicCredentials(id, secret) : null;
        return true;
    }

    private static Task FailAsync(HttpContext context, int status, string error, string description) => WriteAsync(context, status, json =>
    {
        json.WriteString("error", error);
        json.WriteString("error_description", description);
    });

    private static Task WriteAsync(HttpContext context, int status, Action<Utf8JsonWriter> content)
    {
        using var body = new MemoryStream();
        using (var json = new Utf8JsonWriter(body))
        {
            json.WriteStartObject();
            content(json);
            json.WriteEndObject();
        }

        var response = context.Response;
        response.StatusCode = status;
        response.Headers.CacheControl = "no-store";
        response.Headers.Pragma = "no-cache";
        response.ContentType = "application/json";
        response.ContentLength = body.Length;
        return response.Body.WriteAsync(body.GetBuffer().AsMemory(0, (int)body.Length), context.RequestAborted).AsTask();
    }
}
