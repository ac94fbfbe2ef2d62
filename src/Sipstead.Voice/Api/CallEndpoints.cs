using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Sipstead.Provisioning.Api;
using Sipstead.Provisioning.View;
using Sipstead.Voice.Calls;

namespace Sipstead.Voice.Api;

/// <summary>createCall, listCalls, getCallState, updateCall (voice-api.md 4.1 to 4.4).</summary>
internal sealed class CallEndpoints(CallEngine engine, CallRegistry registry, ProvisioningView view, VoiceOptions options)
{
    private const int MaximumPageSize = 10_000;

    public async Task<VoiceResult> CreateAsync(VoiceRequest request)
    {
        var (fields, error) = await request.ReadJsonAsync();
        if (fields is null) return error!;
        if (CreateCallRequest.Read(fields, request.AccountId, request.BaseUrl, options) is not { } wish) return VoiceError.Invalid(fields.Error!);
        if (!Guid.TryParse(wish.ApplicationId, out var id) || !view.Applications.TryFind(id, out var application) || application.AccountId != request.AccountId)
            return VoiceError.Invalid($"Could not create call: Application id {wish.ApplicationId} not found");
        return engine.TryCreate(wish, out var call) switch
        {
            CallAdmission.AccountRate => VoiceError.RateLimit,
            CallAdmission.AccountCalls => VoiceError.ConcurrencyLimit,
            CallAdmission.ServerCalls => VoiceError.TooManyCalls,
            _ => VoiceResult.Json(StatusCodes.Status201Created, Created(call.State, wish), VoiceJson.Api.CreatedCallBody, call.State.Url),
        };
    }

    public Task<VoiceResult> ListAsync(VoiceRequest request) => Task.FromResult(List(request));

    public Task<VoiceResult> GetAsync(VoiceRequest request)
    {
        var callId = request.Argument("callId");
        return Task.FromResult<VoiceResult>(registry.TryFind(request.Account, callId, out var call)
            ? VoiceResult.Json(StatusCodes.Status200OK, Describe(call.State), VoiceJson.Api.CallBody)
            : VoiceError.CallNotFound(callId));
    }

    public async Task<VoiceResult> UpdateAsync(VoiceRequest request)
    {
        var callId = request.Argument("callId");
        var (fields, error) = await request.ReadJsonAsync();
        if (fields is null) return error!;
        if (!registry.TryFind(request.Account, callId, out var call)) return VoiceError.CallNotFound(callId);
        if (UpdateCallRequest.Read(fields, options) is not { } update) return VoiceError.Invalid(fields.Error!);
        if (call.Live is not { } live) return VoiceError.NotModifiable(callId);
        var isDone = update.Redirect is { } redirect ? await live.RedirectAsync(redirect) : await live.CompleteAsync();
        return isDone ? VoiceResult.Empty(StatusCodes.Status200OK) : VoiceError.NotModifiable(callId);
    }

    private static CreatedCallBody Created(CallState call, NewCall wish)
    {
        var (begin, fallback, disconnect) = (wish.Callbacks.Begin!, wish.Callbacks.BeginFallback, wish.Callbacks.Disconnect);
        return new CreatedCallBody
        {
            ApplicationId = call.ApplicationId, AccountId = call.AccountId, CallId = call.CallId, To = call.To, From = call.From,
            EnqueuedTime = ApiTime.Format(call.EnqueuedTime!.Value), CallUrl = call.Url, CallTimeout = wish.CallTimeout.TotalSeconds,
            CallbackTimeout = wish.Callbacks.Timeout.TotalSeconds, Tag = call.Tag, AnswerUrl = begin.Url.OriginalString,
            AnswerMethod = CallbackFields.MethodOf(begin), AnswerFallbackUrl = fallback?.Url.OriginalString,
            AnswerFallbackMethod = CallbackFields.MethodOf(fallback), DisconnectUrl = disconnect?.Url.OriginalString,
            DisconnectMethod = CallbackFields.MethodOf(disconnect), Username = begin.Credentials?.UserName, Password = begin.Credentials is null ? null : CallbackFields.Masked,
            FallbackUsername = fallback?.Credentials?.UserName, FallbackPassword = fallback?.Credentials is null ? null : CallbackFields.Masked,
            Priority = wish.Priority,
        };
    }

    private static CallBody Describe(CallState call) => new()
    {
        CallId = call.CallId, ApplicationId = call.ApplicationId, AccountId = call.AccountId, To = call.To, From = call.From,
        Direction = call.Direction == CallDirection.Inbound ? "inbound" : "outbound",
        State = call.Phase switch
        {
            CallPhase.Queued => "queued", CallPhase.Initiated => "initiated", CallPhase.Answered => "answered", _ => "disconnected",
        },
        ParentCallId = call.Transfer?.ParentCallId, EnqueuedTime = Format(call.EnqueuedTime), StartTime = Format(call.StartTime), AnswerTime = Format(call.AnswerTime), EndTime = Format(call.EndTime),
        DisconnectCause = call.DisconnectCause, ErrorMessage = call.ErrorMessage, ErrorId = call.ErrorId, LastUpdate = ApiTime.Format(call.LastUpdate),
    };

    private static string? Format(DateTimeOffset? time) => time is { } value ? ApiTime.Format(value) : null;

    private VoiceResult List(VoiceRequest request)
    {
        if (!TryReadQuery(request, out var query, out var error)) return VoiceError.Invalid(error);
        var (calls, next) = registry.List(request.Account, query);
        if (next is { } number)
        {
            var parameters = new QueryBuilder(request.ParametersWithout("pageToken").Where(p => p.Value is not null).Select(p => KeyValuePair.Create(p.Key, p.Value!)))
            {
                { "pageToken", TokenOf(number) },
            };
            request.SetHeader("Link", $"<{request.BaseUrl}/accounts/{request.Account}/calls{parameters.ToQueryString().ToUriComponent()}>; rel=\"next\"");
        }

        return VoiceResult.Json(StatusCodes.Status200OK, [.. calls.Select(Describe)], VoiceJson.Api.IReadOnlyListCallBody);
    }

    private static bool TryReadQuery(VoiceRequest request, out CallQuery query, out string error)
    {
        query = new CallQuery { To = request.Parameter("to"), From = request.Parameter("from"), DisconnectCause = request.Parameter("disconnectCause") };
        error = "";
        if (request.Parameter("pageSize") is { } size)
        {
            if (!int.TryParse(size, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number is < 1 or > MaximumPageSize)
                error = $"pageSize must be within the range [1, {MaximumPageSize}], but was {size}";
            query = query with { PageSize = number };
        }

        if (request.Parameter("pageToken") is { } token)
        {
            if (!TryReadToken(token, out var first)) error = "Invalid pageToken";
            query = query with { FirstNumber = first };
        }

        query = query with { MinStartTime = ReadTime(request, "minStartTime", ref error), MaxStartTime = EndOf(ReadTime(request, "maxStartTime", ref error)) };
        return error.Length == 0;
    }

    private static DateTimeOffset? ReadTime(VoiceRequest request, string name, ref string error)
    {
        if (request.Parameter(name) is not { } text) return null;
        if (ApiTime.TryParse(text, out var time)) return time;
        error = $"Invalid {name}: must be an ISO 8601 time, such as 2026-01-31T12:00:00.000Z";
        return null;
    }

    /// <summary>The last moment that is told as this time: clients know milliseconds only, and the limit is inclusive.</summary>
    private static DateTimeOffset? EndOf(DateTimeOffset? time) =>
        time is { } value ? value.AddTicks(TimeSpan.TicksPerMillisecond - 1 - (value.Ticks % TimeSpan.TicksPerMillisecond)) : null;

    private static string TokenOf(long number) => Base64Url.EncodeToString(Encoding.ASCII.GetBytes(number.ToString(CultureInfo.InvariantCulture)));

    private static bool TryReadToken(string token, out long number)
    {
        number = 0;
        return Base64Url.IsValid(token) && token.Length < 40
            && long.TryParse(Base64Url.DecodeFromChars(token), NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }
}
