using System.Security.Cryptography;
using System.Text;
using CsCheck;
using Org.BouncyCastle.Crypto.Digests;
using Sipstead.Sip.Digest;
using Xunit;

namespace Sipstead.Sip.Tests.Digest;

/// <summary>The other hashes: SHA-256 against the framework's, SHA-512/256 against the examples of NIST.</summary>
public sealed class ShaHashTests
{
    private readonly ShaHash _sha512256 = new(new Sha512tDigest(256));

    [Theory]
    [InlineData("abc", "53048e2681941ef99b2e29b76b4c7dabe4c2d0c634fc6d46e0e2f13107e7af23")]
    [InlineData(
        "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
        "3928e184fb8690f840da3988121d31be65cb9d3ef83ee6146feac861e19b563a")]
    public void Sha512256_OfThePublishedExamples_IsAsPublished_AndNoSha512CutShort(string text, string digits)
    {
        for (var again = 0; again < 2; again++)
        {
            _sha512256.Append(Encoding.ASCII.GetBytes(text));
            Assert.Equal(DigestValue.Read(Convert.FromHexString(digits)), _sha512256.Finish());
        }

        Assert.NotEqual(digits, Convert.ToHexStringLower(SHA512.HashData(Encoding.ASCII.GetBytes(text)))[..64]);
    }

    [Fact]
    public void Sha256_InAnyPieces_IsTheFrameworks() => Gen.Byte.Array[0, 200].Array[0, 8].Sample(
        pieces =>
        {
            var sha = new ShaHash(new Sha256Digest());
            foreach (var piece in pieces) sha.Append(piece);
            return sha.Finish().Equals(DigestValue.Read(SHA256.HashData(pieces.SelectMany(piece => piece).ToArray())));
        },
        iter: 1_000);
}
