namespace Sipstead.Registrar.History;

/// <summary>What became of an attempt to register, or why a registration ended. Words for each: <see cref="RegistrationOutcomes"/>.</summary>
public enum RegistrationOutcome : byte
{
    /// <summary>200: a contact that was not there before. A refresh is no entry (ruling 36).</summary>
    Registered,

    /// <summary>200: the phone took its contact back (expires=0 or <c>*</c>).</summary>
    Unregistered,

    /// <summary>The contact was not refreshed in time.</summary>
    Expired,

    /// <summary>The contact made room for a newer one at the contact limit (ruling 11).</summary>
    Replaced,

    /// <summary>Somebody ended the registration, by API or dashboard.</summary>
    Removed,

    /// <summary>The credential got another password, or was deleted (ruling 12).</summary>
    Ended,

    /// <summary>401: the realm has no such user.</summary>
    UnknownUser,

    /// <summary>401: the digest is not made with the credential's hash.</summary>
    WrongPassword,

    /// <summary>401: the credential has no hash for the digest's algorithm: Hash1 is none.</summary>
    UnusableHash1,

    /// <summary>401: the user name is <c>user@realm</c>, for which the credential has no Hash1b.</summary>
    MissingHash1b,

    /// <summary>401: the digest is for another realm.</summary>
    ForeignRealm,

    /// <summary>401: the digest's uri is not the realm (ruling 4).</summary>
    ForeignUri,

    /// <summary>401: the digest uses an algorithm or qop that was not offered.</summary>
    UnsupportedAlgorithm,

    /// <summary>401: the Authorization header is no digest that can be read.</summary>
    UnreadableCredentials,

    /// <summary>401: the nonce is none of ours, or from before a change of the key.</summary>
    ForeignNonce,

    /// <summary>401: the digest is right, and used a nonce again that had been answered <c>stale=true</c>.</summary>
    StaleNonce,

    /// <summary>403: the user in To is not the user of the digest.</summary>
    NotOwnAor,

    /// <summary>423: the lifetime asked for is too short.</summary>
    IntervalTooBrief,

    /// <summary>400: the Contact cannot be read.</summary>
    BadContact,

    /// <summary>403: the Contact leads back to this server, or to nobody (ruling 9).</summary>
    ForbiddenContact,

    /// <summary>403: as many contacts as there may be.</summary>
    TooManyContacts,

    /// <summary>500: CSeq is not above the last one of the same Call-ID.</summary>
    OutOfOrder,

    /// <summary>The connection of an Outbound flow ended, and the device did not come back over another (ruling 10).</summary>
    FlowEnded,

    /// <summary>400: a Path value that cannot be used.</summary>
    BadPath,

    /// <summary>439: Outbound through a proxy that does not take part in it.</summary>
    FirstHopLacksOutbound,

    /// <summary>420: a Contact for bulk numbers (RFC 6140).</summary>
    BulkContact,

    /// <summary>503: the registration could not be written to the journal.</summary>
    StoreFailed,

    /// <summary>401: too many wrong passwords of this user from this source; a right one is refused too.</summary>
    RateLimited,

    /// <summary>503: more REGISTER requests than one user may send.</summary>
    TooManyRequests,
}
