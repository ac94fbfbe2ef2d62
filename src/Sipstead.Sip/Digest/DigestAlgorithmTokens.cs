using System.Text;

namespace Sipstead.Sip.Digest;

/// <summary>The algorithms as they stand in headers, and what each of them asks for.</summary>
public static class DigestAlgorithmTokens
{
    /// <summary>The token of a challenge.</summary>
    public static ReadOnlySpan<byte> Token(this DigestAlgorithm algorithm) => algorithm switch
    {
        DigestAlgorithm.Md5 => "MD5"u8,
        DigestAlgorithm.Md5Sess => "MD5-sess"u8,
        DigestAlgorithm.Sha256 => "SHA-256"u8,
        DigestAlgorithm.Sha256Sess => "SHA-256-sess"u8,
        DigestAlgorithm.Sha512256 => "SHA-512-256"u8,
        DigestAlgorithm.Sha512256Sess => "SHA-512-256-sess"u8,
        _ => throw new ArgumentOutOfRangeException(nameof(algorithm)),
    };

    /// <summary>The algorithm of a token in any case; none given is MD5 (RFC 7616 3.3).</summary>
    internal static DigestAlgorithm Read(ReadOnlySpan<byte> token)
    {
        if (token.IsEmpty) return DigestAlgorithm.Md5;
        for (var algorithm = DigestAlgorithm.Md5; algorithm < DigestAlgorithm.Unsupported; algorithm++)
        {
            if (Ascii.EqualsIgnoreCase(token, algorithm.Token())) return algorithm;
        }

        return DigestAlgorithm.Unsupported;
    }

    /// <summary>Octets of HA1 and response.</summary>
    internal static int HashLength(this DigestAlgorithm algorithm) =>
        algorithm is DigestAlgorithm.Md5 or DigestAlgorithm.Md5Sess ? DigestValue.ShortLength : DigestValue.LongLength;

    /// <summary>Whether nonce and cnonce are part of HA1 (RFC 7616 3.4.2).</summary>
    internal static bool IsSession(this DigestAlgorithm algorithm) =>
        algorithm is DigestAlgorithm.Md5Sess or DigestAlgorithm.Sha256Sess or DigestAlgorithm.Sha512256Sess;
}
