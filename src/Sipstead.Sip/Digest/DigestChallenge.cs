using Sipstead.Sip.Writing;

namespace Sipstead.Sip.Digest;

/// <summary>
/// Writes a challenge header (RFC 3261 20.44, 20.27): realm, nonce, opaque, algorithm, qop, and stale only when it is true (AUTH-03). A realm with several
/// algorithms writes one for each (RFC 8760 2.3).
/// </summary>
public static class DigestChallenge
{
    /// <summary>Fixed: nothing needs to be carried in it, but some phones of the time of MD5 expect one.</summary>
    private static ReadOnlySpan<byte> Opaque => "00"u8;

    /// <summary>Whether auth-int is offered beside auth: phones of the time of MD5 do not all read a list, those that know SHA-256 do.</summary>
    public static bool OffersIntegrity(DigestAlgorithm algorithm) => algorithm is not (DigestAlgorithm.Md5 or DigestAlgorithm.Md5Sess);

    /// <param name="headerName"><c>WWW-Authenticate</c> or <c>Proxy-Authenticate</c>.</param>
    public static void Write(
        SipWriter writer, ReadOnlySpan<byte> headerName, ReadOnlySpan<byte> realm, ReadOnlySpan<byte> nonce, DigestAlgorithm algorithm, bool stale)
    {
        writer.Text(headerName);
        writer.Text(": Digest realm=\""u8);
        writer.Text(realm);
        writer.Text("\", nonce=\""u8);
        writer.Text(nonce);
        if (!OffersIntegrity(algorithm))
        {
            writer.Text("\", opaque=\""u8);
            writer.Text(Opaque);
        }

        writer.Text("\", algorithm="u8);
        writer.Text(algorithm.Token());
        writer.Text(OffersIntegrity(algorithm) ? ", qop=\"auth,auth-int\""u8 : ", qop=\"auth\""u8);
        if (stale) writer.Text(", stale=true"u8);
        writer.EndLine();
    }
}
