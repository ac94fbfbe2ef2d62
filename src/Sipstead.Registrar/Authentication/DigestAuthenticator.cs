using System.IO.Hashing;
using System.Security.Cryptography;
using System.Text;
using Sipstead.Provisioning.Realms;
using Sipstead.Provisioning.View;
using Sipstead.Registrar.History;
using Sipstead.Sip.Digest;
using Sipstead.Sip.Messages;
using Sipstead.Sip.Parsing;
using Sipstead.Sip.Transport;
using Sipstead.Sip.Uas;

namespace Sipstead.Registrar.Authentication;

/// <summary>
/// Checks digest credentials against stored hashes (RFC 3261 22, RFC 8760; rulings 1 to 6). Unknown users cost the same work as known ones. Not
/// thread-safe: one for each receiving loop.
/// </summary>
internal sealed class DigestAuthenticator(
    ProvisioningView view, NonceFactory nonces, RegistrarOptions options, BatchClock clock, BatchCounts counts)
{
    private const int MaxUserName = 320;

    /// <summary>Stand in for the hash of unknown users.</summary>
    private static readonly DigestValue NoShortHash = DigestValue.Read(RandomNumberGenerator.GetBytes(DigestValue.ShortLength));

    private static readonly DigestValue NoLongHash = DigestValue.Read(RandomNumberGenerator.GetBytes(DigestValue.LongLength));

    private readonly DigestCalculator _calculator = new();

    /// <summary>Checks the credentials for <paramref name="realm"/> that the request carries in <paramref name="header"/>.</summary>
    public DigestFinding Check(in SipRequest request, HeaderId header, RealmEntry realm, in SipFlow flow)
    {
        if (!TryFindCredentials(request, header, realm, out var digest, out var fault))
            return Refusal(DigestOutcome.Missing, fault, digest.UserName, fault is null ? 0 : FindUser(realm, digest).Credential.Id);
        if (!nonces.TryRead(digest.Nonce, realm.FqdnUtf8.Span, out var nonce))
            return Refusal(DigestOutcome.Wrong, RegistrationOutcome.ForeignNonce, digest.UserName, FindUser(realm, digest).Credential.Id);
        return Check(digest, FindUser(realm, digest), nonce, request.Message, request.Via, flow);
    }

    /// <summary>Finds the user of a REGISTER's credentials. False where they are not to be checked, or the name is not the user's own.</summary>
    public bool TryFindUser(in RegisterText text, RealmEntry realm, out DigestUser user)
    {
        user = default;
        if (FaultOf(text.Credentials, text.Message.RequestUri, realm) is not null) return false;
        user = FindUser(realm, text.Credentials);
        return user.IsExact && user.IsKnown;
    }

    /// <summary>Reads the nonce of a REGISTER's credentials. False when it is none of ours.</summary>
    public bool TryReadNonce(in RegisterText text, RealmEntry realm, out NonceContent nonce) =>
        nonces.TryRead(text.Credentials.Nonce, realm.FqdnUtf8.Span, out nonce);

    /// <summary>Checks a REGISTER's credentials, whose user was found and whose nonce was read.</summary>
    /// <param name="prefix">That of the user's hash and the nonce, where it is known; set where it is used.</param>
    public DigestFinding Check(in RegisterText text, in DigestUser user, in NonceContent nonce, in SipFlow flow, ref DigestPrefix prefix)
    {
        var digest = text.Credentials;
        counts.Computed(digest.Algorithm);
        var expected = DigestPrefix.Fits(digest)
            ? _calculator.Response(user.Hash, text.Message.MethodToken, digest, ref prefix)
            : _calculator.Response(user.Hash, text.Message.MethodToken, text.Message.Body, digest);
        return Judge(expected, digest, user, nonce, text.Via, flow);
    }

    /// <summary>
    /// Answers 401 (REGISTER and the rest) or 407 (INVITE) with a new nonce; nothing is kept (ruling 2). A request that is much shorter than a phone's is
    /// answered with the strongest challenges alone, so that nobody is flooded in its sender's name (S-19).
    /// </summary>
    public void Challenge(in SipResponder responder, RealmEntry realm, int status, DigestOutcome outcome)
    {
        counts.Challenged(outcome);
        Span<byte> nonce = stackalloc byte[NonceFactory.TextLength];
        nonces.Create((uint)(clock.NowMs / 1000), realm.FqdnUtf8.Span, nonce);
        var writer = responder.Begin(status);
        var header = status == 407 ? "Proxy-Authenticate"u8 : "WWW-Authenticate"u8;
        var first = writer.Length;
        foreach (var algorithm in DigestOffer.StrongestFirst)
        {
            if (!realm.Offers(algorithm)) continue;
            var before = writer.Length;
            DigestChallenge.Write(writer, header, realm.FqdnUtf8.Span, nonce, algorithm, outcome == DigestOutcome.Stale);
            if (before > first && writer.Length > responder.Bound) writer.Cut(before);
        }

        responder.End();
    }

    /// <summary>Decodes quoted pairs. A name longer than any that can be provisioned becomes empty, which nobody has.</summary>
    public static ReadOnlySpan<byte> Unquote(ReadOnlySpan<byte> quoted, Span<byte> buffer)
    {
        if (quoted.Length > buffer.Length) return default;
        if (!quoted.Contains((byte)'\\')) return quoted;
        var length = 0;
        for (var i = 0; i < quoted.Length; i++)
        {
            if (quoted[i] == '\\' && i + 1 < quoted.Length) i++;
            buffer[length++] = quoted[i];
        }

        return buffer[..length];
    }

    private DigestFinding Check(
        scoped in DigestCredentials digest, scoped in DigestUser user, NonceContent nonce, SipMessage message, scoped in Via via, scoped in SipFlow flow)
    {
        counts.Computed(digest.Algorithm);
        return Judge(_calculator.Response(user.Hash, message.MethodToken, message.Body, digest), digest, user, nonce, via, flow);
    }

    private DigestFinding Judge(
        scoped in DigestValue expected, scoped in DigestCredentials digest, scoped in DigestUser user, scoped in NonceContent nonce, scoped in Via via,
        scoped in SipFlow flow)
    {
        if (!DigestValue.FixedTimeEquals(expected, digest.Response) || !user.IsKnown)
            return Refusal(DigestOutcome.Wrong, user.Fault, digest.UserName, user.Credential.Id);
        var isOld = nonce.Sequence <= nonces.FirstSequence || IsTooOld(nonce);
        return new DigestFinding
        {
            Outcome = isOld ? DigestOutcome.Stale : DigestOutcome.Right, Fault = isOld ? RegistrationOutcome.StaleNonce : null,
            UserName = digest.UserName, CredentialId = user.Credential.Id, IsExactName = user.IsExact,
            Use = new DigestUse(user.Credential, nonce, digest.Qop == DigestQop.None ? null : digest.NonceCount, HashOf(via, flow, digest)),
        };
    }

    private static DigestFinding Refusal(DigestOutcome outcome, RegistrationOutcome? fault, ReadOnlySpan<byte> userName, long credentialId) =>
        new() { Outcome = outcome, Fault = fault, UserName = userName, CredentialId = credentialId };

    /// <summary>Of several headers the one for our realm counts (AUTH-11). Credentials that nothing can be done with are as none, but for their fault.</summary>
    private static bool TryFindCredentials(
        in SipRequest request, HeaderId id, RealmEntry realm, out DigestCredentials digest, out RegistrationOutcome? fault)
    {
        digest = default;
        fault = null;
        var message = request.Message;
        if (!message.Has(id)) return false;
        foreach (ref readonly var header in message.Headers)
        {
            if (header.Id != id) continue;
            var value = message.ValueOf(header);
            if (DigestCredentials.TryParse(value, out var found))
            {
                digest = found;
                fault = FaultOf(found, message.RequestUri, realm);
                if (fault is null) return true;
            }
            else if (!IsAnnouncement(value))
            {
                fault ??= RegistrationOutcome.UnreadableCredentials;
            }
        }

        return false;
    }

    /// <summary>What keeps a digest from being checked; null for nothing.</summary>
    private static RegistrationOutcome? FaultOf(in DigestCredentials digest, ReadOnlySpan<byte> requestUri, RealmEntry realm)
    {
        if (!digest.Realm.SequenceEqual(realm.FqdnUtf8.Span)) return RegistrationOutcome.ForeignRealm;
        if (!realm.Offers(digest)) return RegistrationOutcome.UnsupportedAlgorithm;
        return digest.Uri.SequenceEqual(requestUri) || IsForRealm(digest.Uri, realm) ? null : RegistrationOutcome.ForeignUri;
    }

    /// <summary>Phones made for IMS name themselves before they are challenged, with an empty response (3GPP TS 24.229 5.1.1.2): no attempt yet.</summary>
    private static bool IsAnnouncement(ReadOnlySpan<byte> value) => value.IndexOf("response=\"\""u8) >= 0;

    /// <summary>The digest's uri is accepted as sent when its host is the realm (ruling 4), as that of the Request-URI is.</summary>
    private static bool IsForRealm(ReadOnlySpan<byte> text, RealmEntry realm) =>
        SipUri.TryParse(text, out var uri) && uri.IsSip && Ascii.EqualsIgnoreCase(uri.Host, realm.FqdnUtf8.Span);

    /// <summary>
    /// The exact user name goes with Hash1; else a name that ends in @realm goes, without it, with Hash1b (ruling 5): one look for a
    /// name of the first form and two for one of the second, whether or not there is such a user.
    /// </summary>
    private DigestUser FindUser(RealmEntry realm, in DigestCredentials digest)
    {
        Span<byte> buffer = stackalloc byte[MaxUserName];
        var name = Unquote(digest.UserName, buffer);
        var fqdn = realm.FqdnUtf8.Span;
        var at = name.Length - fqdn.Length - 1;
        var isLong = at > 0 && name[at] == '@' && Ascii.EqualsIgnoreCase(name[(at + 1)..], fqdn);
        var isExact = view.Credentials.TryFind(realm.Id, name, out var exact);
        CredentialSecret alias = default;
        var isAlias = isLong && view.Credentials.TryFind(realm.Id, name[..at], out alias);
        var algorithm = DigestOffer.SettingOf(digest.Algorithm);
        Span<byte> hash = stackalloc byte[DigestValue.LongLength];
        var length = isExact ? exact.CopyHash(algorithm, isHash1b: false, hash) : 0;
        if (length > 0) return new DigestUser(exact, DigestValue.Read(hash[..length]), RegistrationOutcome.WrongPassword) { IsExact = true };
        length = isAlias ? alias.CopyHash(algorithm, isHash1b: true, hash) : 0;
        if (length > 0) return new DigestUser(alias, DigestValue.Read(hash[..length]), RegistrationOutcome.WrongPassword);
        var none = algorithm == DigestAlgorithms.Md5 ? NoShortHash : NoLongHash;
        if (isExact) return new DigestUser(exact, none, RegistrationOutcome.UnusableHash1);
        return isAlias ? new DigestUser(alias, none, RegistrationOutcome.MissingHash1b) : new DigestUser(default, none, RegistrationOutcome.UnknownUser);
    }

    private bool IsTooOld(in NonceContent nonce) => options.NonceEnd(nonce.IssuedAt) <= clock.NowMs;

    private static ulong HashOf(in Via via, in SipFlow flow, in DigestCredentials digest)
    {
        var seed = (long)(digest.Response.Folded ^ (ulong)flow.Source.Bits ^ (ulong)(flow.Source.Bits >> 64) ^ flow.Source.Port);
        return XxHash3.HashToUInt64(via.Branch, seed);
    }
}
