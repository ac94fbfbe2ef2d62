using System.Text;
using CsCheck;
using Sipstead.Sip.Trace;
using Sipstead.Testing.Fuzzing;
using Xunit;

namespace Sipstead.Sip.Tests.Trace;

public sealed class SecretMaskTests
{
    private const string Seed = "0N0XIzNsQ0O2";
    private const string Secret = "7Fb3Kq9ZtW0mQyLe";

    /// <summary>In the lines, $ stands for the secret and # for its mask.</summary>
    [Theory]
    [InlineData("Authorization: Digest username=\"a\", response=\"$\", nc=00000001", "Authorization: Digest username=\"a\", response=\"#\", nc=00000001")]
    [InlineData("Proxy-Authorization :Digest realm=\"r\",nonce=\"n\",response=$", "Proxy-Authorization :Digest realm=\"r\",nonce=\"n\",response=#")]
    [InlineData("AUTHORIZATION:dIGEST RESPONSE = \"$\" , cnonce=$,algorithm=MD5", "AUTHORIZATION:dIGEST RESPONSE = \"#\" , cnonce=#,algorithm=MD5")]
    [InlineData("Authorization: Digest username=\"a, b\\\"\", response=\"$\"", "Authorization: Digest username=\"a, b\\\"\", response=\"#\"")]
    [InlineData("Authorization: Digest auts=\"$\", uri=\"sip:h;x=y\",opaque=\"\"", "Authorization: Digest auts=\"#\", uri=\"sip:h;x=y\",opaque=\"\"")]
    [InlineData("Authorization: Basic $", "Authorization: Basic #")]
    [InlineData("Authorization: Bearer $", "Authorization: Bearer #")]
    [InlineData("Authorization: $", "Authorization: #")]
    [InlineData("Authorization: Digest\r\n qop=auth,\r\n\tresponse=\r\n \"$\"", "Authorization: Digest\r\n qop=auth,\r\n\tresponse=\r\n \"#\"")]
    [InlineData("Authentication-Info: rspauth=\"$\", nextnonce=\"n\"", "Authentication-Info: rspauth=\"#\", nextnonce=\"n\"")]
    [InlineData("y: $", "y: #")]
    [InlineData("Identity: $", "Identity: #")]
    [InlineData("k=clear:$", "k=xxxxxx#")]
    [InlineData("a=ice-pwd:$", "a=ice-pwd:#")]
    [InlineData("a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:$|2^20", "a=crypto:x xxxxxxxxxxxxxxxxxxxxxxx xxxxxxx#xxxxx")]
    public void Secret_IsHidden_AndTheRestStays(string line, string expected)
    {
        const string before = "REGISTER sip:h SIP/2.0\r\nCSeq: 1 REGISTER\r\n";
        const string after = "\r\nContent-Length: 0\r\n\r\n";
        var masked = Masked(before + line.Replace("$", Secret, StringComparison.Ordinal) + after);
        Assert.Equal(before + expected.Replace("#", new string('x', Secret.Length), StringComparison.Ordinal) + after, masked);
    }

    [Theory]
    [InlineData("Authorization: Digest username=\"a, response=$, uri=\"sip:h\"")] // a quote that does not end
    [InlineData("Authorization: Digest username=\"a, response=\"$\"")]
    [InlineData("Authorization: Digest uri=sip:h response=\"$\"")] // no comma
    [InlineData("Authorization: Digest username=\"a\", response=\"$")]
    [InlineData("Authorization: Digest username=\"a\", Basic $")]
    [InlineData("Authorization: Digest username=\"a\",\nresponse=\"$\"")] // torn
    [InlineData("Authorization: Digest uri=\"\r\nsip:h\", response=\"$\"")]
    [InlineData("Authorization: Digest uri=\"\r\n\r\nsip:h\", response=\"$\"")]
    [InlineData("Authorization: Digest uri=\"sip:h\",\r\n\r\nresponse=\"$\"")]
    [InlineData("Authorization Digest response=\"$\"")] // no colon
    [InlineData("X-Authorization: $")]
    [InlineData(" Authorization: Digest response=\"$\"")] // a fold that should not be there
    [InlineData("CSeq: 1 REGISTER Authorization: Digest response=\"$\"")] // the same, joined by the parser
    public void Secret_InWhatIsMalformed_IsHidden(string line)
    {
        var text = $"REGISTER sip:h SIP/2.0\r\nCSeq: 1 REGISTER\r\n{line.Replace("$", Secret, StringComparison.Ordinal)}\r\n\r\n";
        Assert.DoesNotContain(Secret, Masked(text), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("INVITE sip:authorization@h SIP/2.0\r\nFrom: <sip:response=@h>\r\nWWW-Authenticate: Digest realm=\"r\", nonce=\"n\"\r\n\r\nv=0\r\na=rtpmap:0 PCMU/8000\r\n")]
    [InlineData("SIP/2.0 200 OK\r\nCSeq: 1 REGISTER\r\nAuthorization: Digest username=\"a\"\r\nk: path\r\n\r\nv=0\r\ns=response of mine\r\n")]
    [InlineData("")]
    public void Message_WithoutSecrets_StaysAsItIs(string text) => Assert.Equal(text, Masked(text));

    /// <summary>Whatever the form of the header, and with an octet inserted anywhere but in the name of the parameter, or its end cut off.</summary>
    [Fact]
    public void Secret_NeverSurvives() => Credentials.Sample(
        text => Assert.DoesNotContain(Secret[..6], Masked(text), StringComparison.Ordinal), seed: Seed, iter: 20_000);

    [Fact]
    public void AnyOctets_KeepTheirLengthAndTheirLines() => Gen.Select(Credentials, Gen.Int, Gen.Byte.Array[0, 60]).Sample(
        (text, damage, noise) =>
        {
            byte[] octets = [.. Mutations.Apply([Encoding.Latin1.GetBytes(text)], new Random(damage)), .. noise];
            var masked = octets.ToArray();
            SecretMask.Apply(masked);
            for (var i = 0; i < octets.Length; i++) Assert.True(masked[i] == octets[i] || (masked[i] == 'x' && octets[i] is not ((byte)'\r' or (byte)'\n' or (byte)' ')));
        },
        seed: Seed,
        iter: 5_000);

    private static readonly Gen<string> Parameter = TraceFixture.OneOf(
        "username=\"alice\"", "realm=\"example.com\"", "nonce=\"bm9uY2U\"", "uri=\"sip:example.com\"", "uri=sip:example.com", "qop=auth", "nc=00000001", "opaque=\"\"");

    private static readonly Gen<string> SecretParameter = Gen.Select(
        TraceFixture.OneOf("response", "Response", "RESPONSE"), TraceFixture.OneOf("=", " = ", "=\r\n "), TraceFixture.OneOf("\"", ""),
        (name, equals, quote) => $"{name}{equals}{quote}{Secret}{quote}");

    private static readonly Gen<string> Credentials = Gen.Select(
        TraceFixture.OneOf("Authorization: ", "authorization:", "Proxy-Authorization :\t", "Proxy-Authorization:\r\n "),
        TraceFixture.OneOf("Digest ", "digest\t", "Digest\r\n ", "Basic ", "Bearer ", "AKA ", ""),
        Gen.Select(Parameter.Array[0, 3], SecretParameter, Parameter.Array[0, 3], (before, secret, after) => string.Join(", ", [.. before, secret, .. after])),
        Gen.Int[0, 10_000],
        TraceFixture.OneOf("", "\"", ",", "\r\n", "\n", "\r\n ", ";", ":", "=", " ", "\\", "\0"),
        Gen.Bool,
        (name, scheme, parameters, place, inserted, isCut) =>
        {
            var value = Damage(scheme + parameters, place, inserted);
            var text = $"REGISTER sip:example.com SIP/2.0\r\nFrom: <sip:alice@example.com>\r\n{name}{value}\r\nContent-Length: 0\r\n\r\n";
            return isCut ? text[..(text.Length - (place % (value.Length + 20)))] : text;
        });

    private static string Damage(string value, int place, string inserted)
    {
        var at = place % (value.Length + 1);
        var secret = value.IndexOf(Secret, StringComparison.Ordinal);
        var name = value.LastIndexOfAny([',', '\t'], secret) + 1;
        return at > name && at < secret + Secret.Length ? value : value.Insert(at, inserted);
    }

    private static string Masked(string text)
    {
        var octets = Encoding.Latin1.GetBytes(text);
        SecretMask.Apply(octets);
        return Encoding.Latin1.GetString(octets);
    }
}
