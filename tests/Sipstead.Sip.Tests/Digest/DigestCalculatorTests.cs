using System.Text;
using System.Text.Json;
using Sipstead.Sip.Digest;
using Sipstead.Testing;
using Xunit;

namespace Sipstead.Sip.Tests.Digest;

/// <summary>AUTH-09: every published vector, and those computed beside them.</summary>
public sealed class DigestCalculatorTests
{
    private readonly DigestCalculator _calculator = new();

    public static TheoryData<string> Cases =>
    [
        "rfc2617-3.5", "rfc7616-3.9.1-MD5", "rfc7616-3.9.1-SHA-256",
        "rfc7616-3.9.2-SHA-512-256", "sip-noqop-MD5", "sip-auth-MD5",
        "sip-auth-MD5-sess", "sip-authint-MD5", "sip-authint-MD5-sess",
        "own-register-MD5-auth", "own-register-MD5-auth-int", "own-register-SHA-256-auth",
        "own-register-SHA-256-auth-int", "own-register-SHA-512-256-auth", "own-register-SHA-512-256-auth-int",
        "own-register-SHA-256-sess-auth", "own-register-SHA-256-sess-auth-int", "own-register-SHA-512-256-sess-auth",
        "own-register-SHA-512-256-sess-auth-int", "own-register-ha1b",
    ];

    [Fact]
    public void AUTH_09_CasesAreAllThatThereAre() =>
        Assert.Equal(Vectors().Select(vector => vector.GetProperty("id").GetString()!).Order(), Cases.Select(row => row.Data).Order());

    [Theory]
    [MemberData(nameof(Cases))]
    public void AUTH_09_ResponseOfAVector_IsItsResponse(string id)
    {
        var vector = Vectors().Single(v => v.GetProperty("id").GetString() == id);
        var secret = Value(vector, id.Contains("-sess", StringComparison.Ordinal) ? "ha1_plain" : "ha1_used");
        Assert.True(DigestCredentials.TryParse(Encoding.UTF8.GetBytes(Credentials(vector)), out var credentials));
        var method = Encoding.ASCII.GetBytes(vector.GetProperty("method").GetString()!);
        var body = Encoding.UTF8.GetBytes(vector.TryGetProperty("body", out var text) ? text.GetString()! : "");
        for (var again = 0; again < 2; again++) Assert.True(Fits(_calculator.Response(secret, method, body, credentials), credentials));
        Assert.False(Fits(_calculator.Response(Other(vector), method, body, credentials), credentials));
        Assert.False(Fits(_calculator.Response(secret, "OTHER"u8, body, credentials), credentials));
        var isBodyCovered = credentials.Qop == DigestQop.AuthInt;
        Assert.NotEqual(isBodyCovered, Fits(_calculator.Response(secret, method, "another body"u8, credentials), credentials));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void AUTH_09_SecretOfAVector_IsItsHa1(string id)
    {
        var vector = Vectors().Single(v => v.GetProperty("id").GetString() == id);
        byte[] Octets(string name) => Encoding.UTF8.GetBytes(vector.GetProperty(name).GetString()!);
        Assert.True(DigestCredentials.TryParse(Encoding.UTF8.GetBytes(Credentials(vector)), out var credentials));
        var secret = _calculator.Secret(credentials.Algorithm, Octets("username"), Octets("realm"), Octets("password"));
        Assert.True(DigestValue.FixedTimeEquals(Value(vector, "ha1_plain"), secret));
    }

    [Theory]
    [InlineData(DigestValue.ShortLength)]
    [InlineData(DigestValue.LongLength)]
    public void FixedTimeEquals_ComparesEveryBit(int length)
    {
        var octets = new byte[length];
        new Random(1).NextBytes(octets);
        var value = DigestValue.Read(octets);
        Assert.True(DigestValue.FixedTimeEquals(value, DigestValue.Read(octets)));
        for (var bit = 0; bit < 8 * length; bit++)
        {
            octets[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.False(DigestValue.FixedTimeEquals(value, DigestValue.Read(octets)));
            octets[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    [Fact]
    public void FixedTimeEquals_OfAnotherLength_IsFalse() =>
        Assert.False(DigestValue.FixedTimeEquals(DigestValue.Read(new byte[DigestValue.ShortLength]), DigestValue.Read(new byte[DigestValue.LongLength])));

    private static bool Fits(in DigestValue response, in DigestCredentials credentials) => DigestValue.FixedTimeEquals(response, credentials.Response);

    private static DigestValue Value(JsonElement vector, string name) => DigestValue.Read(Convert.FromHexString(vector.GetProperty(name).GetString()!));

    private static DigestValue Other(JsonElement vector)
    {
        var octets = Convert.FromHexString(vector.GetProperty("ha1_used").GetString()!);
        octets[^1] ^= 1;
        return DigestValue.Read(octets);
    }

    private static string Credentials(JsonElement vector)
    {
        string Text(string name) => vector.GetProperty(name).GetString()!;
        var common = $"Digest username=\"{Text("username")}\", realm=\"{Text("realm")}\", nonce=\"{Text("nonce")}\", uri=\"{Text("uri")}\", "
            + $"response=\"{Text("response")}\", algorithm={Text("algorithm")}";
        return vector.TryGetProperty("qop", out var qop) ? $"{common}, qop={qop}, nc={Text("nc")}, cnonce=\"{Text("cnonce")}\"" : common;
    }

    private static IReadOnlyList<JsonElement> Vectors()
    {
        using var json = JsonDocument.Parse(File.ReadAllBytes(SharedFiles.Path("vectors", "digest.json")));
        return [.. json.RootElement.Clone().EnumerateArray()];
    }
}
