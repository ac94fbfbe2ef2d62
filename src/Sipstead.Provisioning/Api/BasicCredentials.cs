using System.Text;

namespace Sipstead.Provisioning.Api;

/// <summary>The name and password of an Authorization header (RFC 7617).</summary>
internal readonly record struct BasicCredentials(string UserName, string Password)
{
    private const string Scheme = "Basic ";

    /// <summary>More than the longest name and password take.</summary>
    private const int MaximumLength = 2048;

    private static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);

    public static bool TryParse(string? header, out BasicCredentials credentials)
    {
        credentials = default;
        if (header is null || header.Length > MaximumLength || !header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)) return false;
        var octets = new byte[header.Length];
        if (!Convert.TryFromBase64Chars(header.AsSpan(Scheme.Length).Trim(), octets, out var length)) return false;
        var colon = octets.AsSpan(0, length).IndexOf((byte)':');
        if (colon < 0) return false;
        try
        {
            credentials = new BasicCredentials(
                StrictUtf8.GetString(octets, 0, colon), StrictUtf8.GetString(octets, colon + 1, length - colon - 1));
            return true;
        }
        catch (DecoderFallbackException)
        {
            return false;
        }
    }

    /// <summary>Without the password.</summary>
    public override string ToString() => UserName;
}
