namespace Sipstead.Provisioning.View;

/// <summary>A voice application as the voice side sees it (contract 7). Immutable.</summary>
public sealed class ApplicationEntry
{
    /// <summary>The time to wait for an answer when the application names none.</summary>
    public static readonly TimeSpan DefaultCallbackTimeout = TimeSpan.FromSeconds(15);

    /// <summary>Its id.</summary>
    public required Guid Id { get; init; }

    /// <summary>The account that owns it.</summary>
    public required long AccountId { get; init; }

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Where the events of a call go, and BXML comes from: absolute, http or https.</summary>
    public required Uri CallInitiatedUrl { get; init; }

    /// <summary>Whether <see cref="CallInitiatedUrl"/> is asked by GET, else POST.</summary>
    public bool CallInitiatedIsGet { get; init; }

    /// <summary>Asked when <see cref="CallInitiatedUrl"/> fails; or null.</summary>
    public Uri? CallInitiatedFallbackUrl { get; init; }

    /// <summary>Whether <see cref="CallInitiatedFallbackUrl"/> is asked by GET, else POST.</summary>
    public bool CallInitiatedFallbackIsGet { get; init; }

    /// <summary>Where the end of a call is told; or null.</summary>
    public Uri? CallStatusUrl { get; init; }

    /// <summary>Whether <see cref="CallStatusUrl"/> is told by GET, else POST.</summary>
    public bool CallStatusIsGet { get; init; }

    /// <summary>For <see cref="CallInitiatedUrl"/> and <see cref="CallStatusUrl"/>; or null.</summary>
    public CallbackCredentials? Credentials { get; init; }

    /// <summary>For <see cref="CallInitiatedFallbackUrl"/>; or null.</summary>
    public CallbackCredentials? FallbackCredentials { get; init; }

    /// <summary>How long to wait for an answer: 1 to 25 s.</summary>
    public TimeSpan CallbackTimeout { get; init; } = DefaultCallbackTimeout;

    /// <inheritdoc/>
    public override string ToString() => $"application {Id} of account {AccountId}";
}
