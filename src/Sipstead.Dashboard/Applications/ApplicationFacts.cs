using System.Globalization;
using Sipstead.Provisioning.Applications;

namespace Sipstead.Dashboard.Applications;

/// <summary>The settings of an application as a page lists them. Passwords are not among them.</summary>
internal static class ApplicationFacts
{
    /// <summary>Names and values in their order; null for what is not set.</summary>
    public static IReadOnlyList<(string Name, string? Value)> Of(ApplicationDetails application) =>
        application.ServiceType == ApplicationServiceType.Voice ? Of(application.Voice) : Of(application.Messaging);

    private static IReadOnlyList<(string, string?)> Of(VoiceCallbacks voice) =>
    [
        ("Call initiated", Asked(voice.CallInitiatedMethod, voice.CallInitiatedUrl)),
        ("Fallback", Asked(voice.FallbackMethod, voice.FallbackUrl)),
        ("Call status", Asked(voice.CallStatusMethod, voice.CallStatusUrl)),
        ("User name", voice.UserId),
        ("Fallback user name", voice.FallbackUserId),
        ("Timeout", voice.TimeoutSeconds is { } seconds ? string.Create(CultureInfo.InvariantCulture, $"{seconds} s") : "15 s (the default)"),
    ];

    private static IReadOnlyList<(string, string?)> Of(MessagingCallbacks messaging) =>
    [
        ("Inbound callback URL", messaging.InboundUrl),
        ("Inbound user name", messaging.InboundUserId),
        ("Outbound callback URL", messaging.OutboundUrl),
        ("Outbound user name", messaging.OutboundUserId),
        ("Requested callback types", messaging.RequestedTypes),
        ("Message callback URL", messaging.MsgUrl ?? messaging.CallbackUrl),
        ("Message callback user name", messaging.MsgUserId),
    ];

    private static string? Asked(CallbackMethod method, string? url) => url is null ? null : $"{(method == CallbackMethod.Get ? "GET" : "POST")} {url}";
}
