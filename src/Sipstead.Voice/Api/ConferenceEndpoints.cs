using Microsoft.AspNetCore.Http;
using Sipstead.Provisioning.Api;
using Sipstead.Voice.Bxml;
using Sipstead.Voice.Conferences;

namespace Sipstead.Voice.Api;

/// <summary>Conferences and their members (voice-api.md 5).</summary>
internal sealed class ConferenceEndpoints(ConferenceRegistry registry, VoiceOptions options)
{
    private const int MaximumPageSize = 1000;

    public Task<VoiceResult> ListAsync(VoiceRequest request)
    {
        var parameters = new ListParameters(request);
        var query = new ConferenceQuery
        {
            Name = request.Parameter("name"), MinCreatedTime = parameters.Time("minCreatedTime"), MaxCreatedTime = parameters.TimeInclusive("maxCreatedTime"),
            PageSize = parameters.PageSize(MaximumPageSize), FirstNumber = parameters.FirstNumber(),
        };
        if (parameters.Error is { } error) return Task.FromResult<VoiceResult>(VoiceError.Invalid(error));
        var (conferences, next) = registry.List(request.Account, query);
        parameters.LinkNext("conferences", next);
        IReadOnlyList<ConferenceBody> body = [.. conferences.Select(Describe)];
        return Task.FromResult(VoiceResult.Json(StatusCodes.Status200OK, body, VoiceJson.Api.IReadOnlyListConferenceBody));
    }

    public Task<VoiceResult> GetAsync(VoiceRequest request) => Task.FromResult(Get(request));

    public async Task<VoiceResult> UpdateAsync(VoiceRequest request)
    {
        var (fields, error) = await request.ReadJsonAsync();
        if (fields is null) return error!;
        if (!TryFind(request, out var id, out var conference)) return VoiceError.ConferenceNotFound(id);
        if (UpdateConferenceRequest.Read(fields, options) is not { } update) return VoiceError.Invalid(fields.Error!);
        if (conference.Live is not { } live) return VoiceError.ConferenceNotModifiable(id);
        var isDone = update.Redirect is { } redirect ? await live.RedirectAsync(redirect) : await live.CompleteAsync();
        return isDone ? VoiceResult.Empty(StatusCodes.Status204NoContent) : VoiceError.ConferenceNotModifiable(id);
    }

    public async Task<VoiceResult> AddBxmlAsync(VoiceRequest request)
    {
        if (!BxmlEndpoints.IsXml(request)) return VoiceError.MediaType(request.ContentType);
        if (!TryFind(request, out var id, out var conference)) return VoiceError.ConferenceNotFound(id);
        var live = conference.Live;
        return await BxmlEndpoints.GiveAsync(
            request, live?.DocumentUrl, BxmlContext.Conference, live is null ? null : live.AddBxmlAsync, VoiceError.ConferenceNotModifiable(id));
    }

    public Task<VoiceResult> GetMemberAsync(VoiceRequest request) => Task.FromResult(GetMember(request));

    public async Task<VoiceResult> UpdateMemberAsync(VoiceRequest request)
    {
        var (fields, error) = await request.ReadJsonAsync();
        if (fields is null) return error!;
        if (!TryFind(request, out var id, out var conference)) return VoiceError.ConferenceNotFound(id);
        var callId = request.Argument("callId");
        if (conference.State.Find(callId) is null) return VoiceError.MemberNotFound(callId);
        if (UpdateMemberRequest.Read(fields) is not { } change) return VoiceError.Invalid(fields.Error!);
        if (conference.Live is not { } live) return VoiceError.MemberNotFound(callId);
        return await live.ChangeAsync(callId, change) switch
        {
            MemberChanged.Done => VoiceResult.Empty(StatusCodes.Status204NoContent),
            MemberChanged.HasCoach => VoiceError.Invalid("Invalid callIdsToCoach: the conference has another coach"),
            _ => VoiceError.MemberNotFound(callId),
        };
    }

    private VoiceResult Get(VoiceRequest request)
    {
        if (!TryFind(request, out var id, out var conference)) return VoiceError.ConferenceNotFound(id);
        var state = conference.State;
        var body = Describe(state) with { ActiveMembers = [.. state.Members.Select(member => Describe(request, state, member))] };
        return VoiceResult.Json(StatusCodes.Status200OK, body, VoiceJson.Api.ConferenceBody);
    }

    private VoiceResult GetMember(VoiceRequest request)
    {
        if (!TryFind(request, out var id, out var conference)) return VoiceError.ConferenceNotFound(id);
        var (state, callId) = (conference.State, request.Argument("callId"));
        return state.Find(callId) is { } member
            ? VoiceResult.Json(StatusCodes.Status200OK, Describe(request, state, member), VoiceJson.Api.ConferenceMemberBody)
            : VoiceError.MemberNotFound(callId);
    }

    private bool TryFind(VoiceRequest request, out string id, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out RegisteredConference? conference)
    {
        id = request.Argument("conferenceId");
        return registry.TryFind(request.Account, id, out conference);
    }

    private static ConferenceBody Describe(ConferenceState conference) => new()
    {
        Id = conference.ConferenceId, Name = conference.Name, CreatedTime = ApiTime.Format(conference.CreatedTime),
        CompletedTime = conference.CompletedTime is { } end ? ApiTime.Format(end) : null, ConferenceEventUrl = conference.EventUrl?.OriginalString,
        ConferenceEventMethod = conference.EventUrl is null ? null : conference.IsEventGet ? "GET" : "POST", Tag = conference.Tag,
    };

    private static ConferenceMemberBody Describe(VoiceRequest request, ConferenceState conference, ConferenceMemberState member) => new(
        member.CallId, conference.ConferenceId,
        $"{request.BaseUrl}/accounts/{conference.AccountId}/conferences/{conference.ConferenceId}/members/{member.CallId}",
        member.Mute, member.Hold, member.CallIdsToCoach);
}
