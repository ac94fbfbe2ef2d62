using Sipstead.Provisioning.View;
using Sipstead.Registrar.History;
using Sipstead.Sip.Digest;

namespace Sipstead.Registrar.Authentication;

/// <summary>What the answer says of the credentials: all that shows on the wire.</summary>
internal enum DigestOutcome : byte
{
    /// <summary>The digest is right; the use of its nonce is still to be noted.</summary>
    Right,

    /// <summary>No credentials for this realm, or none that can be used.</summary>
    Missing,

    /// <summary>Unknown user, wrong password, foreign nonce: one answer for all.</summary>
    Wrong,

    /// <summary>The digest is right and only the nonce too old (AUTH-14).</summary>
    Stale,
}

/// <summary>A request whose digest is right.</summary>
/// <param name="RequestHash">Hash of branch, source and response: tells a repeat from another use of the nonce (ruling 2).</param>
/// <param name="NonceCount">nc, null without qop.</param>
internal readonly record struct DigestUse(CredentialSecret Credential, NonceContent Nonce, uint? NonceCount, ulong RequestHash);

/// <summary>What authentication found. The peer learns the outcome alone; the history also whose credentials they were, and what was wrong with them.</summary>
internal readonly ref struct DigestFinding
{
    public required DigestOutcome Outcome { get; init; }

    /// <summary>What was wrong; null for right credentials, and for a request without any.</summary>
    public RegistrationOutcome? Fault { get; init; }

    /// <summary>The user name as sent, quoted pairs not decoded; empty when no credentials could be read.</summary>
    public ReadOnlySpan<byte> UserName { get; init; }

    /// <summary>The credential that the user name belongs to, 0 for nobody's.</summary>
    public long CredentialId { get; init; }

    /// <summary>True when the digest is right and the user name is the credential's own, not one with the realm behind it.</summary>
    public bool IsExactName { get; init; }

    /// <summary>Set when the digest is right, with an old nonce too.</summary>
    public DigestUse Use { get; init; }
}
