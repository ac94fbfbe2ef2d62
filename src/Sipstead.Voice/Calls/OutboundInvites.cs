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

    private static string Hidden(string? displayName) => Named(displayName ?? "Anonymous", "<sip:anonymous@anonymous.invalid>");

    private static string Named(string? displayName, string address) => string.IsNullOrEmpty(displayName)
        ? address
        : $"\"{displayName.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\" {address}";
}
