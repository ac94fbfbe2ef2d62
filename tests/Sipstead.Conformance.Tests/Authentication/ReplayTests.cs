using Sipstead.Provisioning.Realms;
using Sipstead.Registrar;
using Sipstead.Testing.Registrar;
using Xunit;

namespace Sipstead.Conformance.Tests.Authentication;

/// <summary>S-03: a good REGISTER, caught and sent again in every way, has no second effect.</summary>
public sealed class ReplayTests : IDisposable
{
    private const string Phone = "<sip:alice@192.0.2.10:40000>";
    private const string Thief = "<sip:thief@203.0.113.1>";

    private readonly RegistrarHarness _harness = new(new RegistrarOptions { NonceLifetime = 300 });
    private readonly string _realm;
    private readonly long _alice;
    private readonly ScriptedDevice _device;
    private readonly string _caught;

    public ReplayTests()
    {
        _realm = _harness.AddRealm(algorithms: DigestAlgorithms.Sha256);
        _alice = _harness.AddFullCredential(_realm, "alice", "secret");
        _device = new ScriptedDevice(_harness, _realm, "alice", "secret") { Algorithm = "SHA-256" };
        Assert.Equal(200, _device.Register(Phone, 600).Status);
        _caught = _device.LastMessage;
    }

    public void Dispose() => _harness.Dispose();

    [Fact]
    public void S_03_TheSameRequestFromTheSameSource_IsAnsweredAgain_WithoutAnEffect()
    {
        var appends = _harness.Journal.Appends;
        Assert.Equal(200, _harness.Send(_caught)!.Status);
        Assert.Equal(appends, _harness.Journal.Appends);
        AssertNothingChanged();
    }

    [Theory]
    [InlineData("source", "true")]
    [InlineData("contact", "true")]
    [InlineData("branch", "true")]
    [InlineData("method", null)]
    [InlineData("uri", null)]
    [InlineData("count above", null)]
    [InlineData("count below", null)]
    [InlineData("nonce", null)]
    public void S_03_ARequestThatIsNotTheSame_Is401_StaleOnlyWhereTheDigestIsRight(string change, string? stale)
    {
        var (request, source) = change switch
        {
            "source" => (_caught, "203.0.113.66:5060"),
            "contact" => (Changed("z9hG4bK", "z9hG4bKx").Replace(Phone, Thief, StringComparison.Ordinal), "203.0.113.66:5060"),
            "branch" => (Changed("z9hG4bK", "z9hG4bKx"), null),
            "method" => (Changed("REGISTER", "MESSAGE"), null),
            "uri" => (Changed($"uri=\"sip:{_realm}\"", $"uri=\"sip:thief@{_realm}\""), null),
            "count above" => (Changed("nc=00000001", "nc=00000002"), null),
            "count below" => (Changed("nc=00000001", "nc=00000000"), null),
            _ => (Changed($"nonce=\"{_device.Nonce![..4]}", "nonce=\"AAAA"), null),
        };
        var answer = _harness.Send(request, RegistrarHarness.Flow(source ?? "192.0.2.10:40000"))!;
        if (change == "method") Assert.Equal(405, answer.Status); // no method but these is served
        else Assert.Equal((401, stale), (answer.Status, answer.Challenge("stale")));
        AssertNothingChanged();
    }

    [Fact]
    public void S_03_AfterTheNonceHasAged_ItIsStale()
    {
        _harness.Time.Advance(TimeSpan.FromSeconds(300));
        foreach (var request in (string[])[_caught, Changed("z9hG4bK", "z9hG4bKx")])
        {
            var answer = _harness.Send(request)!;
            Assert.Equal((401, "true"), (answer.Status, answer.Challenge("stale")));
        }
    }

    [Fact]
    public void S_03_AfterARestart_ItIsStale_AndBringsNothingBack()
    {
        using var after = new RegistrarHarness(before: _harness);
        var realm = after.AddRealm(algorithms: DigestAlgorithms.Sha256);
        var alice = after.AddFullCredential(realm, "alice", "secret");
        var answer = after.Send(_caught)!;
        Assert.Equal((401, "true"), (answer.Status, answer.Challenge("stale")));
        Assert.Empty(after.Bindings(alice));
    }

    [Fact]
    public void S_03_OnAnotherServer_OrInAnotherRealm_ItIsForeign()
    {
        using var other = new RegistrarHarness();
        other.AddFullCredential(other.AddRealm(algorithms: DigestAlgorithms.Sha256), "alice", "secret");
        var answer = other.Send(_caught)!;
        Assert.Equal((401, (string?)null), (answer.Status, answer.Challenge("stale")));

        var branch = _harness.AddRealm("branch", algorithms: DigestAlgorithms.Sha256);
        var alice = _harness.AddFullCredential(branch, "alice", "secret");
        answer = _harness.Send(_caught.Replace(_realm, branch, StringComparison.Ordinal))!;
        Assert.Equal((401, (string?)null), (answer.Status, answer.Challenge("stale")));
        Assert.Empty(_harness.Bindings(alice));
    }

    private string Changed(string from, string to)
    {
        Assert.Contains(from, _caught, StringComparison.Ordinal);
        return _caught.Replace(from, to, StringComparison.Ordinal);
    }

    private void AssertNothingChanged()
    {
        var binding = Assert.Single(_harness.Bindings(_alice));
        Assert.Equal(("192.0.2.10:40000", 600), (binding.Flow.Source.ToString(), binding.ExpiresIn));
    }
}
