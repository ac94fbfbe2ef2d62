using Microsoft.AspNetCore.Http;
using Sipstead.Voice.Calls;
using Sipstead.Voice.Transcribing;

namespace Sipstead.Voice.Api;

/// <summary>The transcripts that live transcriptions of a call left (voice-api.md 7). Those of a call are known as long as the call is.</summary>
internal sealed class CallTranscriptEndpoints(CallRegistry registry, TranscriptLog log)
{
    public Task<VoiceResult> ListAsync(VoiceRequest request) => Task.FromResult<VoiceResult>(
        CallOf(request) is { } call
            ? VoiceResult.Json(
                StatusCodes.Status200OK, [.. log.Find(call).Select(one => TranscriptEntryBody.Of(one, request.BaseUrl))], VoiceJson.Api.IReadOnlyListTranscriptEntryBody)
            : VoiceError.CallNotFound(request.Argument("callId")));

    public Task<VoiceResult> GetAsync(VoiceRequest request) => Task.FromResult<VoiceResult>(
        CallOf(request) is { } call && log.Find(call).FirstOrDefault(one => one.Id == IdOf(request)) is { } transcript
            ? VoiceResult.Json(StatusCodes.Status200OK, CallTranscriptBody.Of(transcript), VoiceJson.Api.CallTranscriptBody)
            : VoiceError.TranscriptionNotFound(IdOf(request)));

    /// <summary>Answers 200, unlike other deletions (voice-api.md 7).</summary>
    public Task<VoiceResult> DeleteAsync(VoiceRequest request) => Task.FromResult<VoiceResult>(
        CallOf(request) is { } call && log.Delete(call, IdOf(request))
            ? VoiceResult.Empty(StatusCodes.Status200OK)
            : VoiceError.TranscriptionNotFound(IdOf(request)));

    /// <summary>The id of the call that the path names; null when the account has none such.</summary>
    private string? CallOf(VoiceRequest request) => registry.TryFind(request.Account, request.Argument("callId"), out var call) ? call.Id : null;

    private static string IdOf(VoiceRequest request) => request.Argument("transcriptionId");
}
