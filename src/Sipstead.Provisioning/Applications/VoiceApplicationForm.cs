using System.Globalization;

namespace Sipstead.Provisioning.Applications;

/// <summary>
/// What a voice application shall be, whole and typed, for a form. The rules and their words are those of <see cref="NewApplication"/>.
/// </summary>
public sealed record VoiceApplicationForm
{
    /// <summary>The name (required); 256 characters at most.</summary>
    public string? Name { get; init; }

    /// <summary>Where the events of a call go, and BXML comes from (required): an absolute http or https URL.</summary>
    public string? CallInitiatedUrl { get; init; }

    /// <summary>The method of <see cref="CallInitiatedUrl"/>.</summary>
    public CallbackMethod CallInitiatedMethod { get; init; }

    /// <summary>Asked when <see cref="CallInitiatedUrl"/> fails; null or empty for none.</summary>
    public string? FallbackUrl { get; init; }

    /// <summary>The method of <see cref="FallbackUrl"/>.</summary>
    public CallbackMethod FallbackMethod { get; init; }

    /// <summary>Where the end of a call is told; null or empty for nowhere.</summary>
    public string? CallStatusUrl { get; init; }

    /// <summary>The method of <see cref="CallStatusUrl"/>.</summary>
    public CallbackMethod CallStatusMethod { get; init; }

    /// <summary>The user name for <see cref="CallInitiatedUrl"/> and <see cref="CallStatusUrl"/>; null or empty for none.</summary>
    public string? UserId { get; init; }

    /// <summary>The password of <see cref="UserId"/>; null or empty keeps the stored one, if it is the same user's.</summary>
    public string? Password { get; init; }

    /// <summary>The user name for <see cref="FallbackUrl"/>; null or empty for none.</summary>
    public string? FallbackUserId { get; init; }

    /// <summary>The password of <see cref="FallbackUserId"/>; null or empty keeps the stored one, if it is the same user's.</summary>
    public string? FallbackPassword { get; init; }

    /// <summary>How long to wait for an answer, 1 to 25 s; null for the default of 15.</summary>
    public double? TimeoutSeconds { get; init; }

    /// <summary>The form of an application as it is now. Stored passwords are not shown.</summary>
    public static VoiceApplicationForm Of(ApplicationDetails application)
    {
        ArgumentNullException.ThrowIfNull(application);
        var voice = application.Voice;
        return new VoiceApplicationForm
        {
            Name = application.Name,
            CallInitiatedUrl = voice.CallInitiatedUrl,
            CallInitiatedMethod = voice.CallInitiatedMethod,
            FallbackUrl = voice.FallbackUrl,
            FallbackMethod = voice.FallbackMethod,
            CallStatusUrl = voice.CallStatusUrl,
            CallStatusMethod = voice.CallStatusMethod,
            UserId = voice.UserId,
            FallbackUserId = voice.FallbackUserId,
            TimeoutSeconds = voice.TimeoutSeconds,
        };
    }

    /// <summary>Without the passwords.</summary>
    public override string ToString() => $"form of application {Name}";

    /// <summary>The wish that a full replacement takes. What a form leaves empty is empty, not kept.</summary>
    internal NewApplication ToWish() => new()
    {
        ServiceType = ApplicationRules.NameOf(ApplicationServiceType.Voice),
        AppName = Name ?? "",
        CallInitiatedCallbackUrl = CallInitiatedUrl ?? "",
        CallInitiatedMethod = NameOf(CallInitiatedMethod),
        CallInitiatedFallbackUrl = FallbackUrl,
        CallInitiatedFallbackMethod = NameOf(FallbackMethod),
        CallStatusCallbackUrl = CallStatusUrl,
        CallStatusMethod = string.IsNullOrEmpty(CallStatusUrl) ? null : NameOf(CallStatusMethod),
        CallbackCreds = new NewCallbackCredentials(UserId, Password),
        CallInitiatedFallbackCreds = new NewCallbackCredentials(FallbackUserId, FallbackPassword),
        CallbackTimeout = TimeoutSeconds?.ToString(CultureInfo.InvariantCulture),
    };

    private static string NameOf(CallbackMethod method) => method == CallbackMethod.Get ? "GET" : "POST";
}
