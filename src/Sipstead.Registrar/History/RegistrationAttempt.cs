using Sipstead.Sip.Transport;

namespace Sipstead.Registrar.History;

/// <summary>One entry of the registration history.</summary>
/// <param name="Number">Rises with each entry of this run, from 1 on.</param>
/// <param name="At">Wall clock, when it was answered or noticed.</param>
/// <param name="CredentialId">The credential that the user name belongs to; 0 for a user whom the realm does not know.</param>
/// <param name="UserName">As the phone sent it, cut to <see cref="MaxUserName"/> octets; the credential's for entries about a contact. Empty when there is none.</param>
/// <param name="Source">Where the request came from; of an end without a request, where the last one did.</param>
/// <param name="UserAgent">As sent, cut to <see cref="MaxUserAgent"/> octets; empty when there is none.</param>
/// <param name="Contact">The Contact as sent, cut to <see cref="MaxContact"/> octets; its URI alone for entries about a contact. Empty when there is none.</param>
public sealed record RegistrationAttempt(
    long Number, DateTimeOffset At, long RealmId, long CredentialId, string UserName, TransportAddress Source, SipTransport Transport, string UserAgent,
    string Contact, RegistrationOutcome Outcome)
{
    /// <summary>Octets kept of a user name.</summary>
    public const int MaxUserName = 128;

    /// <summary>Octets kept of a User-Agent.</summary>
    public const int MaxUserAgent = 128;

    /// <summary>Octets kept of a Contact.</summary>
    public const int MaxContact = 256;

    /// <summary>Status of the answer; null for an end without a request.</summary>
    public int? Status => RegistrationOutcomes.StatusOf(Outcome);
}
