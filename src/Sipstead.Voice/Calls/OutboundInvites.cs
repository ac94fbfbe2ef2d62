using System.Text;
using Sipstead.Sip.Messages;
using Sipstead.Sip.Sessions;

namespace Sipstead.Voice.Calls;

/// <summary>The INVITE of a call that the API makes: who calls, shown or hidden, and what else the device is told.</summary>
internal static class OutboundInvites
{
    public static OutboundInvite Create(NewCall wish, string requestUri, string domain, byte[] offer)
    {
        var isPrivate = wish.Privacy || wish.PassedOn is { IsPrivate: true };
        var headers = new List<(string, string)>();
        var identity = Named(wish.DisplayName, $"<sip:{wish.From}@{domain}>");
        if (isPrivate) headers.Add(("Privacy", "id")); // the identity itself stays here: a device is outside the trust domain (RFC 3325)
        else headers.Add(("P-Asserted-Identity", identity));
        var userToUser = wish.UserToUser.Count > 0 || wish.PassedOn is null ? wish.UserToUser : wish.PassedOn.UserToUser;
        headers.AddRange(userToUser.Select(value => ("User-To-User", value)));
        var invite = new OutboundInvite
        {
            RequestUri = requestUri, From = isPrivate ? Hidden(wish.DisplayName) : identity, To = $"<{wish.To}>", Body = offer, Headers = headers,
        };
        return wish.PassedOn is { } passedOn ? PassOn(invite, wish, passedOn) : invite;
    }

    /// <summary>A Contact as a Request-URI: without its headers, which must not be obeyed (URI-04).</summary>
    public static string RequestUriOf(string contact)
    {
        var octets = Encoding.UTF8.GetBytes(contact);
        return SipUri.TryParse(octets, out var uri) && !uri.Headers.IsEmpty ? Encoding.UTF8.GetString(octets.AsSpan(0, octets.Length - uri.Headers.Length)) : contact;
    }

    /// <summary>Adds what the call brings along: where it has been and was diverted from, in order, and one hop less (DLG-12, HIST-01).</summary>
    private static OutboundInvite PassOn(OutboundInvite invite, NewCall wish, InviteHeaders passedOn)
    {
        var history = passedOn.History.Retargeted(passedOn.Dialled, wish.To, "mp");
        if (invite.RequestUri != wish.To) history = history.Retargeted(wish.To, invite.RequestUri, "rc");
        return invite with
        {
            MaxForwards = passedOn.HopsLeft - 1,
            Headers =
            [
                .. invite.Headers, .. passedOn.Diversions.Select(value => ("Diversion", value)),
                .. history.Values(passedOn.HidesHistory).Select(value => ("History-Info", value)),
            ],
        };
    }

    private static string Hidden(string? displayName) => Named(displayName ?? "Anonymous", "<sip:anonymous@anonymous.invalid>");

    private static string Named(string? displayName, string address) => string.IsNullOrEmpty(displayName)
        ? address
        : $"\"{displayName.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\" {address}";
}
