using Sipstead.Provisioning.Realms;
using Sipstead.Sip.Transport;
using Sipstead.Testing.Registrar;
using Sipstead.Testing.Sip;
using Xunit;

namespace Sipstead.Conformance.Tests.Authentication;

/// <summary>RFC 8760: what realms offer, and what they take (AUTH duties, ruling 3, S-05).</summary>
public sealed class AlgorithmTests : IDisposable
{
    private const string Phone = "<sip:alice@192.0.2.10:40000>";
    private const DigestAlgorithms All = DigestAlgorithms.Md5 | DigestAlgorithms.Sha256 | DigestAlgorithms.Sha512256;

    /// <summary>Headers of a request as long as a phone's.</summary>
    private const string Long = $"Contact: {Phone}\r\nUser-Agent: Test Phone 1.0\r\nAllow: INVITE, ACK, BYE, CANCEL, OPTIONS, INFO, UPDATE, REFER, NOTIFY\r\n";

    private readonly CountingMeters _meters = new();
    private readonly RegistrarHarness _harness;

    public AlgorithmTests() => _harness = new RegistrarHarness(meters: _meters);

    public void Dispose()
    {
        _harness.Dispose();
        _meters.Dispose();
    }

    [Theory]
    [InlineData(DigestAlgorithms.Md5, "MD5")]
    [InlineData(DigestAlgorithms.Sha256, "SHA-256")]
    [InlineData(DigestAlgorithms.Sha256 | DigestAlgorithms.Md5, "SHA-256 MD5")]
    [InlineData(All, "SHA-512-256 SHA-256 MD5")]
    public void AUTH_05_OneChallengeForEachAlgorithm_StrongestFirst(DigestAlgorithms offered, string algorithms)
    {
        var realm = _harness.AddRealm(algorithms: offered);
        foreach (var method in (string[])["REGISTER", "INVITE"])
        {
            var device = new ScriptedDevice(_harness, realm, "alice", "secret") { Method = method };
            var answer = device.SendOnce(Long);
            Assert.Equal(algorithms, string.Join(' ', answer.Challenges.Select(challenge => Parameter(challenge, "algorithm"))));
            Assert.All(answer.Challenges, challenge => Assert.Equal(Nonce(answer.Challenges[0]), Nonce(challenge)));
        }
    }

    [Theory]
    [InlineData("MD5", false)]
    [InlineData("SHA-256", false)]
    [InlineData("SHA-256", true)]
    [InlineData("SHA-512-256", false)]
    [InlineData("SHA-512-256", true)]
    public void AUTH_07_AnyOfferedAlgorithm_IsTaken_AndCounted(string algorithm, bool usesIntegrity)
    {
        var realm = _harness.AddRealm(algorithms: All);
        var alice = _harness.AddFullCredential(realm, "alice", "secret");
        var device = Device(realm, algorithm);
        device.UsesIntegrity = usesIntegrity;
        Assert.Equal(200, device.Register(Phone).Status);
        Assert.Equal(200, device.SendOnce($"Contact: {Phone}\r\n").Status);
        Assert.Single(_harness.Bindings(alice));
        Assert.Equal(2, _meters[$"sipstead.registrar.digests {algorithm}"]);
        device = Device(realm, algorithm, "guess");
        Assert.Equal(401, device.Register(Phone).Status);
    }

    [Theory]
    [InlineData("MD5")]
    [InlineData("SHA-256")]
    [InlineData("SHA-512-256")]
    public void AUTH_10_TheNameWithRealm_GoesWithHash1bOfEachAlgorithm(string algorithm)
    {
        var realm = _harness.AddRealm(algorithms: All);
        _harness.AddFullCredential(realm, "alice", "secret");
        var device = Device(realm, algorithm);
        device.DigestUser = $"alice@{realm}";
        Assert.Equal(200, device.Register(Phone).Status);
    }

    [Fact]
    public void AUTH_06_TheOfferIsTheSame_WhateverHashesTheUserHas()
    {
        var realm = _harness.AddRealm(algorithms: All);
        _harness.AddFullCredential(realm, "alice", "secret");
        _harness.AddCredential(realm, "dave", "secret");
        var offers = ((string[])["alice", "dave", "nobody"]).Select(user =>
        {
            var device = new ScriptedDevice(_harness, realm, user, "guess");
            return string.Join('\n', device.Register(Phone, extraHeaders: Long[(Long.IndexOf('\n', StringComparison.Ordinal) + 1)..]).Challenges
                .Select(challenge => challenge.Replace(Nonce(challenge), "", StringComparison.Ordinal)));
        });
        Assert.Single(offers.Distinct());
    }

    [Theory]
    [InlineData("SHA-256", "SHA-512-256")]
    [InlineData("SHA-512-256", "SHA-256")]
    [InlineData("SHA-256", "SHA-256-sess")]
    [InlineData("MD5", "SHA-256")]
    [InlineData("MD5", "MD5-sess")]
    public void AUTH_05_AlgorithmThatWasNotOffered_GetsANewChallenge(string offered, string used)
    {
        var realm = _harness.AddRealm(algorithms: DigestAlgorithmNames.Parse(offered)!.Value);
        _harness.AddFullCredential(realm, "alice", "secret");
        var answer = Device(realm, used).Register(Phone);
        Assert.Equal((401, (string?)null), (answer.Status, answer.Challenge("stale")));
    }

    [Theory]
    [InlineData("MD5")]
    [InlineData("md5")]
    [InlineData(null)]
    [InlineData("MD5-sess")]
    [InlineData("SHA-1")]
    [InlineData("SHA-256")]
    public void S_05_ARealmOfSha256Alone_RefusesMd5Answers_HoweverTheyAreCalled(string? called)
    {
        var realm = _harness.AddRealm(algorithms: DigestAlgorithms.Sha256);
        var alice = _harness.AddFullCredential(realm, "alice", "secret");
        var device = Device(realm, "MD5");
        device.Nonce = device.SendOnce("").Challenge("nonce");
        var request = device.Build($"Contact: {Phone}\r\n").Replace("algorithm=MD5, ", called is null ? "" : $"algorithm={called}, ", StringComparison.Ordinal);
        var answer = _harness.Send(request)!;
        Assert.Equal((401, "SHA-256", null), (answer.Status, answer.Challenge("algorithm"), answer.Challenge("stale")));
        Assert.Single(answer.Challenges);
        Assert.Empty(_harness.Bindings(alice));
        Assert.Equal(0, _meters["sipstead.registrar.digests MD5"]);

        device.Algorithm = "SHA-256";
        Assert.Equal(200, device.Register(Phone).Status);
    }

    [Fact]
    public void AUTH_12_IntegrityThatWasNotOffered_IsNotTaken()
    {
        var realm = _harness.AddRealm();
        _harness.AddFullCredential(realm, "alice", "secret");
        var device = Device(realm, "MD5");
        device.UsesIntegrity = true;
        Assert.Equal(401, device.Register(Phone).Status);
    }

    [Fact]
    public void AUTH_12_AuthInt_HoldsTheBody()
    {
        var realm = _harness.AddRealm(algorithms: DigestAlgorithms.Sha256);
        _harness.AddFullCredential(realm, "alice", "secret");
        var device = Device(realm, "SHA-256");
        (device.Method, device.UsesIntegrity, device.Body) = ("INVITE", true, "v=0\r\ns=one\r\n");
        Assert.Equal(480, device.Request($"Contact: {Phone}\r\n").Status);
        var changed = device.Build($"Contact: {Phone}\r\n").Replace("s=one", "s=two", StringComparison.Ordinal);
        Assert.Equal(407, _harness.Send(changed)!.Status);
        device.UsesIntegrity = false;
        changed = device.Build($"Contact: {Phone}\r\n").Replace("s=one", "s=two", StringComparison.Ordinal);
        Assert.Equal(480, _harness.Send(changed)!.Status);
    }

    [Fact]
    public void AUTH_08_ASettingThatChanges_HoldsForTheNextRequest()
    {
        var realm = _harness.AddRealm();
        _harness.AddFullCredential(realm, "alice", "secret");
        var device = Device(realm, "MD5");
        Assert.Equal(200, device.Register(Phone).Status);
        _harness.SetAlgorithms(realm, DigestAlgorithms.Sha256);
        Assert.Equal(401, device.SendOnce($"Contact: {Phone}\r\n").Status);
        device.Algorithm = "SHA-256";
        Assert.Equal(200, device.SendOnce($"Contact: {Phone}\r\n").Status); // the nonce knows no algorithm
    }

    /// <summary>S-19: three challenges do not make more than three times a short request; a phone's request gets them all.</summary>
    [Theory]
    [InlineData("UDP", "SHA-512-256 SHA-256")]
    [InlineData("TCP", "SHA-512-256 SHA-256 MD5")]
    public void AUTH_05_AShortRequestOverUdp_GetsTheStrongestChallengesAlone(string transport, string algorithms)
    {
        var realm = _harness.AddRealm(algorithms: All);
        var request = $"REGISTER sip:{realm} SIP/2.0\r\nv:SIP/2.0/{transport} h;branch=z9hG4bK1\r\nf:<sip:a@h>;tag=1\r\nt:<sip:a@h>\r\ni:1\r\n"
            + "CSeq:1 REGISTER\r\nMax-Forwards:70\r\nl:0\r\n\r\n";
        var answer = _harness.Send(request, RegistrarHarness.Flow(transport: Enum.Parse<SipTransport>(transport, ignoreCase: true)))!;
        Assert.Equal(algorithms, string.Join(' ', answer.Challenges.Select(challenge => Parameter(challenge, "algorithm"))));
        if (transport == "UDP") Assert.InRange(answer.Text.Length, 1, 3 * request.Length);
    }

    private ScriptedDevice Device(string realm, string algorithm, string password = "secret") => new(_harness, realm, "alice", password) { Algorithm = algorithm };

    private static string Parameter(string challenge, string name) => challenge.Split($"{name}=")[1].Split(',')[0].Trim('"');

    private static string Nonce(string challenge) => Parameter(challenge, "nonce");
}
