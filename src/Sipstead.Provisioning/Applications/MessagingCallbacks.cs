namespace Sipstead.Provisioning.Applications;

/// <summary>
/// What a messaging application was given (contract 7). No message is ever sent, so the passwords of its credentials are not even kept.
/// </summary>
public sealed record MessagingCallbacks
{
    internal static readonly MessagingCallbacks None = new();

    /// <summary>Where received messages would go; or null.</summary>
    public string? InboundUrl { get; init; }

    /// <summary>The user name for <see cref="InboundUrl"/>; or null.</summary>
    public string? InboundUserId { get; init; }

    /// <summary>Where the fate of sent messages would go; or null.</summary>
    public string? OutboundUrl { get; init; }

    /// <summary>The user name for <see cref="OutboundUrl"/>; or null.</summary>
    public string? OutboundUserId { get; init; }

    /// <summary>The names of the wished events, with a space between; or null.</summary>
    public string? RequestedTypes { get; init; }

    /// <summary>The element <c>MsgCallbackUrl</c>; or null.</summary>
    public string? MsgUrl { get; init; }

    /// <summary>The user name for <see cref="MsgUrl"/>; or null.</summary>
    public string? MsgUserId { get; init; }

    /// <summary>The element <c>CallbackUrl</c>; or null.</summary>
    public string? CallbackUrl { get; init; }
}
