namespace Sipstead.Provisioning.Applications;

/// <summary>
/// The wish for an application, or what shall become of one, as submitted (contract 7); under the names in XML. What may be missing,
/// and what that means, is the rule's business. An empty text counts as missing, but for what an application cannot be without.
/// </summary>
public sealed class NewApplication
{
    /// <summary>The text that takes an optional URL away in a partial update.</summary>
    public const string Remove = "remove";

    /// <summary><c>Voice-V2</c>, <c>Messaging-V2</c>, <c>Voice</c> or <c>Messaging</c> (required at first, never changed).</summary>
    public string? ServiceType { get; init; }

    /// <summary>The name (required); 256 characters at most.</summary>
    public string? AppName { get; init; }

    /// <summary>Where the events of a call go, and BXML comes from (required for voice). A URL has 2048 characters at most.</summary>
    public string? CallInitiatedCallbackUrl { get; init; }

    /// <summary><c>GET</c> or <c>POST</c>. Default POST.</summary>
    public string? CallInitiatedMethod { get; init; }

    /// <summary>Asked instead when <see cref="CallInitiatedCallbackUrl"/> fails.</summary>
    public string? CallInitiatedFallbackUrl { get; init; }

    /// <summary><c>GET</c> or <c>POST</c>. Default POST.</summary>
    public string? CallInitiatedFallbackMethod { get; init; }

    /// <summary>Where the end of a call is told.</summary>
    public string? CallStatusCallbackUrl { get; init; }

    /// <summary><c>GET</c> or <c>POST</c>. Default POST.</summary>
    public string? CallStatusMethod { get; init; }

    /// <summary>
    /// For <see cref="CallInitiatedCallbackUrl"/> and <see cref="CallStatusCallbackUrl"/>; each part 1024 characters at most.
    /// </summary>
    public NewCallbackCredentials? CallbackCreds { get; init; }

    /// <summary>For <see cref="CallInitiatedFallbackUrl"/>.</summary>
    public NewCallbackCredentials? CallInitiatedFallbackCreds { get; init; }

    /// <summary>How long to wait for the answer to a callback: 1 to 25 s, decimals allowed. Default 15.</summary>
    public string? CallbackTimeout { get; init; }

    /// <summary>Messaging: where received messages go.</summary>
    public string? InboundCallbackUrl { get; init; }

    /// <summary>Messaging: for <see cref="InboundCallbackUrl"/>.</summary>
    public NewCallbackCredentials? InboundCallbackCreds { get; init; }

    /// <summary>Messaging: where the fate of sent messages goes.</summary>
    public string? OutboundCallbackUrl { get; init; }

    /// <summary>Messaging: for <see cref="OutboundCallbackUrl"/>.</summary>
    public NewCallbackCredentials? OutboundCallbackCreds { get; init; }

    /// <summary>Messaging: which events are wished for.</summary>
    public IReadOnlyList<string>? RequestedCallbackTypes { get; init; }

    /// <summary>Messaging, deprecated: where every event goes.</summary>
    public string? MsgCallbackUrl { get; init; }

    /// <summary>Messaging, deprecated: for <see cref="MsgCallbackUrl"/>.</summary>
    public NewCallbackCredentials? MsgCallbackCreds { get; init; }

    /// <summary>Messaging, deprecated: another name of <see cref="MsgCallbackUrl"/>.</summary>
    public string? CallbackUrl { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"wish for application {AppName}";
}
