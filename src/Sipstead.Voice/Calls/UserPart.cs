using System.Buffers;
using System.Globalization;
using System.Text;
using Sipstead.Sip.Messages;

namespace Sipstead.Voice.Calls;

/// <summary>The user part of a SIP URI as text.</summary>
internal static class UserPart
{
    /// <summary>What stands for itself: unreserved characters (RFC 3261 25.1) and '+', which begins numbers.</summary>
    private static readonly SearchValues<char> Plain = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.!~*'()+");

    /// <summary>A user name as the user part of a URI.</summary>
    public static string Escape(string name)
    {
        if (!name.AsSpan().ContainsAnyExcept(Plain)) return name;
        var escaped = new StringBuilder();
        foreach (var octet in Encoding.UTF8.GetBytes(name))
        {
            if (Plain.Contains((char)octet)) escaped.Append((char)octet);
            else escaped.Append(CultureInfo.InvariantCulture, $"%{octet:X2}");
        }

        return escaped.ToString();
    }

    /// <summary>The address of one of our users, as the API writes it, as a SIP URI.</summary>
    public static string EscapeIn(string address)
    {
        var (begin, end) = (address.IndexOf(':', StringComparison.Ordinal) + 1, address.LastIndexOf('@'));
        return end < begin ? address : $"{address[..begin]}{Escape(address[begin..end])}{address[end..]}";
    }

    /// <summary>Without escapes; as sent when it is longer than any user name or number.</summary>
    public static string Of(in SipUri uri)
    {
        Span<byte> unescaped = stackalloc byte[512];
        return Encoding.UTF8.GetString(SipUri.TryUnescape(uri.User, unescaped, out var length) ? unescaped[..length] : uri.User);
    }
}
