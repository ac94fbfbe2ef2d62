namespace Sipstead.Sip.Digest;

/// <summary>Algorithm named by digest credentials (RFC 2617 3.2.2, RFC 7616).</summary>
public enum DigestAlgorithm : byte
{
    Md5,

    /// <summary>One that was not offered; answered with a new challenge, not with 400 (AUTH-08).</summary>
    Unsupported,
}
