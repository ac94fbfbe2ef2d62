using Microsoft.AspNetCore.Http;
using Sipstead.Provisioning.Recordings;
using Sipstead.Voice.Recordings;

namespace Sipstead.Voice.Api;

/// <summary>The transcription of a call's recording (voice-api.md 6).</summary>
internal sealed class TranscriptionEndpoints(RecordingDirectory directory, Transcriptions transcriptions, VoiceOptions options)
{
    private const double DefaultTimeout = 15;

    /// <summary>Begins one; what becomes of it is told by transcriptionAvailable.</summary>
    public async Task<VoiceResult> CreateAsync(VoiceRequest request)
    {
        var (fields, error) = await request.ReadJsonAsync();
        if (fields is null) return error!;
        if (await FindAsync(request) is not { } recording) return VoiceError.RecordingNotFound(request.Argument("recordingId"));
        var credentials = fields.Credentials("username", "password");
        var target = fields.Target("callbackUrl", "callbackMethod", credentials, options.RequireHttpsWithCredentials);
        var tag = CreateCallRequest.ReadTag(fields);
        var timeout = TimeSpan.FromSeconds(fields.Number("callbackTimeout", DefaultTimeout, 1, 25));
        var wish = new TranscriptionWish(target, fields.Flag("detectLanguage"));
        if (fields.Error is { } wrong) return VoiceError.Invalid(wrong);
        _ = transcriptions.RunAsync(new EndedCallOwner(recording, request.BaseUrl, string.IsNullOrEmpty(tag) ? null : tag, timeout), recording, wish);
        return VoiceResult.Empty(StatusCodes.Status204NoContent);
    }

    public async Task<VoiceResult> GetAsync(VoiceRequest request) =>
        await FindAsync(request) is { } recording && await directory.ReadTranscriptionAsync(recording, request.Aborted) is { } body
            ? VoiceResult.Raw(body)
            : VoiceError.NotFound;

    public async Task<VoiceResult> DeleteAsync(VoiceRequest request) =>
        await FindAsync(request) is { } recording && await directory.DeleteTranscriptionAsync(request.AccountId, recording.RecordingId, request.Aborted)
            ? VoiceResult.Empty(StatusCodes.Status204NoContent)
            : VoiceError.NotFound;

    private Task<RecordingDetails?> FindAsync(VoiceRequest request) =>
        RecordingEndpoints.FindAsync(directory, request, RecordingKind.Call, "callId");
}
