using System.Text;
using Sipstead.Provisioning.Realms;
using Sipstead.Testing.Registrar;
using Sipstead.Testing.Sip;
using Xunit;

namespace Sipstead.Conformance.Tests.Authentication;

/// <summary>S-02 and S-36: who guesses names learns nothing, and no name passes for another.</summary>
public sealed class EnumerationTests : IDisposable
{
    private const string Nonce = "nonce=\"";
    private const string Tag = "tag=";

    private readonly CountingMeters _meters = new();
    private readonly RegistrarHarness _harness;

    public EnumerationTests() => _harness = new RegistrarHarness(meters: _meters);

    public static TheoryData<string, string> Kinds => new()
    {
        { "MD5", "REGISTER" }, { "SHA-256", "REGISTER" }, { "SHA-512-256", "REGISTER" }, { "MD5", "INVITE" }, { "SHA-256", "INVITE" },
    };

    public void Dispose()
    {
        _harness.Dispose();
        _meters.Dispose();
    }

    /// <summary>All names have five letters, so that equal answers are equal octet for octet once they are masked.</summary>
    [Theory]
    [MemberData(nameof(Kinds))]
    public void S_02_WhoeverIsAskedFor_TheAnswerAndItsWorkAreTheSame(string algorithm, string method)
    {
        var offered = DigestAlgorithmNames.Parse("MD5")!.Value | DigestAlgorithmNames.Parse(algorithm)!.Value;
        var realm = _harness.AddRealm(algorithms: offered);
        var other = _harness.AddRealm("branch", algorithms: offered);
        _harness.AddFullCredential(realm, "alice", "secret");
        _harness.AddCredential(realm, "md5er", "secret", withHash1b: false);
        _harness.AddUselessCredential(realm, "empty");
        _harness.AddFullCredential(other, "alien", "secret");
        string[] names = ["nobod", "alice", "md5er", "empty", "alien", "ALICE", "al%69"];

        AssertEqual(method, names, name => new ScriptedDevice(_harness, realm, "alice", "guess") { AorUser = name, DigestUser = name, Algorithm = algorithm });
        AssertEqual(method, names, name => new ScriptedDevice(_harness, realm, "alice", "guess") { AorUser = name, DigestUser = $"{name}@{realm}", Algorithm = algorithm });
        AssertEqual(method, names, name => new ScriptedDevice(_harness, realm, "alice", "guess") { AorUser = name, DigestUser = "alice", Algorithm = algorithm });
        AssertEqual(method, names, name => new ScriptedDevice(_harness, realm, "alice", "guess") { AorUser = "alice", DigestUser = name, Algorithm = algorithm });
    }

    [Theory]
    [InlineData("REGISTER", 401)]
    [InlineData("INVITE", 407)]
    public void S_02_WithoutCredentials_AnyNameIsChallengedAlike(string method, int status)
    {
        var realm = _harness.AddRealm();
        _harness.AddCredential(realm, "alice", "secret");
        var answers = ((string[])["alice", "nobod"]).Select(name =>
        {
            var answer = new ScriptedDevice(_harness, realm, "alice", "x") { AorUser = name, CallId = "call-01234567", Method = method }.SendOnce("");
            Assert.Equal(status, answer.Status);
            return Masked(answer.Text, name);
        });
        Assert.Single(answers.Distinct());
    }

    [Theory]
    [InlineData("alice\0")]
    [InlineData("alice\0b")]
    [InlineData("alice\u200b")]
    [InlineData("\u202ealice")]
    [InlineData("\uff41lice")]
    [InlineData("al\u0131ce")]
    [InlineData("alice ")]
    [InlineData(" alice")]
    [InlineData("alice.")]
    [InlineData("ALICE")]
    [InlineData("al%69ce")]
    [InlineData("alice@")]
    public void S_36_ANameThatLooksLikeAnother_IsNotThatOne(string name)
    {
        var realm = _harness.AddRealm();
        var alice = _harness.AddFullCredential(realm, "alice", "secret");
        foreach (var hashUser in (string[])[name, "alice"])
        {
            var device = new ScriptedDevice(_harness, realm, "alice", "secret") { DigestUser = name, HashUser = hashUser };
            device.Nonce = device.SendOnce("").Challenge("nonce");
            var answer = _harness.Send(Encoding.UTF8.GetBytes(device.Build("Contact: <sip:thief@203.0.113.1>\r\n")))!;
            Assert.InRange(answer.Status, 400, 401); // NUL is no header text: 400
        }

        Assert.Empty(_harness.Bindings(alice));
    }

    /// <summary>Here the digest is right, for Kelvin; it is the To that pretends.</summary>
    [Theory]
    [InlineData("%E2%84%AAelvin")]
    [InlineData("kelvin%00")]
    [InlineData("kelvin%E2%80%8B")]
    [InlineData("%EF%BD%8Belvin")]
    [InlineData("Kelvin")]
    [InlineData("kelvin.")]
    public void S_36_AToThatLooksLikeAnother_IsNotThatOne(string to)
    {
        var realm = _harness.AddRealm();
        var kelvin = _harness.AddFullCredential(realm, "kelvin", "secret");
        var device = new ScriptedDevice(_harness, realm, "kelvin", "secret") { AorUser = to };
        Assert.Equal(403, device.Register("<sip:kelvin@192.0.2.10>").Status);
        Assert.Empty(_harness.Bindings(kelvin));
    }

    [Theory]
    [InlineData(".")]
    [InlineData(" ")]
    [InlineData("\u200b")]
    public void S_36_ADigestRealmWithMoreAtItsEnd_IsAnother(string end)
    {
        var realm = _harness.AddRealm();
        _harness.AddFullCredential(realm, "alice", "secret");
        var device = new ScriptedDevice(_harness, realm, "alice", "secret") { DigestRealm = realm + end };
        Assert.Equal(401, device.Register("<sip:alice@192.0.2.10>").Status);
    }

    private void AssertEqual(string method, string[] names, Func<string, ScriptedDevice> deviceOf)
    {
        var answers = new HashSet<string>();
        foreach (var name in names)
        {
            var device = deviceOf(name);
            (device.Method, device.CallId) = (method, "call-01234567");
            device.Nonce = device.SendOnce("Contact: <sip:x@192.0.2.10>\r\n").Challenge("nonce");
            var before = _meters[$"sipstead.registrar.digests {device.Algorithm}"];
            var answer = device.SendOnce("Contact: <sip:x@192.0.2.10>\r\n");
            Assert.Equal(before + 1, _meters[$"sipstead.registrar.digests {device.Algorithm}"]);
            Assert.Equal(method == "INVITE" ? 407 : 401, answer.Status);
            answers.Add(Masked(answer.Text, device.AorUser));
        }

        Assert.Single(answers);
        Assert.Equal(0, _harness.Locations.Count); // no record tells of an attempt
    }

    /// <summary>An answer without what is random in every one of them, and without the name that was asked for.</summary>
    private static string Masked(string text, string name) => Without(Without(text, Nonce, '"'), "To: ", '\r').Replace($"sip:{name}@", "sip:@", StringComparison.Ordinal)
        + text.Split("To: ")[1].Split('\r')[0].Split(Tag)[1].Length;

    private static string Without(string text, string start, char end)
    {
        var parts = text.Split(start);
        return string.Join(start, parts.Select((part, i) => i == 0 ? part : part[part.IndexOf(end, StringComparison.Ordinal)..]));
    }
}
