using Sipstead.Provisioning.View;
using Sipstead.Registrar.History;
using Sipstead.Sip.Digest;

namespace Sipstead.Registrar.Authentication;

/// <summary>Whom a user name stands for.</summary>
/// <param name="Hash">What the digest is checked with.</param>
/// <param name="Fault">What it is when the digest is not right.</param>
internal readonly record struct DigestUser(CredentialSecret Credential, DigestValue Hash, RegistrationOutcome Fault)
{
    /// <summary>True when the credential's name is the digest's, not the part of it before the realm.</summary>
    public bool IsExact { get; init; }

    /// <summary>False when there is no hash that a digest could be right with.</summary>
    public bool IsKnown => Fault == RegistrationOutcome.WrongPassword;
}
