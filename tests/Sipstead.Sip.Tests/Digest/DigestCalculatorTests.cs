using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Sipstead.Sip.Digest;
using Sipstead.Testing;
using Xunit;

namespace Sipstead.Sip.Tests.Digest;

public sealed class DigestCalculatorTests
{
    /// <summary>The cases of MD5 with qop=auth or without qop, which is what realms offer (ruling 3).</summary>
    public static TheoryData<string> Cases =>
    [
        "rfc2617-3.5", "rfc7616-3.9.1-MD5", "sip-noqop-MD5", "sip-auth-MD5", "own-register-MD5-auth", "own-register-ha1b",
    ];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Response_OfVector_IsItsResponse(string id)
    {
        var vector = Vector(id);
        var calculator = new DigestCalculator();
        var user = vector.GetProperty("username").GetString();
        var realm = vector.GetProperty("realm").GetString();
        var ha1 = Md5($"{user}:{realm}:{vector.GetProperty("password").GetString()}");
        var used = UInt128.Parse(vector.GetProperty("ha1_used").GetString()!, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        if (id != "own-register-ha1b") Assert.Equal(used, ha1);

        Assert.True(DigestCredentials.TryParse(Encoding.UTF8.GetBytes(Credentials(vector)), out var credentials));
        var method = Encoding.ASCII.GetBytes(vector.GetProperty("method").GetString()!);
        for (var again = 0; again < 2; again++) Assert.Equal(credentials.Response, calculator.Response(used, method, credentials));
        Assert.NotEqual(credentials.Response, calculator.Response(used + 1, method, credentials));
        Assert.NotEqual(credentials.Response, calculator.Response(used, "OTHER"u8, credentials));
    }

    [Fact]
    public void Cases_AreAllOfTheirKind()
    {
        var known = Vectors().Where(v => v.GetProperty("algorithm").GetString() == "MD5" && Qop(v) is null or "auth").Select(v => v.GetProperty("id").GetString()!);
        Assert.Equal(known.Order(), Cases.Select(row => row.Data).Order());
    }

    [Fact]
    public void Equal_ComparesEveryBit()
    {
        var value = UInt128.Parse("6629fae49393a05397450978507c4ef1", NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        Assert.True(DigestCalculator.Equal(value, value));
        for (var bit = 0; bit < 128; bit++) Assert.False(DigestCalculator.Equal(value, value ^ (UInt128.One << bit)));
    }

    private static string Credentials(JsonElement vector)
    {
        string Text(string name) => vector.GetProperty(name).GetString()!;
        var common = $"Digest username=\"{Text("username")}\", realm=\"{Text("realm")}\", nonce=\"{Text("nonce")}\", uri=\"{Text("uri")}\", response=\"{Text("response")}\"";
        return Qop(vector) is { } qop ? $"{common}, qop={qop}, nc={Text("nc")}, cnonce=\"{Text("cnonce")}\"" : common;
    }

    private static string? Qop(JsonElement vector) => vector.TryGetProperty("qop", out var qop) ? qop.GetString() : null;

    private static JsonElement Vector(string id) => Vectors().Single(v => v.GetProperty("id").GetString() == id);

    private static JsonElement.ArrayEnumerator Vectors()
    {
        using var json = JsonDocument.Parse(File.ReadAllBytes(SharedFiles.Path("vectors", "digest.json")));
        return json.RootElement.Clone().EnumerateArray();
    }

    private static UInt128 Md5(string text) => BinaryPrimitives.ReadUInt128BigEndian(MD5.HashData(Encoding.UTF8.GetBytes(text)));
}
