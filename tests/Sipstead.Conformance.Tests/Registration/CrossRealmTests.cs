using System.Security.Cryptography;
using System.Text;
using Sipstead.Testing.Registrar;
using Xunit;

namespace Sipstead.Conformance.Tests.Registration;

/// <summary>Credentials of one realm against another that has a user of the same name.</summary>
public sealed class CrossRealmTests : RegistrationFixture
{
    private const int Places = 6;

    /// <summary>Each of the six places that name a realm names hers or the other one: only the request that is hers throughout registers.</summary>
    [Fact]
    public void S_10_CredentialsOfOneRealm_ChangeNothingInAnother_WhicheverPlacesNameIt()
    {
        var other = Harness.AddRealm("branch");
        var namesake = Harness.AddCredential(other, "alice", "another secret");
        new ScriptedDevice(Harness, other, "alice", "another secret") { Flow = RegistrarHarness.Flow("192.0.2.99:5060") }.Register("<sip:alice@192.0.2.99>");
        var registered = 0;
        for (var choice = 0; choice < 1 << Places; choice++)
        {
            string At(int place) => (choice >> place & 1) == 0 ? Realm : other;

            var nonce = Challenge(At(0));
            var answer = Harness.Send(Register(At(1), At(2), At(3), At(4), At(5), nonce, choice), Device.Flow)!;
            if (answer.Status == 200) registered++;
            else Assert.True(answer.Status is 400 or 401 or 403 or 404, answer.StatusLine);
            Assert.Equal("192.0.2.99:5060", Assert.Single(Harness.Bindings(namesake)).Flow.Source.ToString());
        }

        // From is no place that decides, so hers registers under both.
        Assert.Equal(2, registered);
        Assert.Single(Harness.Bindings(Alice));
    }

    private string Challenge(string realm) =>
        new ScriptedDevice(Harness, realm, "alice", "x") { Flow = Device.Flow }.SendOnce("").Challenge("nonce")!;

    /// <summary>HA1 is that of her realm and password always: it is all she has.</summary>
    private string Register(string requestUri, string to, string from, string digestRealm, string digestUri, string nonce, int number)
    {
        var ha1 = Md5($"alice:{Realm}:secret");
        var ha2 = Md5($"REGISTER:sip:{digestUri}");
        return $"REGISTER sip:{requestUri} SIP/2.0\r\n"
            + $"Via: SIP/2.0/UDP 192.0.2.10:40000;rport;branch=z9hG4bKcross{number}\r\n"
            + "Max-Forwards: 70\r\n"
            + $"From: <sip:alice@{from}>;tag=f{number}\r\n"
            + $"To: <sip:alice@{to}>\r\n"
            + $"Call-ID: cross-{number}\r\n"
            + "CSeq: 1 REGISTER\r\n"
            + $"Contact: {Phone}\r\n"
            + $"Authorization: Digest username=\"alice\", realm=\"{digestRealm}\", nonce=\"{nonce}\", uri=\"sip:{digestUri}\", algorithm=MD5, "
            + $"qop=auth, nc=00000001, cnonce=\"c0ffee\", response=\"{Md5($"{ha1}:{nonce}:00000001:c0ffee:auth:{ha2}")}\"\r\n"
            + "Content-Length: 0\r\n\r\n";
    }

    private static string Md5(string text) => Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes(text)));
}
