namespace Sipstead.Registrar.History;

/// <summary>Each outcome in words: the status that was answered, the reason, and what to do about it.</summary>
public static class RegistrationOutcomes
{
    private static readonly Description[] Descriptions = Describe();

    /// <summary>All outcomes, in the order of their declaration.</summary>
    public static IReadOnlyList<RegistrationOutcome> All { get; } = Enum.GetValues<RegistrationOutcome>();

    /// <summary>Status of the answer; null for what ended without a request.</summary>
    public static int? StatusOf(RegistrationOutcome outcome) => Descriptions[(int)outcome].Status;

    /// <summary>What happened, as a sentence.</summary>
    public static string ReasonOf(RegistrationOutcome outcome) => Descriptions[(int)outcome].Reason;

    /// <summary>What to do about it, as a sentence or two.</summary>
    public static string AdviceOf(RegistrationOutcome outcome) => Descriptions[(int)outcome].Advice;

    /// <summary>True when a request was refused.</summary>
    public static bool IsRefusal(RegistrationOutcome outcome) => StatusOf(outcome) >= 400;

    private static Description[] Describe()
    {
        var all = new Description[Enum.GetValues<RegistrationOutcome>().Length];
        DescribeBindings(Set);
        DescribeCredentials(Set);
        DescribeRequests(Set);
        return all;

        void Set(RegistrationOutcome outcome, int? status, string reason, string advice) => all[(int)outcome] = new Description(status, reason, advice);
    }

    private static void DescribeBindings(DescriptionSetter set)
    {
        set(RegistrationOutcome.Registered, 200, "A new contact was registered.", "Nothing to do. Refreshes of it are not listed.");
        set(RegistrationOutcome.Unregistered, 200, "The phone ended its registration.", "Nothing to do. Register the phone again to be reached.");
        set(RegistrationOutcome.Expired, null, "The registration was not refreshed in time.",
            "Check that the phone is on and reaches this server; let it refresh before the Expires of its 200.");
        set(RegistrationOutcome.Replaced, null, "The contact refreshed longest ago made room for a new one at the contact limit.",
            "Sign old phones out, or raise Sipstead__Registrar__MaxContacts.");
        set(RegistrationOutcome.Removed, null, "The registration was ended by API or dashboard.", "The phone comes back with its next refresh.");
        set(RegistrationOutcome.FlowEnded, null, "The phone's connection ended, and the phone did not come back over a new one.",
            "Check that the phone is on and reaches this server; it registers again by itself.");
        set(RegistrationOutcome.Ended, null, "The credential got another password or was deleted.", "Type the new password into the phone.");
    }

    private static void DescribeCredentials(DescriptionSetter set)
    {
        set(RegistrationOutcome.UnknownUser, 401, "The realm has no user of this name.",
            "Compare the user name letter by letter, upper and lower case too, or create the credential.");
        set(RegistrationOutcome.WrongPassword, 401, "Wrong password: the digest does not match the credential's hash.",
            "Type the password again, or rotate the credential.");
        set(RegistrationOutcome.UnusableHash1, 401, "The credential has no hash for the digest's algorithm, so no password fits it.",
            "Rotate the credential; by API with Hash1 = MD5(user:realm:password), or Hash1Sha256 for SHA-256.");
        set(RegistrationOutcome.MissingHash1b, 401, "The phone signs in as user@realm, for which the credential has no Hash1b.",
            "Set the phone's authentication name to the user alone, or rotate the credential with Hash1b = MD5(user@realm:realm:password).");
        set(RegistrationOutcome.ForeignRealm, 401, "The digest is for another realm.",
            "Leave the phone's authentication realm empty, or set it to the realm's full name.");
        set(RegistrationOutcome.ForeignUri, 401, "The digest's uri does not name the realm.",
            "Set the phone's domain (registrar) to the realm's full name; an address or proxy belongs into the outbound proxy.");
        set(RegistrationOutcome.UnsupportedAlgorithm, 401, "The digest uses an algorithm or qop that the realm does not offer.",
            "Let the phone follow the challenge, or let the realm offer the phone's algorithm too.");
        set(RegistrationOutcome.UnreadableCredentials, 401, "The Authorization header is not a digest that can be read.",
            "Read the SIP trace: scheme Digest, each parameter once, response of 32 hexadecimal digits (64 for SHA), qop auth.");
        set(RegistrationOutcome.ForeignNonce, 401, "The nonce was not issued by this server for this realm, or its key has changed since.",
            "Once is harmless: the phone answers the new challenge. Again and again: restart the phone, or look for a proxy that mixes servers.");
        set(RegistrationOutcome.StaleNonce, 401, "The password is right, but the nonce was used again after stale=true.",
            "The phone does not take the new nonce: restart or update it. From a source you do not know, it is a replay of an old request.");
    }

    private static void DescribeRequests(DescriptionSetter set)
    {
        set(RegistrationOutcome.NotOwnAor, 403, "The user in To is not the user of the digest.",
            "Set the phone's user name and authentication name to the same credential.");
        set(RegistrationOutcome.IntervalTooBrief, 423, "The lifetime asked for is below the shortest one.",
            "Raise the phone's registration interval to the Min-Expires of the answer, or lower Sipstead__Registrar__MinExpires.");
        set(RegistrationOutcome.BadContact, 400, "The Contact header cannot be read, or its values do not go together.",
            "Read the SIP trace: sip or sips URIs, q from 0 to 1, * alone and with Expires: 0.");
        set(RegistrationOutcome.ForbiddenContact, 403, "The Contact points at this server itself, at a realm, at multicast, or at port 0; or it is sips and did not come over TLS.",
            "Let the phone send its own address in Contact, and register over TLS for sips.");
        set(RegistrationOutcome.TooManyContacts, 403, "The user has as many contacts as it may.",
            "Sign old phones out, raise Sipstead__Registrar__MaxContacts, or set Sipstead__Registrar__ContactLimit to replaceoldest.");
        set(RegistrationOutcome.OutOfOrder, 500, "CSeq is not above the last one with the same Call-ID.",
            "Restart the phone, so that it begins a new Call-ID.");
        set(RegistrationOutcome.BadPath, 400, "A Path value is no SIP URI with lr, or there are too many.",
            "Read the SIP trace: the proxy between phone and server writes Path; each value must be a SIP URI with lr in angle brackets.");
        set(RegistrationOutcome.FirstHopLacksOutbound, 439, "The phone asks for Outbound (RFC 5626) through a proxy that does not support it.",
            "Switch Outbound off in the phone, or let it register without the proxy.");
        set(RegistrationOutcome.BulkContact, 420, "The Contact asks for bulk numbers (bnc, RFC 6140), which this server does not support.",
            "Let the PBX register each number as a user of its own.");
        set(RegistrationOutcome.StoreFailed, 503, "The registration could not be written to disk.", "Is the disk full? The server's log says why.");
        set(RegistrationOutcome.RateLimited, 401, "Rate limit: too many wrong passwords of this user from this address, so that a right one is refused too.",
            "Type the right password and wait: a minute at first, an hour at most (Sipstead__Limits__FirstRefusal). From another address the user registers at once.");
        set(RegistrationOutcome.TooManyRequests, 503, "Rate limit: more REGISTER requests a second than one user may send.",
            "Restart the phone, and see whether two of them take the registration from each other; or raise Sipstead__Limits__RegistersPerSecond.");
    }

    private delegate void DescriptionSetter(RegistrationOutcome outcome, int? status, string reason, string advice);

    private sealed record Description(int? Status, string Reason, string Advice);
}
