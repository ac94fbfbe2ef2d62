namespace Sipstead.Provisioning.Applications;

/// <summary>What the fields of an application may be, and what a change makes of them (contract 7).</summary>
/// <param name="requireHttps">Whether callbacks with credentials must be https (12812).</param>
internal sealed class ApplicationRules(bool requireHttps)
{
    private const string VoiceName = "Voice-V2";
    private const string MessagingName = "Messaging-V2";

    private static ProvisioningError BadType { get; } =
        ProvisioningError.Invalid(ErrorCodes.BadServiceType, $"Service Type is not valid. Valid values: {VoiceName}, {MessagingName}");

    /// <summary>The name of a type in answers.</summary>
    public static string NameOf(ApplicationServiceType type) => type == ApplicationServiceType.Voice ? VoiceName : MessagingName;

    /// <summary>The key under which names are searched: ruling 25.</summary>
    public static string KeyOf(string name) => name.ToLowerInvariant();

    public ProvisioningResult<ApplicationSettings> Create(NewApplication wish) =>
        TypeOf(wish.ServiceType) is { } type
            ? Apply(wish, new ApplicationSettings(type, "", VoiceCallbacks.None, MessagingCallbacks.None), isPartial: false)
            : BadType;

    public ProvisioningResult<ApplicationSettings> Update(NewApplication wish, ApplicationSettings current, bool isPartial)
    {
        if (!string.IsNullOrEmpty(wish.ServiceType))
        {
            if (TypeOf(wish.ServiceType) is not { } type) return BadType;
            if (type != current.ServiceType)
                return ProvisioningError.Invalid(ErrorCodes.ServiceTypeNotChangeable, "Service Type of Application could not be changed");
        }

        return Apply(wish, current, isPartial);
    }

    private ProvisioningResult<ApplicationSettings> Apply(NewApplication fields, ApplicationSettings current, bool isPartial)
    {
        var submitted = new SubmittedFields(isPartial);
        var name = submitted.Name(fields.AppName, current.Name);
        var isVoice = current.ServiceType == ApplicationServiceType.Voice;
        if (FirstSet(isVoice ? MessagingFields(fields) : VoiceFields(fields)) is { } foreign)
        {
            submitted.Refuse(
                ErrorCodes.FieldOfOtherServiceType,
                $"{foreign} is set but it is only allowed with ServiceType {(isVoice ? MessagingName : VoiceName)}");
        }

        var next = isVoice
            ? current with { Name = name, Voice = Voice(submitted, fields, current.Voice) }
            : current with { Name = name, Messaging = Messaging(submitted, fields, current.Messaging) };
        return submitted.Error is { } error ? error : next;
    }

    private VoiceCallbacks Voice(SubmittedFields submitted, NewApplication fields, VoiceCallbacks current)
    {
        var url = submitted.RequiredUrl("CallInitiatedCallbackUrl", fields.CallInitiatedCallbackUrl, current.CallInitiatedUrl);
        var fallbackUrl = submitted.Url("CallInitiatedFallbackUrl", fields.CallInitiatedFallbackUrl, current.FallbackUrl);
        var statusUrl = submitted.Url("CallStatusCallbackUrl", fields.CallStatusCallbackUrl, current.CallStatusUrl);
        var (userId, password) = submitted.Credentials("CallbackCreds", fields.CallbackCreds, current.UserId, current.Password);
        var (fallbackUserId, fallbackPassword) = submitted.Credentials(
            "CallInitiatedFallbackCreds", fields.CallInitiatedFallbackCreds, current.FallbackUserId, current.FallbackPassword);
        var next = new VoiceCallbacks
        {
            CallInitiatedUrl = url,
            CallInitiatedMethod = submitted.Method("CallInitiatedMethod", fields.CallInitiatedMethod, current.CallInitiatedMethod),
            FallbackUrl = fallbackUrl,
            FallbackMethod = submitted.Method("CallInitiatedFallbackMethod", fields.CallInitiatedFallbackMethod, current.FallbackMethod),
            CallStatusUrl = statusUrl,
            CallStatusMethod = submitted.Method("CallStatusMethod", fields.CallStatusMethod, current.CallStatusMethod),
            UserId = userId,
            Password = password,
            FallbackUserId = fallbackUserId,
            FallbackPassword = fallbackPassword,
            TimeoutSeconds = submitted.Timeout("CallbackTimeout", fields.CallbackTimeout, current.TimeoutSeconds),
        };
        if (statusUrl is null && !string.IsNullOrEmpty(fields.CallStatusMethod))
            submitted.Refuse(ErrorCodes.StatusMethodWithoutUrl, "Callback Status URL is required for Callback Status Method");
        if (requireHttps && HasPasswordInTheClear(next))
            submitted.Refuse(ErrorCodes.HttpsRequired, "HTTPS protocol is required if credentials are present.");

        // A method goes with its URL: a URL that comes later begins with the default.
        return next with
        {
            FallbackMethod = fallbackUrl is null ? CallbackMethod.Post : next.FallbackMethod,
            CallStatusMethod = statusUrl is null ? CallbackMethod.Post : next.CallStatusMethod,
        };
    }

    private static MessagingCallbacks Messaging(SubmittedFields submitted, NewApplication fields, MessagingCallbacks current)
    {
        var next = new MessagingCallbacks
        {
            InboundUrl = submitted.Url("InboundCallbackUrl", fields.InboundCallbackUrl, current.InboundUrl),
            InboundUserId = submitted.Credentials("InboundCallbackCreds", fields.InboundCallbackCreds, current.InboundUserId, null).UserId,
            OutboundUrl = submitted.Url("OutboundCallbackUrl", fields.OutboundCallbackUrl, current.OutboundUrl),
            OutboundUserId = submitted
                .Credentials("OutboundCallbackCreds", fields.OutboundCallbackCreds, current.OutboundUserId, null).UserId,
            RequestedTypes = submitted.Types("RequestedCallbackTypes", fields.RequestedCallbackTypes, current.RequestedTypes),
            MsgUrl = submitted.Url("MsgCallbackUrl", fields.MsgCallbackUrl, current.MsgUrl),
            MsgUserId = submitted.Credentials("MsgCallbackCreds", fields.MsgCallbackCreds, current.MsgUserId, null).UserId,
            CallbackUrl = submitted.Url("CallbackUrl", fields.CallbackUrl, current.CallbackUrl),
        };
        if (next.CallbackUrl is not null && next.MsgUrl is not null && next.CallbackUrl != next.MsgUrl)
        {
            submitted.Refuse(
                ErrorCodes.DifferentMessagingUrls,
                "CallbackUrl and MsgCallbackUrl can't be present with different values. Only MsgCallbackUrl should be specified.");
        }

        return next;
    }

    private static bool HasPasswordInTheClear(VoiceCallbacks callbacks) =>
        (callbacks.UserId is not null && (IsPlainHttp(callbacks.CallInitiatedUrl) || IsPlainHttp(callbacks.CallStatusUrl)))
        || (callbacks.FallbackUserId is not null && IsPlainHttp(callbacks.FallbackUrl));

    private static bool IsPlainHttp(string? url) => url?.StartsWith("http:", StringComparison.OrdinalIgnoreCase) == true;

    private static ApplicationServiceType? TypeOf(string? text) => text switch
    {
        VoiceName or "Voice" => ApplicationServiceType.Voice,
        MessagingName or "Messaging" => ApplicationServiceType.Messaging,
        _ => null,
    };

    private static string? FirstSet((string Element, string? Text)[] fields) =>
        Array.Find(fields, field => !string.IsNullOrEmpty(field.Text)).Element;

    private static string? TextOf(NewCallbackCredentials? credentials) => credentials?.UserId + credentials?.Password;

    private static (string Element, string? Text)[] VoiceFields(NewApplication fields) =>
    [
        ("CallInitiatedCallbackUrl", fields.CallInitiatedCallbackUrl),
        ("CallInitiatedMethod", fields.CallInitiatedMethod),
        ("CallInitiatedFallbackUrl", fields.CallInitiatedFallbackUrl),
        ("CallInitiatedFallbackMethod", fields.CallInitiatedFallbackMethod),
        ("CallStatusCallbackUrl", fields.CallStatusCallbackUrl),
        ("CallStatusMethod", fields.CallStatusMethod),
        ("CallbackCreds", TextOf(fields.CallbackCreds)),
        ("CallInitiatedFallbackCreds", TextOf(fields.CallInitiatedFallbackCreds)),
        ("CallbackTimeout", fields.CallbackTimeout),
    ];

    private static (string Element, string? Text)[] MessagingFields(NewApplication fields) =>
    [
        ("InboundCallbackUrl", fields.InboundCallbackUrl),
        ("InboundCallbackCreds", TextOf(fields.InboundCallbackCreds)),
        ("OutboundCallbackUrl", fields.OutboundCallbackUrl),
        ("OutboundCallbackCreds", TextOf(fields.OutboundCallbackCreds)),
        ("RequestedCallbackTypes", fields.RequestedCallbackTypes is { Count: > 0 } types ? types[0] : null),
        ("MsgCallbackUrl", fields.MsgCallbackUrl),
        ("MsgCallbackCreds", TextOf(fields.MsgCallbackCreds)),
        ("CallbackUrl", fields.CallbackUrl),
    ];
}
