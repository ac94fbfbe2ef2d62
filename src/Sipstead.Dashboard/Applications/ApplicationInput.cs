using Sipstead.Provisioning.Applications;

namespace Sipstead.Dashboard.Applications;

/// <summary>What is typed in the form of a voice application.</summary>
internal sealed class ApplicationInput
{
    public string? Name { get; set; }

    public string? CallInitiatedUrl { get; set; }

    public CallbackMethod CallInitiatedMethod { get; set; }

    public string? FallbackUrl { get; set; }

    public CallbackMethod FallbackMethod { get; set; }

    public string? CallStatusUrl { get; set; }

    public CallbackMethod CallStatusMethod { get; set; }

    public string? UserId { get; set; }

    /// <summary>Empty keeps the stored one.</summary>
    public string? Password { get; set; }

    public string? FallbackUserId { get; set; }

    /// <summary>Empty keeps the stored one.</summary>
    public string? FallbackPassword { get; set; }

    /// <summary>Seconds; null for the default.</summary>
    public double? TimeoutSeconds { get; set; }

    /// <summary>The form of an application, or an empty one.</summary>
    public static ApplicationInput Of(ApplicationDetails? application)
    {
        if (application is null) return new ApplicationInput();
        var form = VoiceApplicationForm.Of(application);
        return new ApplicationInput
        {
            Name = form.Name, CallInitiatedUrl = form.CallInitiatedUrl, CallInitiatedMethod = form.CallInitiatedMethod, FallbackUrl = form.FallbackUrl,
            FallbackMethod = form.FallbackMethod, CallStatusUrl = form.CallStatusUrl, CallStatusMethod = form.CallStatusMethod, UserId = form.UserId,
            FallbackUserId = form.FallbackUserId, TimeoutSeconds = form.TimeoutSeconds,
        };
    }

    /// <summary>What the service takes. Spaces around what is no password come from the clipboard.</summary>
    public VoiceApplicationForm ToForm() => new()
    {
        Name = Name?.Trim(), CallInitiatedUrl = CallInitiatedUrl?.Trim(), CallInitiatedMethod = CallInitiatedMethod, FallbackUrl = FallbackUrl?.Trim(),
        FallbackMethod = FallbackMethod, CallStatusUrl = CallStatusUrl?.Trim(), CallStatusMethod = CallStatusMethod, UserId = UserId?.Trim(),
        Password = Password, FallbackUserId = FallbackUserId?.Trim(), FallbackPassword = FallbackPassword, TimeoutSeconds = TimeoutSeconds,
    };
}
