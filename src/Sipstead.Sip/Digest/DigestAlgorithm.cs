namespace Sipstead.Sip.Digest;

/// <summary>Algorithm named by digest credentials (RFC 7616 3.3, RFC 8760 2.1).</summary>
public enum DigestAlgorithm : byte
{
    Md5,
    Md5Sess,
    Sha256,
    Sha256Sess,

    /// <summary>SHA-512/256 (FIPS 180-4 6.7), in SIP <c>SHA-512-256</c>.</summary>
    Sha512256,
    Sha512256Sess,

    /// <summary>One that is not known; answered with a new challenge, not with 400 (AUTH-08).</summary>
    Unsupported,
}
