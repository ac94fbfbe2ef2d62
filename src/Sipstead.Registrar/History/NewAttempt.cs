using Sipstead.Provisioning.View;
using Sipstead.Registrar.Location;
using Sipstead.Sip.Transport;

namespace Sipstead.Registrar.History;

/// <summary>What is to be kept of an attempt, as octets: the history copies them, cut to their limits, and makes no objects.</summary>
/// <param name="credentialId">0 for a user whom the realm does not know.</param>
internal readonly ref struct NewAttempt(RegistrationOutcome outcome, DateTimeOffset at, long realmId, long credentialId, in SipFlow flow)
{
    public RegistrationOutcome Outcome { get; } = outcome;

    public DateTimeOffset At { get; } = at;

    public long RealmId { get; } = realmId;

    public long CredentialId { get; } = credentialId;

    public TransportAddress Source { get; } = flow.Source;

    public SipTransport Transport { get; } = flow.Transport;

    public ReadOnlySpan<byte> UserName { get; init; }

    public ReadOnlySpan<byte> UserAgent { get; init; }

    public ReadOnlySpan<byte> Contact { get; init; }

    /// <summary>What became of a binding.</summary>
    /// <param name="userName">Room for <see cref="RegistrationAttempt.MaxUserName"/> octets.</param>
    public static NewAttempt Of(
        in PackedBinding binding, RegistrationOutcome outcome, DateTimeOffset at, long realmId, long credentialId, in SipFlow flow, CredentialTable names,
        Span<byte> userName) => new(outcome, at, realmId, credentialId, flow)
    {
        UserName = userName[..names.CopyUserName(credentialId, userName)], UserAgent = binding.UserAgent, Contact = binding.Uri,
    };
}
