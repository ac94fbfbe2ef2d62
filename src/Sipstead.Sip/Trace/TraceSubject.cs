namespace Sipstead.Sip.Trace;

/// <summary>Whom a traced message concerns. Zero: nobody known.</summary>
/// <param name="RealmId">The realm that the request names.</param>
/// <param name="CredentialId">The device's credential; 0 for a user whom the realm does not know.</param>
/// <param name="CallNumber">The call, by the number that <see cref="SipTrace.NextCallNumber"/> gave it.</param>
public readonly record struct TraceSubject(long RealmId, long CredentialId, long CallNumber)
{
    /// <summary>Nothing is traced.</summary>
    public static TraceSubject None => default;
}
