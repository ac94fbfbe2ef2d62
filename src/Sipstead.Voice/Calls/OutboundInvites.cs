using System.Text;
using Sipstead.Sip.Messages;
using Sipstead.Sip.Sessions;

namespace Sipstead.Voice.Calls;

/// <summary>The INVITE of a call that the API makes: who calls, shown or hidden, and what else the device is told.</summary>
internal static class OutboundInvites
{
    public static OutboundInvite Create(NewCall wish, string requestUri, string domain, byte[] offer) => Create(wish, requestUri, domain, offer, isTrusted: false);

    /// <summary>To a trunk, which is trusted with the caller's number also where the callee must not see it (RFC 3325 7).</summary>
    public static OutboundInvite ToTrunk(NewCall wish, string requestUri, string host, byte[] offer) =>
        Create(wish with { To = requestUri }, requestUri, host, offer, isTrusted: true);

    private static OutboundInvite Create(NewCall wish, string requestUri, string domain, byte[] offer, bool isTrusted)
    {
        var isPrivate = wish.Privacy || wish.PassedOn is { IsPrivate: true };
        var headers = new List<(string, string)>();
        var address = wish.From.StartsWith("sip:", StringComparison.OrdinalIgnoreCase) ? wish.From : $"sip:{wish.From}@{domain}";
        var identity = Named(isPrivate ? null : wish.DisplayName, $"<{address}>");
        if (isPrivate) headers.Add(("Privacy", "id"));
        if (!isPrivate || isTrusted) headers.Add(("P-Asserted-Identity", identity)); // a device is outside the trust domain (RFC 3325)
        var userToUser = wish.UserToUser.Count > 0 || wish.PassedOn is null ? wish.UserToUser : wish.PassedOn.UserToUser;
        headers.AddRange(userToUser.Select(value => ("User-To-User", value)));
        if (wish.PassedOn is { } brought) headers.AddRange(brought.Diversions.Select(value => ("Diversion", value)));
        headers.AddRange(HistoryOf(wish, requestUri).Values(wish.PassedOn is { HidesHistory: true }).Select(value => ("History-Info", value)));
        var invite = new OutboundInvite
        {
            RequestUri = requestUri, From = isPrivate ? Hidden(wish.DisplayName) : identity, To = $"<{wish.To}>", Body = offer, Headers = headers,
        };
        return wish.PassedOn is { } passedOn ? invite with { MaxForwards = passedOn.HopsLeft - 1 } : invite; // DLG-12
    }

    /// <summary>A Contact as a Request-URI: without its headers and method, which must not be obeyed (RFC 3261 19.1.5; URI-04, PRX-05).</summary>
    public static string RequestUriOf(string contact)
    {
        var octets = Encoding.UTF8.GetBytes(contact);
        if (!SipUri.TryParse(octets, out var uri)) return contact;
        var text = new StringBuilder(Encoding.UTF8.GetString(octets.AsSpan(0, octets.Length - uri.Parameters.Length - uri.Headers.Length)));
        foreach (var parameter in new UriParameters(uri.Parameters))
        {
            if (SipUriComparison.EqualUnescaped(parameter.Name, "method"u8, ignoreCase: true)) continue;
            text.Append(';').Append(Encoding.UTF8.GetString(parameter.Name));
            if (parameter.HasValue) text.Append('=').Append(Encoding.UTF8.GetString(parameter.Value));
        }

        return text.ToString();
    }

    /// <summary>Where the call has been: what it brings along, the user that it is made to, and the address of the user's device (RFC 7044, HIST-01).</summary>
    private static HistoryInfo HistoryOf(NewCall wish, string requestUri)
    {
        var history = wish.PassedOn is { } passedOn ? passedOn.History.Retargeted(passedOn.Dialled, wish.To, "mp") : HistoryInfo.None;
        return requestUri == wish.To ? history : history.Retargeted(wish.To, requestUri, "rc");
    }

    private static string Hidden(string? displayName) => Named(displayName ?? HiddenCaller.Anonymous, "<sip:anonymous@anonymous.invalid>");

    private static string Named(string? displayName, string address) => string.IsNullOrEmpty(displayName)
        ? address
        : $"\"{displayName.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\" {address}";
}
