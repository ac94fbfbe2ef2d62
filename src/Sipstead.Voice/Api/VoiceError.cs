using Microsoft.AspNetCore.Http;
using Sipstead.Provisioning.Store;

namespace Sipstead.Voice.Api;

/// <summary>An error of the API: status, type and words (voice-api.md 2).</summary>
/// <param name="RetryAfter">Seconds, for 429 and 503.</param>
/// <param name="Id">Null, but empty for 409 and 429, as the API has it.</param>
internal sealed record VoiceError(int Status, string Type, string Description, int? RetryAfter = null, string? Id = null)
{
    public static VoiceError Invalid(string description) => new(StatusCodes.Status400BadRequest, "validation", description);

    public static VoiceError Unauthorized { get; } =
        new(StatusCodes.Status401Unauthorized, "authentication-error", "The credentials provided were invalid");

    public static VoiceError Forbidden { get; } = new(StatusCodes.Status403Forbidden, "authorization-error", "Access is denied");

    public static VoiceError CallNotFound(string callId) => new(StatusCodes.Status404NotFound, "validation", $"Call [{callId}] not found");

    public static VoiceError RecordingNotFound(string recordingId) =>
        new(StatusCodes.Status404NotFound, "validation", $"Recording [{recordingId}] not found");

    public static VoiceError TranscriptionNotFound(string transcriptionId) =>
        new(StatusCodes.Status404NotFound, "validation", $"Transcription [{transcriptionId}] not found");

    public static VoiceError NotFound { get; } = new(StatusCodes.Status404NotFound, "validation", "Not Found");

    public static VoiceError ConferenceNotFound(string conferenceId) =>
        new(StatusCodes.Status404NotFound, "validation", $"Conference [{conferenceId}] not found");

    public static VoiceError MemberNotFound(string callId) => new(StatusCodes.Status404NotFound, "validation", $"Conference member [{callId}] not found");

    public static VoiceError NotModifiable(string callId) => Conflict($"Call [{callId}]");

    public static VoiceError ConferenceNotModifiable(string conferenceId) => Conflict($"Conference [{conferenceId}]");

    public static VoiceError MethodNotAllowed { get; } = new(StatusCodes.Status405MethodNotAllowed, "validation", "Method Not Allowed");

    public static VoiceError MediaType(string? contentType) => new(
        StatusCodes.Status415UnsupportedMediaType, "validation",
        string.IsNullOrEmpty(contentType) ? "Unsupported Media Type" : $"Content type '{contentType}' not supported");

    public static VoiceError Overloaded { get; } = new(StatusCodes.Status503ServiceUnavailable, "system-overloaded", "Handling too many requests", 1);

    /// <summary>The database that knows users and passwords is away.</summary>
    public static VoiceError Unavailable { get; } = new(
        StatusCodes.Status503ServiceUnavailable, "system-overloaded", "Service is Unavailable", StoreUnavailableException.RetryAfter);

    public static VoiceError TooManyCalls { get; } =
        new(StatusCodes.Status503ServiceUnavailable, "system-overloaded", "Managing too many concurrent calls", 5);

    public static VoiceError RateLimit { get; } =
        new(StatusCodes.Status429TooManyRequests, "error", "Account call creation rate limit exceeded", 1, "");

    public static VoiceError ConcurrencyLimit { get; } =
        new(StatusCodes.Status429TooManyRequests, "error", "Account concurrent call limit exceeded", 1, "");

    /// <summary>The seconds of Retry-After are set already.</summary>
    public static VoiceError Slowed { get; } = new(
        StatusCodes.Status429TooManyRequests, "error", "Too many wrong passwords; try again after the seconds of Retry-After", Id: "");

    public static VoiceError Internal { get; } =
        new(StatusCodes.Status500InternalServerError, "internal-error", "An unknown internal error occurred");

    private static VoiceError Conflict(string what) =>
        new(StatusCodes.Status409Conflict, "validation", $"{what} cannot be modified in its current state", Id: "");
}
