using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Org.BouncyCastle.Crypto.Digests;
using Sipstead.Sip.Transport;

namespace Sipstead.Testing.Registrar;

/// <summary>A device that registers as a phone does: answers challenges, counts nc and CSeq, keeps its Call-ID. Its digest is computed apart from the server's.</summary>
internal sealed class ScriptedDevice(RegistrarHarness harness, string realm, string user, string password)
{
    private string? _nonce;
    private int _branch;

    /// <summary>User of To and From, percent-escaped where needed; as the credential's when not set.</summary>
    public string AorUser { get; set; } = Uri.EscapeDataString(user);

    /// <summary>User name in the digest.</summary>
    public string DigestUser { get; set; } = user;

    /// <summary>What HA1 is made of, when it is not the digest's user name.</summary>
    public string? HashUser { get; set; }

    public string CallId { get; set; } = "call-" + Guid.NewGuid().ToString("N");

    public uint CSeq { get; set; }

    public SipFlow Flow { get; set; } = RegistrarHarness.Flow();

    public string Method { get; set; } = "REGISTER";

    /// <summary>Whom it calls; null for a number in its realm.</summary>
    public string? Callee { get; set; }

    /// <summary>False for the form of RFC 2069.</summary>
    public bool UsesQop { get; set; } = true;

    /// <summary>The algorithm of the digest: MD5, SHA-256 or SHA-512-256, or one of these with -sess.</summary>
    public string Algorithm { get; set; } = "MD5";

    /// <summary>Whether the digest covers the body.</summary>
    public bool UsesIntegrity { get; set; }

    /// <summary>The body of every request.</summary>
    public string Body { get; set; } = "";

    /// <summary>The digest's uri; the Request-URI when not set.</summary>
    public string? DigestUri { get; set; }

    /// <summary>Realm named in the credentials; the device's when not set.</summary>
    public string? DigestRealm { get; set; }

    public int NonceCount { get; set; }

    /// <summary>The last message sent.</summary>
    public string LastMessage { get; private set; } = "";

    public string? Nonce
    {
        get => _nonce;
        set
        {
            _nonce = value;
            NonceCount = 0;
        }
    }

    /// <summary>Registers one Contact, answering a challenge if there is one.</summary>
    public SipResponseText Register(string? contact = null, int? expires = null, string extraHeaders = "") =>
        Request(ContactLines(contact) + (expires is { } e ? $"Expires: {e}\r\n" : "") + extraHeaders);

    /// <summary>Sends a request with these header lines, answering at most one challenge.</summary>
    public SipResponseText Request(string headers)
    {
        var answer = SendOnce(headers);
        if (answer.Status is not (401 or 407)) return answer;
        Nonce = answer.Challenge("nonce");
        return SendOnce(headers);
    }

    /// <summary>Sends a request once, with credentials when there is a nonce.</summary>
    public SipResponseText SendOnce(string headers)
    {
        LastMessage = Build(headers);
        return harness.Send(LastMessage, Flow) ?? throw new InvalidOperationException("no answer");
    }

    /// <summary>Sends the last message again, octet for octet.</summary>
    public SipResponseText Repeat() => harness.Send(LastMessage, Flow) ?? throw new InvalidOperationException("no answer");

    public string Build(string headers)
    {
        CSeq++;
        var uri = Method == "REGISTER" ? $"sip:{realm}" : Callee ?? $"sip:+15551234@{realm}";
        return $"{Method} {uri} SIP/2.0\r\n"
            + $"Via: SIP/2.0/{Flow.Transport.Token()} 192.0.2.10:40000;rport;branch=z9hG4bK{CallId[^8..]}{++_branch}\r\n"
            + "Max-Forwards: 70\r\n"
            + $"From: <sip:{AorUser}@{realm}>;tag=f1\r\n"
            + $"To: <sip:{AorUser}@{realm}>\r\n"
            + $"Call-ID: {CallId}\r\n"
            + $"CSeq: {CSeq} {Method}\r\n"
            + headers
            + (Nonce is null ? "" : Credentials(uri))
            + $"Content-Length: {Body.Length}\r\n\r\n{Body}";
    }

    private static string ContactLines(string? contact) => contact is null ? "" : $"Contact: {contact}\r\n";

    private string Credentials(string requestUri)
    {
        var uri = DigestUri ?? requestUri;
        var ha1 = Hash($"{HashUser ?? DigestUser}:{realm}:{password}");
        if (Algorithm.EndsWith("-sess", StringComparison.Ordinal)) ha1 = Hash($"{ha1}:{Nonce}:c0ffee");
        var ha2 = Hash(UsesIntegrity ? $"{Method}:{uri}:{Hash(Body)}" : $"{Method}:{uri}");
        var name = Method == "REGISTER" ? "Authorization" : "Proxy-Authorization";
        if (!UsesQop)
        {
            return $"{name}: Digest username=\"{DigestUser}\", realm=\"{DigestRealm ?? realm}\", nonce=\"{Nonce}\", uri=\"{uri}\", "
                + $"response=\"{Hash($"{ha1}:{Nonce}:{ha2}")}\"\r\n";
        }

        var qop = UsesIntegrity ? "auth-int" : "auth";
        var nc = (++NonceCount).ToString("x8", CultureInfo.InvariantCulture);
        return $"{name}: Digest username=\"{DigestUser}\", realm=\"{DigestRealm ?? realm}\", nonce=\"{Nonce}\", uri=\"{uri}\", "
            + $"algorithm={Algorithm}, qop={qop}, nc={nc}, cnonce=\"c0ffee\", response=\"{Hash($"{ha1}:{Nonce}:{nc}:c0ffee:{qop}:{ha2}")}\"\r\n";
    }

    private string Hash(string text)
    {
        var octets = Encoding.UTF8.GetBytes(text);
        if (Algorithm.StartsWith("MD5", StringComparison.Ordinal)) return Convert.ToHexStringLower(MD5.HashData(octets));
        if (Algorithm.StartsWith("SHA-256", StringComparison.Ordinal)) return Convert.ToHexStringLower(SHA256.HashData(octets));
        var digest = new Sha512tDigest(256);
        digest.BlockUpdate(octets);
        var hash = new byte[digest.GetDigestSize()];
        digest.DoFinal(hash);
        return Convert.ToHexStringLower(hash);
    }
}
