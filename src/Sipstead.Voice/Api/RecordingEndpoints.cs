using Microsoft.AspNetCore.Http;
using Sipstead.Provisioning.Api;
using Sipstead.Provisioning.Recordings;
using Sipstead.Voice.Calls;
using Sipstead.Voice.Recordings;

namespace Sipstead.Voice.Api;

/// <summary>The recordings of calls or of conferences (voice-api.md 5, 6).</summary>
/// <param name="directory">What there is.</param>
/// <param name="registry">The calls.</param>
/// <param name="kind">Whose recordings.</param>
/// <param name="ownerArgument">The argument of the path that names the call or conference.</param>
internal sealed class RecordingEndpoints(RecordingDirectory directory, CallRegistry registry, RecordingKind kind, string ownerArgument)
{
    /// <summary>Of all calls.</summary>
    public async Task<VoiceResult> ListAllAsync(VoiceRequest request)
    {
        var parameters = new ListParameters(request);
        var query = new RecordingQuery
        {
            Kind = kind, To = request.Parameter("to"), From = request.Parameter("from"), MinStartTime = parameters.Time("minStartTime"),
            MaxStartTime = parameters.Time("maxStartTime"),
        };
        return parameters.Error is { } error ? VoiceError.Invalid(error) : await ListAsync(request, query);
    }

    /// <summary>Of one call or conference; of one that is not known there are none.</summary>
    public Task<VoiceResult> ListAsync(VoiceRequest request) =>
        ListAsync(request, new RecordingQuery { Kind = kind, OwnerId = request.Argument(ownerArgument) });

    public async Task<VoiceResult> GetAsync(VoiceRequest request) => await FindAsync(request) is { } recording
        ? VoiceResult.Json(StatusCodes.Status200OK, RecordingBody.Of(recording, request.BaseUrl), VoiceJson.Api.RecordingBody)
        : NotFound(request);

    public async Task<VoiceResult> DeleteAsync(VoiceRequest request) =>
        await FindAsync(request) is { } recording && await directory.DeleteAsync(request.AccountId, recording.RecordingId, request.Aborted)
            ? VoiceResult.Empty(StatusCodes.Status204NoContent)
            : NotFound(request);

    /// <summary>The audio, whatever the client says it accepts.</summary>
    public async Task<VoiceResult> GetMediaAsync(VoiceRequest request) =>
        await FindAsync(request) is { } recording && directory.TryOpenMedia(recording, out var media)
            ? VoiceResult.Media(media.Content, media.ContentType)
            : NotFound(request);

    public async Task<VoiceResult> DeleteMediaAsync(VoiceRequest request) =>
        await FindAsync(request) is { } recording && await directory.DeleteMediaAsync(request.AccountId, recording.RecordingId, request.Aborted)
            ? VoiceResult.Empty(StatusCodes.Status204NoContent)
            : NotFound(request);

    /// <summary>Pauses or resumes what StartRecording records.</summary>
    public async Task<VoiceResult> PauseAsync(VoiceRequest request)
    {
        var callId = request.Argument(ownerArgument);
        var (fields, error) = await request.ReadJsonAsync();
        if (fields is null) return error!;
        if (!registry.TryFind(request.Account, callId, out var call)) return VoiceError.CallNotFound(callId);
        if (ReadPaused(fields) is not { } isPaused) return VoiceError.Invalid(fields.Error!);
        return call.Live is { } live && await live.RecordingOf.SetPausedAsync(isPaused)
            ? VoiceResult.Empty(StatusCodes.Status200OK)
            : VoiceError.NotModifiable(callId);
    }

    /// <summary>The recording that a path names; null when the call or conference before it has none such.</summary>
    internal static async Task<RecordingDetails?> FindAsync(RecordingDirectory directory, VoiceRequest request, RecordingKind kind, string ownerArgument)
    {
        var recording = await directory.FindAsync(request.AccountId, request.Argument("recordingId"), request.Aborted);
        return recording?.Kind == kind && recording.OwnerId == request.Argument(ownerArgument) ? recording : null;
    }

    private static bool? ReadPaused(JsonFields fields)
    {
        var state = fields.Text("state", 20);
        if ("paused".Equals(state, StringComparison.OrdinalIgnoreCase)) return true;
        if ("recording".Equals(state, StringComparison.OrdinalIgnoreCase)) return false;
        fields.Fail("Invalid state: must be one of [paused, recording]");
        return null;
    }

    private async Task<VoiceResult> ListAsync(VoiceRequest request, RecordingQuery query)
    {
        var found = await directory.ListAsync(request.AccountId, query, request.Aborted);
        return VoiceResult.Json(StatusCodes.Status200OK, [.. found.Select(one => RecordingBody.Of(one, request.BaseUrl))], VoiceJson.Api.IReadOnlyListRecordingBody);
    }

    private Task<RecordingDetails?> FindAsync(VoiceRequest request) => FindAsync(directory, request, kind, ownerArgument);

    private static VoiceError NotFound(VoiceRequest request) => VoiceError.RecordingNotFound(request.Argument("recordingId"));
}
