namespace Sipstead.Dashboard.Overview;

/// <summary>What happened in one account within five minutes.</summary>
/// <param name="Registrations">New registrations.</param>
/// <param name="RefusedRegistrations">Attempts to register that were refused.</param>
/// <param name="Calls">Calls that ended.</param>
/// <param name="FailedCalls">Those among them that ended otherwise than by hanging up or cancelling.</param>
/// <param name="WebhookErrors">Webhooks that got no good answer.</param>
public readonly record struct ActivityBucket(int Registrations, int RefusedRegistrations, int Calls, int FailedCalls, int WebhookErrors)
{
    /// <summary>Both together.</summary>
    internal ActivityBucket Plus(ActivityBucket other) => new(
        Registrations + other.Registrations, RefusedRegistrations + other.RefusedRegistrations, Calls + other.Calls, FailedCalls + other.FailedCalls,
        WebhookErrors + other.WebhookErrors);
}
