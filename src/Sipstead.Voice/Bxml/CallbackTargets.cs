using Sipstead.Webhooks;

namespace Sipstead.Voice.Bxml;

/// <summary>Where a synchronous webhook of a verb goes.</summary>
/// <param name="Primary">First.</param>
/// <param name="Fallback">When the first fails; null for nowhere.</param>
internal sealed record CallbackTargets(WebhookTarget Primary, WebhookTarget? Fallback);
