namespace Sipstead.Provisioning.Applications;

/// <summary>
/// Where the events of a voice application go (contract 7). The passwords are sent as they are (HTTP Basic), so they are stored sealed
/// (<see cref="ApplicationSecrets"/>), not hashed. They are internal: no answer and no text form can hold them.
/// </summary>
public sealed record VoiceCallbacks
{
    internal static readonly VoiceCallbacks None = new();

    /// <summary>Where the events of a call go; null only in an application that is not for voice.</summary>
    public string? CallInitiatedUrl { get; init; }

    /// <summary>The method of <see cref="CallInitiatedUrl"/>.</summary>
    public CallbackMethod CallInitiatedMethod { get; init; }

    /// <summary>Asked when <see cref="CallInitiatedUrl"/> fails; or null.</summary>
    public string? FallbackUrl { get; init; }

    /// <summary>The method of <see cref="FallbackUrl"/>.</summary>
    public CallbackMethod FallbackMethod { get; init; }

    /// <summary>Where the end of a call is told; or null.</summary>
    public string? CallStatusUrl { get; init; }

    /// <summary>The method of <see cref="CallStatusUrl"/>.</summary>
    public CallbackMethod CallStatusMethod { get; init; }

    /// <summary>The user name for <see cref="CallInitiatedUrl"/> and <see cref="CallStatusUrl"/>; or null.</summary>
    public string? UserId { get; init; }

    /// <summary>The user name for <see cref="FallbackUrl"/>; or null.</summary>
    public string? FallbackUserId { get; init; }

    /// <summary>How long to wait for an answer, in seconds; null for the default.</summary>
    public double? TimeoutSeconds { get; init; }

    internal string? Password { get; init; }

    internal string? FallbackPassword { get; init; }
}
