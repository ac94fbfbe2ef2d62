using System.Globalization;
using System.Xml;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Sipstead.Provisioning.Accounts;
using Sipstead.Provisioning.Store;

namespace Sipstead.Provisioning.Api;

/// <summary>One resource of the account API: authentication, account, method and role are checked before a method answers.</summary>
internal sealed class AccountEndpoint(
    AccountMethod[] methods, AccountAccess access, RequestOrigin origin, ProvisioningMetrics metrics, ILogger log)
{
    public const string AccountArgument = "accountId";

    private static ApiResult Unavailable { get; } = ApiResult.Error(StatusCodes.Status503ServiceUnavailable, null, "Service is Unavailable");

    private readonly string _allowed = string.Join(", ", methods.Select(m => m.Verb));

    public async Task InvokeAsync(HttpContext context)
    {
        var method = Array.Find(methods, m => m.Verb == context.Request.Method);
        ApiResult result;
        try
        {
            result = await AnswerAsync(context, method).ConfigureAwait(false);
        }
        catch (Exception gone) when (IsGone(gone, context))
        {
            return;
        }
        catch (ConnectionAbortedException)
        {
            return; // the client, or the end of the server, cut an unfinished request off: nobody is left to answer
        }
        catch (BadHttpRequestException unreadable)
        {
            result = ApiResult.Error(unreadable.StatusCode, ErrorCodes.BadRequest, "The request body cannot be read.");
        }
        catch (StoreUnavailableException)
        {
            context.Response.Headers.RetryAfter = StoreUnavailableException.RetryAfter.ToString(CultureInfo.InvariantCulture);
            result = Unavailable;
        }
#pragma warning disable CA1031 // the last line of defence: the client gets the envelope, the log gets the failure
        catch (Exception failure)
#pragma warning restore CA1031
        {
            ProvisioningLog.RequestFailed(log, context.Request.Method, context.Request.Path.ToUriComponent(), failure);
            result = ApiResult.Error(StatusCodes.Status500InternalServerError, ErrorCodes.Internal, "An internal error occurred.");
        }

        metrics.Answered(method?.Verb ?? "other", result.Status);
        await WriteAsync(context.Response, (method ?? methods[0]).Root, result).ConfigureAwait(false);
    }

    /// <summary>The client left, or the server stops, while the body was read: nobody waits for an answer, and nothing failed.</summary>
    private static bool IsGone(Exception failure, HttpContext context) =>
        failure is ConnectionResetException or OperationCanceledException { InnerException: ConnectionAbortedException }
        || (failure is OperationCanceledException && context.RequestAborted.IsCancellationRequested);

    private async Task<ApiResult> AnswerAsync(HttpContext context, AccountMethod? method)
    {
        var account = Convert.ToString(context.GetRouteValue(AccountArgument), CultureInfo.InvariantCulture);
        var authorization = await access.AuthorizeAsync(context, account, method?.Role ?? ApiRole.Read).ConfigureAwait(false);
        if (!authorization.IsAuthorized) return Refused(authorization.Outcome, account, isJson: methods[0].Root is null);

        if (method is null)
        {
            context.Response.Headers.Allow = _allowed;
            return ApiResult.Error(
                StatusCodes.Status405MethodNotAllowed,
                null,
                $"Method {context.Request.Method} is not allowed here; allowed are {_allowed}.");
        }

        var (user, accountId) = (authorization.User, authorization.AccountId);
        authorization.Actor.Act();
        var result = await method.Answer(new AccountRequest(context, accountId, user, origin.Of(context))).ConfigureAwait(false);
        if (method.Role > ApiRole.Read)
        {
            ProvisioningLog.Changed(
                log, user.UserName, accountId, method.Verb, context.Request.Path.ToUriComponent(), result.Status);
        }

        return result;
    }

    private static ApiResult Refused(AccountAccessOutcome outcome, string? account, bool isJson) => outcome switch
    {
        AccountAccessOutcome.Overloaded => Unavailable,
        AccountAccessOutcome.Slowed => ApiResult.Error(
            StatusCodes.Status429TooManyRequests, null, "Too many wrong passwords; try again after the seconds of Retry-After."),
        AccountAccessOutcome.NotThisAccount when !isJson => ApiResult.Error(
            StatusCodes.Status404NotFound, ErrorCodes.AccountNotFound, $"Account '{account}' does not exist or is locked"),
        AccountAccessOutcome.NotThisAccount or AccountAccessOutcome.RoleTooLow =>
            ApiResult.Error(StatusCodes.Status403Forbidden, ErrorCodes.AccessDenied, "Access Denied"),
        _ => ApiResult.Error(StatusCodes.Status401Unauthorized, null, "The user name or password is missing or wrong."),
    };

    private static Task WriteAsync(HttpResponse response, string? root, ApiResult result)
    {
        response.StatusCode = result.Status;
        response.Headers.CacheControl = "no-store";
        if (result.Attachment is { } file) return file.WriteAsync(response);
        if (result.Location is not null) response.Headers.Location = result.Location;
        if (root is null && (result.JsonContent ?? ErrorOf(result)) is { } json) return AccountApi.WriteJsonAsync(response, json);
        if (root is null || (result.Failure is null && result.Content is null))
        {
            response.ContentLength = 0;
            return Task.CompletedTask;
        }

        return AccountApi.WriteXmlAsync(response, XmlOutput.Document(root, writer => WriteBody(writer, result)));
    }

    private static byte[]? ErrorOf(ApiResult result) =>
        result.Failure is var (_, description) ? JsonError.Body(result.Status, description) : null;

    private static void WriteBody(XmlWriter writer, ApiResult result)
    {
        if (result.Failure is var (code, description))
        {
            writer.WriteElement("ResponseStatus", status =>
            {
                status.WriteNumber("ErrorCode", code);
                status.WriteText("Description", description);
            });
        }

        result.Content?.Invoke(writer);
    }
}
