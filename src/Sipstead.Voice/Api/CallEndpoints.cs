using Microsoft.AspNetCore.Http;
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
        ParentCallId = call.Transfer?.ParentCallId, EnqueuedTime = Format(call.EnqueuedTime), StartTime = Format(call.StartTime),
        AnswerTime = Format(call.AnswerTime), EndTime = Format(call.EndTime),
        DisconnectCause = call.DisconnectCause, ErrorMessage = call.ErrorMessage, ErrorId = call.ErrorId, LastUpdate = ApiTime.Format(call.LastUpdate),
        Identity = call.Identity, StirShaken = call.StirShaken,
    };

    private static string? Format(DateTimeOffset? time) => time is { } value ? ApiTime.Format(value) : null;

    private VoiceResult List(VoiceRequest request)
    {
        var parameters = new ListParameters(request);
        var query = new CallQuery
        {
            To = request.Parameter("to"), From = request.Parameter("from"), DisconnectCause = request.Parameter("disconnectCause"),
            MinStartTime = parameters.Time("minStartTime"), MaxStartTime = parameters.TimeInclusive("maxStartTime"),
            PageSize = parameters.PageSize(MaximumPageSize), FirstNumber = parameters.FirstNumber(),
        };
        if (parameters.Error is { } error) return VoiceError.Invalid(error);
        var (calls, next) = registry.List(request.Account, query);
        parameters.LinkNext("calls", next);
        return VoiceResult.Json(StatusCodes.Status200OK, [.. calls.Select(Describe)], VoiceJson.Api.IReadOnlyListCallBody);
    }
}
