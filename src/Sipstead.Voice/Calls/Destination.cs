using System.Diagnostics.CodeAnalysis;
using System.Text;
using Sipstead.Provisioning.Locations;
using Sipstead.Provisioning.View;
using Sipstead.Registrar;
using Sipstead.Registrar.Gruus;
using Sipstead.Sip.Locating;
using Sipstead.Sip.Messages;
using Sipstead.Voice.Trunks;

namespace Sipstead.Voice.Calls;

/// <summary>What a dialled string names.</summary>
internal abstract record Destination
{
    private Destination()
    {
    }

    /// <summary>A user of ours.</summary>
    /// <param name="Instance">The one device of the user that a GRUU names (RFC 5627); null for all of them.</param>
    public sealed record Device(long CredentialId, RealmEntry Realm, string? Instance = null) : Destination;

    /// <summary>A SIP URI of somebody else that may be called (ruling 29), and what of it says where it leads.</summary>
    public sealed record Foreign(string Uri, SipDestination Target) : Destination;

    /// <summary>Somebody behind trunks of the account (ruling 27).</summary>
    /// <param name="Trunks">In the order to try them.</param>
    /// <param name="User">The number in E.164 form, or the name of whom they know.</param>
    public sealed record Trunk(IReadOnlyList<TrunkEntry> Trunks, string User) : Destination;

    /// <summary>Nothing that can be called, and the cause of the call's end.</summary>
    public sealed record Unreachable(string Cause, string Message) : Destination;
}

/// <summary>Tells what a dialled string names (voice-api.md 4.1).</summary>
internal sealed class DestinationResolver(ProvisioningView view, RegistrarService registrar, TrunkChoice trunks, VoiceOptions options)
{
    private readonly HashSet<string> _foreignHosts = options.SipHosts.Select(host => host.Trim('[', ']')).ToHashSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>True for a SIP URI with a user and without headers, which must not be obeyed.</summary>
    public static bool IsUserUri(string text) =>
        text.StartsWith("sip:", StringComparison.OrdinalIgnoreCase) && SipUri.TryParse(Encoding.UTF8.GetBytes(text), out var uri) && uri.HasUser
        && uri.Headers.IsEmpty;

    /// <param name="from">Who calls: trunks take the callers alone that they allow.</param>
    public Destination Resolve(long accountId, string to, string from)
    {
        if (!to.StartsWith("sip:", StringComparison.OrdinalIgnoreCase))
        {
            return (E164.IsNumber(to) ? trunks.To(accountId, to, from) : null)
                ?? new Destination.Unreachable(CallCause.Rejected, $"{to} is a telephone number, and the account has no trunk that reaches it");
        }

        var octets = Encoding.UTF8.GetBytes(to);
        if (!SipUri.TryParse(octets, out var uri)) return new Destination.Unreachable(CallCause.Rejected, $"{to} is not a SIP URI");
        if (view.Realms.TryFind(uri.Host, out var realm)) return ResolveUser(accountId, realm, uri, to, from);
        var host = Encoding.ASCII.GetString(SipUri.TrimBrackets(uri.Host));
        if (SipDestination.Of(uri) is not { } target)
            return new Destination.Unreachable(CallCause.Rejected, $"{to} cannot be called: leave out maddr, port 0 and transports other than udp, tcp and tls");
        if (trunks.To(accountId, target, E164.FromDialled(UserPart.Of(uri)) ?? UserPart.Of(uri), from) is { } trunk) return trunk;
        return _foreignHosts.Contains(host)
            ? new Destination.Foreign(to, target)
            : new Destination.Unreachable(
                CallCause.Rejected, $"{host} is no realm of this server, no trunk of the account that takes this call, and not named in Sipstead:Voice:SipHosts");
    }

    /// <summary>The user is looked up as written, then without a leading '+', which the guide puts before user names.</summary>
    private Destination ResolveUser(long accountId, RealmEntry realm, in SipUri uri, string to, string from)
    {
        // A realm of another account is as unknown as one that is not there.
        if (realm.AccountId != accountId)
            return new Destination.Unreachable(CallCause.Rejected, $"{realm.Fqdn} is no realm of this account");
        var isGruu = uri.TryGetParameter("gr"u8, out var instance);
        if (isGruu && instance.IsEmpty) return ResolveTemporaryGruu(realm, uri, to);
        if (TryFindUser(realm.Id, uri.User, out var credential)) return new Destination.Device(credential.Value.Id, realm, isGruu ? TextOf(instance) : null);
        // A number that is no user leads through the realm into the telephone network (voice-api.md 4.1).
        return (E164.FromDialled(UserPart.Of(uri)) is { } number ? trunks.To(accountId, number, from) : null)
            ?? new Destination.Unreachable(CallCause.Error, $"{to}: there is no such user in the realm {realm.Fqdn}");
    }

    /// <summary>A temporary GRUU leads to the device as long as the registration lives that it was given for, and nowhere afterwards (RFC 5627 5.1).</summary>
    private Destination ResolveTemporaryGruu(RealmEntry realm, in SipUri uri, string to)
    {
        Span<byte> user = stackalloc byte[TemporaryGruus.UserLength];
        if (SipUri.TryUnescape(uri.User, user, out var length) && registrar.Gruus.TryRead(user[..length], out var credentialId, out var epoch))
        {
            var binding = registrar.Find(credentialId).FirstOrDefault(binding => binding.GruuEpoch == epoch && binding.RealmId == realm.Id);
            if (binding is not null) return new Destination.Device(credentialId, realm, binding.Instance);
        }

        return new Destination.Unreachable(CallCause.Error, $"{to} is no temporary GRUU of this server, or the device has registered anew since");
    }

    private static string TextOf(ReadOnlySpan<byte> escaped)
    {
        var octets = new byte[escaped.Length];
        return Encoding.UTF8.GetString(SipUri.TryUnescape(escaped, octets, out var length) ? octets.AsSpan(0, length) : escaped);
    }

    private bool TryFindUser(long realmId, ReadOnlySpan<byte> escaped, [NotNullWhen(true)] out CredentialSecret? credential)
    {
        Span<byte> user = stackalloc byte[512];
        credential = null;
        if (!SipUri.TryUnescape(escaped, user, out var length)) return false;
        user = user[..length];
        if (view.Credentials.TryFind(realmId, user, out var found) || (user is [(byte)'+', ..] && view.Credentials.TryFind(realmId, user[1..], out found)))
            credential = found;
        return credential is not null;
    }
}
