using Sipstead.Sip.Writing;

namespace Sipstead.Sip.Digest;

/// <summary>Writes a challenge header (RFC 3261 20.44, 20.27): realm, nonce, opaque, algorithm, qop, and stale only when it is true (AUTH-03).</summary>
public static class DigestChallenge
{
    /// <summary>Fixed: nothing needs to be carried in it, but some clients expect one.</summary>
    private static ReadOnlySpan<byte> Opaque => "00"u8;

    /// <param name="headerName"><c>WWW-Authenticate</c> or <c>Proxy-Authenticate</c>.</param>
    public static void Write(SipWriter writer, ReadOnlySpan<byte> headerName, ReadOnlySpan<byte> realm, ReadOnlySpan<byte> nonce, bool stale)
    {
        writer.Text(headerName);
        writer.Text(": Digest realm=\""u8);
        writer.Text(realm);
        writer.Text("\", nonce=\""u8);
        writer.Text(nonce);
        writer.Text("\", opaque=\""u8);
        writer.Text(Opaque);
        writer.Text("\", algorithm=MD5, qop=\"auth\""u8);
        if (stale) writer.Text(", stale=true"u8);
        writer.EndLine();
    }
}
