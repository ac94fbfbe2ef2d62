using System.Globalization;
using Sipstead.Provisioning.View;

namespace Sipstead.Provisioning.Credentials;

/// <summary>
/// The text form of Hash1 and Hash1b (contract 5.2): 32 hexadecimal digits are an MD5, anything else never authenticates.
/// </summary>
internal static class HashText
{
    private const int Md5Digits = 32;

    /// <summary>An MD5 in lower case, as digest mathematics needs it; other text unchanged.</summary>
    public static string Normalise(string text) => Parse(text) is null ? text : text.ToLowerInvariant();

    /// <summary>The big-endian value of an MD5; null for other text.</summary>
    public static UInt128? Parse(string? text) =>
        text is { Length: Md5Digits } && UInt128.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value)
            ? value
            : null;

    /// <summary>The view's form of a stored credential.</summary>
    public static CredentialSecret Secret(long id, long realmId, int hashRevision, string hash1, string? hash1b) =>
        new(id, realmId, hashRevision, Parse(hash1), Parse(hash1b));
}
