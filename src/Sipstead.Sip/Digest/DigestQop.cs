namespace Sipstead.Sip.Digest;

/// <summary>What a digest covers (RFC 7616 3.3, qop-value).</summary>
public enum DigestQop : byte
{
    /// <summary>No qop: the form of RFC 2069.</summary>
    None,

    /// <summary>Method and uri.</summary>
    Auth,

    /// <summary>Method, uri and body.</summary>
    AuthInt,
}
