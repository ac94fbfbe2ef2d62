using Sipstead.Provisioning.View;
using Sipstead.Webhooks;

namespace Sipstead.Voice.Callbacks;

/// <summary>Where the webhooks of a call itself go: of createCall, or of the application that takes the call.</summary>
/// <param name="Begin">answerUrl (outbound) or CallInitiatedCallbackUrl (inbound); null for a call that begins with a document at hand.</param>
/// <param name="BeginFallback">Its fallback; null for none.</param>
/// <param name="Disconnect">disconnectUrl or CallStatusCallbackUrl; null for none.</param>
/// <param name="Timeout">Of every webhook of the call.</param>
internal sealed record CallTargets(WebhookTarget? Begin, WebhookTarget? BeginFallback, WebhookTarget? Disconnect, TimeSpan Timeout)
{
    /// <summary>Where the webhooks of calls go that an application takes.</summary>
    public static CallTargets Of(ApplicationEntry application) => new(
        new WebhookTarget(application.CallInitiatedUrl, application.CallInitiatedIsGet, BasicOf(application.Credentials)),
        application.CallInitiatedFallbackUrl is { } fallback
            ? new WebhookTarget(fallback, application.CallInitiatedFallbackIsGet, BasicOf(application.FallbackCredentials))
            : null,
        application.CallStatusUrl is { } status
            ? new WebhookTarget(status, application.CallStatusIsGet, BasicOf(application.Credentials))
            : null,
        application.CallbackTimeout);

    private static BasicCredentials? BasicOf(CallbackCredentials? credentials) =>
        credentials is null ? null : new BasicCredentials(credentials.UserId, credentials.Password);
}

/// <summary>A redirect that the API asked for.</summary>
/// <param name="Tag">The new tag, empty to clear it, null to keep the one there is.</param>
internal sealed record CallRedirect(WebhookTarget Primary, WebhookTarget? Fallback, string? Tag);
