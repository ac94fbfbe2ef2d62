using System.Text;

namespace Sipstead.Sip.Digest;

/// <summary>HA1 from a password (RFC 2617 3.2.2.2), as the 32 lower-case digits that credentials are stored with.</summary>
public static class DigestHashText
{
    /// <summary>MD5(user:realm:password).</summary>
    public static string Ha1(string userName, string realm, string password)
    {
        var md5 = new Md5();
        md5.Append(Encoding.UTF8.GetBytes($"{userName}:{realm}:{password}"));
        return md5.Finish().ToString("x32", System.Globalization.CultureInfo.InvariantCulture);
    }
}
