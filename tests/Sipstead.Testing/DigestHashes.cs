using System.Security.Cryptography;
using System.Text;

namespace Sipstead.Testing;

/// <summary>The hashes that a customer computes for a credential (contract 5.5), and the answer to a challenge (RFC 2617 3.2.2).</summary>
public static class DigestHashes
{
    public static string Hash1(string userName, string realm, string password) => Md5($"{userName}:{realm}:{password}");

    public static string Hash1b(string userName, string realm, string password) => Md5($"{userName}@{realm}:{realm}:{password}");

    /// <summary>SHA-256(user:realm:password).</summary>
    public static string Hash1Sha256(string userName, string realm, string password) => Hash("SHA-256", $"{userName}:{realm}:{password}");

    /// <summary>SHA-256(user@realm:realm:password).</summary>
    public static string Hash1bSha256(string userName, string realm, string password) => Hash("SHA-256", $"{userName}@{realm}:{realm}:{password}");

    /// <summary>The response for qop=auth.</summary>
    public static string Response(
        string hash1, string nonce, string nonceCount, string clientNonce, string method, string uri, string algorithm = "MD5") =>
        Hash(algorithm, $"{hash1}:{nonce}:{nonceCount}:{clientNonce}:auth:{Hash(algorithm, $"{method}:{uri}")}");

    private static string Hash(string algorithm, string text) =>
        algorithm == "MD5" ? Md5(text) : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private static string Md5(string text) => Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes(text)));
}
