using System.Globalization;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Sipstead.Provisioning.Accounts;
using Sipstead.Provisioning.Api;
using Sipstead.Provisioning.Store;

namespace Sipstead.Voice.Api;

/// <summary>One resource of the Voice API: user and account are checked before anything is looked up (voice-api.md 2), errors have the API's own body.</summary>
internal sealed class VoiceEndpoint(VoiceMethod[] methods, AccountAccess accounts, RequestOrigin origin, ILogger logger)
{
    public const string AccountArgument = "accountId";

    private readonly string _allowed = string.Join(", ", methods.Select(method => method.Verb));

    public async Task InvokeAsync(HttpContext context)
    {
        VoiceResult result;
        try
        {
            result = await AnswerAsync(context);
        }
        catch (Exception e) when (context.RequestAborted.IsCancellationRequested || e is ConnectionAbortedException or ConnectionResetException)
        {
            return; // the client is gone, or the server stops in the middle of a request
        }
        catch (BadHttpRequestException e)
        {
            result = new VoiceError(e.StatusCode, "validation", "The request body cannot be read");
        }
        catch (StoreUnavailableException)
        {
            result = VoiceError.Unavailable;
        }
#pragma warning disable CA1031 // the last line of defence: the client gets an answer, the log gets the failure
        catch (Exception e)
#pragma warning restore CA1031
        {
            VoiceLog.RequestFailed(logger, context.Request.Method, context.Request.Path.ToUriComponent(), e);
            result = VoiceError.Internal;
        }

        await WriteAsync(context, result);
    }

    private async Task<VoiceResult> AnswerAsync(HttpContext context)
    {
        var method = Array.Find(methods, one => one.Verb == context.Request.Method);
        var account = Convert.ToString(context.GetRouteValue(AccountArgument), CultureInfo.InvariantCulture);
        var access = await accounts.AuthorizeAsync(context, account, method is { Writes: true } ? ApiRole.Write : ApiRole.Read);
        switch (access.Outcome)
        {
            case AccountAccessOutcome.Unauthenticated: return VoiceError.Unauthorized;
            case AccountAccessOutcome.Overloaded: return VoiceError.Overloaded;
            case AccountAccessOutcome.Slowed: return VoiceError.Slowed;
            case AccountAccessOutcome.NotThisAccount or AccountAccessOutcome.RoleTooLow: return VoiceError.Forbidden;
        }

        if (method is not null) return await method.Answer(new VoiceRequest(context, access.AccountId, origin.Of(context)));
        context.Response.Headers.Allow = _allowed;
        return VoiceError.MethodNotAllowed;
    }

    private static async Task WriteAsync(HttpContext context, VoiceResult result)
    {
        var response = context.Response;
        response.StatusCode = result.Status;
        response.Headers.CacheControl = "no-store";
        if (result.Stream is not null)
        {
            await result.Stream.ExecuteAsync(context);
            return;
        }

        if (result.Location is not null) response.Headers.Location = result.Location;
        if (result.RetryAfter is { } seconds) response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        response.ContentLength = result.Body?.Length ?? 0;
        if (result.Body is null) return;
        response.ContentType = result.ContentType;
        if (result.FileName is not null) response.Headers.ContentDisposition = $"attachment; filename=\"{result.FileName}\"";
        await response.Body.WriteAsync(result.Body, response.HttpContext.RequestAborted);
    }
}
