using System.Text;
using Sipstead.Sip.Messages;
using Sipstead.Sip.Sessions;

namespace Sipstead.Voice.Calls;

/// <summary>The INVITE of a call that the API makes: who calls, shown or hidden, and what else the device is told.</summary>
internal static class OutboundInvites
{
    public static OutboundInvite Create(NewCall wish, string requestUri, string domain, byte[] offer)
    {
        var headers = new List<(string, string)>();
        var identity = Named(wish.DisplayName, $"<sip:{wish.From}@{domain}>");
        if (wish.Privacy) headers.Add(("Privacy", "id")); // the identity itself stays here: a device is outside the trust domain (RFC 3325)
        else headers.Add(("P-Asserted-Identity", identity));
        headers.AddRange(wish.UserToUser.Select(value => ("User-To-User", value)));
        return new OutboundInvite
        {
            RequestUri = requestUri, From = wish.Privacy ? Hidden(wish.DisplayName) : identity, To = $"<{wish.To}>",
            Body = offer, Headers = headers,
        };
    }

    /// <summary>A Contact as a Request-URI: without its headers, which must not be obeyed (URI-04).</summary>
    public static string RequestUriOf(string contact)
    {
        var octets = Encoding.UTF8.GetBytes(contact);
        return SipUri.TryParse(octets, out var uri) && !uri.Headers.IsEmpty ? Encoding.UTF8.GetString(octets.AsSpan(0, octets.Length - uri.Headers.Length)) : contact;
    }

    private static string Hidden(string? displayName) => Named(displayName ?? "Anonymous", "<sip:anonymous@anonymous.invalid>");

    private static string Named(string? displayName, string address) => string.IsNullOrEmpty(displayName)
        ? address
        : $"\"{displayName.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\" {address}";
}
