namespace Sipstead.Registrar.History;

/// <summary>That the history has a new entry, and whose: what a page needs to know whether to look.</summary>
/// <param name="Number">See <see cref="RegistrationAttempt.Number"/>.</param>
/// <param name="CredentialId">0 for a user whom the realm does not know.</param>
public readonly record struct AttemptNotice(long Number, long RealmId, long CredentialId, RegistrationOutcome Outcome);
