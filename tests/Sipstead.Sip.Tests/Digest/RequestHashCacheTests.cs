using System.Security.Cryptography;
using System.Text;
using Sipstead.Sip.Digest;
using Xunit;

namespace Sipstead.Sip.Tests.Digest;

public sealed class RequestHashCacheTests
{
    private readonly RequestHashCache _cache = new();
    private readonly Md5 _md5 = new();

    [Fact]
    public void Get_OfManyRequestsInAnyOrder_IsTheHashOfEach()
    {
        var random = new Random(3);
        for (var i = 0; i < 5_000; i++)
        {
            var method = random.Next(2) == 0 ? "REGISTER" : "INVITE";
            var uri = "sip:" + new string('a', random.Next(160)) + random.Next(40);
            Assert.Equal(Expected(method, uri), Get(method, uri));
        }
    }

    [Theory]
    [InlineData("REGISTER", "sip:a", "REGISTER", "sip:b")]
    [InlineData("REGISTER", "sip:a", "REGISTE", "R:sip:a")]
    [InlineData("A", "B:sip:a", "A:B", "sip:a")]
    [InlineData("REGISTER", "", "", "REGISTER")]
    public void Get_OfTwoThatAreNearlyAlike_IsTheHashOfEach(string method, string uri, string otherMethod, string otherUri)
    {
        for (var again = 0; again < 2; again++)
        {
            Assert.Equal(Expected(method, uri), Get(method, uri));
            Assert.Equal(Expected(otherMethod, otherUri), Get(otherMethod, otherUri));
        }
    }

    private static string Expected(string method, string uri) => Convert.ToHexStringLower(MD5.HashData(Encoding.ASCII.GetBytes($"{method}:{uri}")));

    private string Get(string method, string uri) =>
        Encoding.ASCII.GetString(_cache.Get(_md5, Encoding.ASCII.GetBytes(method), Encoding.ASCII.GetBytes(uri), new byte[32]));
}
