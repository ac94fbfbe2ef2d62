namespace Sipstead.Media.Srtp;

/// <summary>What encrypts and authenticates packets: a crypto-suite of SDP (RFC 4568 6.2, RFC 6188 4, RFC 7714 14). Lengths in octets.</summary>
internal sealed record SrtpSuite
{
    /// <summary>The suite that everybody has.</summary>
    public static readonly SrtpSuite AesCm128Sha80 = new() { Name = "AES_CM_128_HMAC_SHA1_80", KeyLength = 16, SaltLength = 14, TagLength = 10 };

    public static readonly SrtpSuite AesCm128Sha32 = new() { Name = "AES_CM_128_HMAC_SHA1_32", KeyLength = 16, SaltLength = 14, TagLength = 4 };

    public static readonly SrtpSuite AesCm256Sha80 = new() { Name = "AES_256_CM_HMAC_SHA1_80", KeyLength = 32, SaltLength = 14, TagLength = 10 };

    public static readonly SrtpSuite AesCm256Sha32 = new() { Name = "AES_256_CM_HMAC_SHA1_32", KeyLength = 32, SaltLength = 14, TagLength = 4 };

    public static readonly SrtpSuite AesGcm128 = new() { Name = "AEAD_AES_128_GCM", KeyLength = 16, SaltLength = 12, TagLength = 16, IsAead = true };

    public static readonly SrtpSuite AesGcm256 = new() { Name = "AEAD_AES_256_GCM", KeyLength = 32, SaltLength = 12, TagLength = 16, IsAead = true };

    /// <summary>Octets of the longest tag with the index of SRTCP: what protecting adds to a packet at most.</summary>
    public const int MaxOverhead = 16 + sizeof(uint);

    /// <summary>Name in SDP.</summary>
    public required string Name { get; init; }

    /// <summary>Of the master key, and of the session keys that encrypt.</summary>
    public required int KeyLength { get; init; }

    /// <summary>Of the master salt, and of the session salts.</summary>
    public required int SaltLength { get; init; }

    /// <summary>Tag of an SRTP packet.</summary>
    public required int TagLength { get; init; }

    /// <summary>Tag of an SRTCP packet: never shortened to 32 bits (RFC 4568 6.2.2).</summary>
    public int RtcpTagLength => IsAead ? TagLength : 10;

    /// <summary>Encryption and authentication in one (RFC 7714): the tag then stands before the index and the key identifier, not behind.</summary>
    public bool IsAead { get; init; }

    /// <summary>
    /// What we offer, best known first: there are phones that look at the first line alone. A tag of 32 bits is taken where the party prefers it, not offered.
    /// </summary>
    public static IReadOnlyList<SrtpSuite> Offered { get; } = [AesCm128Sha80, AesCm256Sha80, AesGcm128, AesGcm256];

    private static readonly SrtpSuite[] All = [AesCm128Sha80, AesCm128Sha32, AesCm256Sha80, AesCm256Sha32, AesGcm128, AesGcm256];

    /// <summary>The suite of a name; null when it is none of ours.</summary>
    public static SrtpSuite? Find(string name) => Array.Find(All, suite => suite.Name == name);

    public override string ToString() => Name;
}
