using System.Security.Cryptography;
using System.Text;
using CsCheck;
using Sipstead.Sip.Digest;
using Xunit;

namespace Sipstead.Sip.Tests.Digest;

/// <summary>Our MD5 against the test suite of RFC 1321 A.5, and against the framework's.</summary>
public sealed class Md5Tests
{
    private readonly Md5 _md5 = new();

    [Theory]
    [InlineData("", "d41d8cd98f00b204e9800998ecf8427e")]
    [InlineData("a", "0cc175b9c0f1b6a831c399e269772661")]
    [InlineData("abc", "900150983cd24fb0d6963f7d28e17f72")]
    [InlineData("message digest", "f96b697d7cb7938d525a2f31aaf161d0")]
    [InlineData("abcdefghijklmnopqrstuvwxyz", "c3fcd3d76192e4007dfb496cca67e13b")]
    [InlineData("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", "d174ab98d277d9f5a5611c2c9f419d9f")]
    [InlineData("12345678901234567890123456789012345678901234567890123456789012345678901234567890", "57edf4a22be3c955ac49da2e2107b67a")]
    public void Finish_OfTheTestSuite_IsAsPublished(string text, string digits)
    {
        _md5.Append(Encoding.ASCII.GetBytes(text));
        Assert.Equal(DigestValue.Read(Convert.FromHexString(digits)), _md5.Finish());
    }

    [Fact]
    public void Finish_AtEveryLength_IsTheFrameworks()
    {
        var octets = RandomNumberGenerator.GetBytes(300);
        for (var length = 0; length <= octets.Length; length++)
        {
            _md5.Append(octets.AsSpan(0, length));
            Assert.Equal(Expected(octets.AsSpan(0, length)), _md5.Finish());
        }
    }

    [Fact]
    public void Append_InAnyPieces_IsTheFrameworks() => Gen.Byte.Array[0, 200].Array[0, 8].Sample(
        pieces =>
        {
            var md5 = new Md5();
            foreach (var piece in pieces) md5.Append(piece);
            return md5.Finish().Equals(Expected(pieces.SelectMany(piece => piece).ToArray()));
        },
        iter: 2_000);

    private static DigestValue Expected(ReadOnlySpan<byte> octets) => DigestValue.Read(MD5.HashData(octets));
}
