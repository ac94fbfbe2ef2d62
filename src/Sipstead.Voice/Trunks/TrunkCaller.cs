using System.Text;
using Sipstead.Provisioning.Locations;
using Sipstead.Sip.Messages;
using Sipstead.Voice.Calls;

namespace Sipstead.Voice.Trunks;

/// <summary>
/// Who calls by a trunk, as the API shows it: what the trunk asserts (RFC 3325), which is believed because of where it comes from, else what From says. A
/// caller that hides is one of the API's words.
/// </summary>
internal static class TrunkCaller
{
    private const string AnonymousUser = "anonymous";

    /// <summary>A number in E.164 form where it is one, else the SIP URI without parameters, else one of the words.</summary>
    public static string Of(SipMessage invite, bool isPrivate)
    {
        if (isPrivate) return HiddenCaller.Restricted;
        string? asserted = null;
        foreach (var value in invite.Values(HeaderId.PAssertedIdentity))
        {
            if (!NameAddress.TryParse(value, out var identity) || AddressOf(identity.Uri) is not { } address) continue;
            if (E164.IsNumber(address)) return address;
            asserted ??= address;
        }

        if (asserted is not null) return asserted;
        if (!NameAddress.TryParse(invite.Value(HeaderId.From), out var from) || AddressOf(from.Uri) is not { } sender) return HiddenCaller.Unavailable;
        return IsAnonymous(from.Uri) ? HiddenCaller.Anonymous : sender;
    }

    /// <summary>A parameter of a number or of the URI around it: far ends put it in either place (RFC 3261 19.1.6, TS 24.229 7.2A.20).</summary>
    public static string? ParameterOf(in SipUri uri, ReadOnlySpan<byte> name)
    {
        var parts = uri.IsSip ? uri.User : uri.Text;
        var start = parts.IndexOf((byte)';');
        if (start >= 0)
        {
            foreach (var parameter in new UriParameters(parts[start..]))
            {
                if (Ascii.EqualsIgnoreCase(parameter.Name, name)) return Encoding.UTF8.GetString(parameter.Value);
            }
        }

        return uri.IsSip && uri.TryGetParameter(name, out var value) ? Encoding.UTF8.GetString(value) : null;
    }

    private static bool IsAnonymous(in SipUri uri) =>
        Ascii.EqualsIgnoreCase(uri.Host, "anonymous.invalid"u8) || string.Equals(UserPart.Of(uri), AnonymousUser, StringComparison.OrdinalIgnoreCase);

    /// <summary>Null when it names nobody.</summary>
    private static string? AddressOf(in SipUri uri)
    {
        if (!uri.IsSip) return uri.Text.StartsWith("tel:"u8) ? E164.FromDialled(Digits(Encoding.UTF8.GetString(uri.Text[4..]))) : null;
        if (!uri.HasUser) return null;
        return E164.FromDialled(UserPart.Of(uri).Split(';')[0]) ?? $"sip:{Encoding.UTF8.GetString(uri.User)}@{Encoding.ASCII.GetString(uri.Host)}";
    }

    /// <summary>A number of a tel URI without visual separators and parameters (RFC 3966 3).</summary>
    private static string Digits(string number) => string.Concat(number.Split(';')[0].Where(c => c is not ('-' or '.' or '(' or ')')));
}
