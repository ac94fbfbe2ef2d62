using System.Net;
using System.Text;
using Sipstead.Provisioning.View;
using Sipstead.Registrar.History;
using Sipstead.Sip.Messages;
using Sipstead.Sip.Parsing;
using Sipstead.Sip.Transport;
using Sipstead.Testing;
using Sipstead.Testing.Registrar;
using Xunit;

namespace Sipstead.Registrar.Tests.Admission;

/// <summary>What the registrar makes of whole sources: who is known, who is slowed, and how often one user may register.</summary>
public sealed class SourceTests : IDisposable
{
    private const string Contact = "Contact: <sip:alice@192.0.2.10:40000>\r\nExpires: 600\r\n";

    private readonly LogLines _log = new();
    private readonly RegistrarHarness _harness;
    private readonly string _realm;
    private readonly long _alice;

    public SourceTests()
    {
        _harness = new RegistrarHarness(loggers: _log);
        _realm = _harness.AddRealm();
        _alice = _harness.AddCredential(_realm, "alice", "secret");
    }

    public void Dispose() => _harness.Dispose();

    [Theory]
    [InlineData("REGISTER", true)] // names without credentials, as svwar sends them
    [InlineData("INVITE", true)]
    [InlineData("REGISTER", false)] // and with
    public void S_20_MoreThanTenUnknownUsers_SlowTheirSource_ForAMinute(string method, bool bare)
    {
        for (var i = 0; i < 10; i++) Try($"user{i}", method, bare);
        for (var i = 0; i < 10; i++) Try($"user{i}", method, bare);
        Assert.Equal(500, Burst("198.51.100.66:5060"));
        _harness.Time.Advance(TimeSpan.FromSeconds(30));

        Try("user10", method, bare);
        Assert.Equal(10, Burst("198.51.100.66:5060")); // one in fifty
        Assert.Equal(500, Burst("198.51.100.67:5060"));
        Assert.Single(_log.All, line => line == "Warning 3062 Source 198.51.100.66 is slowed: too many unknown users");

        _harness.Time.Advance(TimeSpan.FromSeconds(61));
        Assert.Equal(500, Burst("198.51.100.66:5060"));
    }

    [Fact]
    public void S_20_KnownUsers_AreNotCounted()
    {
        for (var i = 0; i < 30; i++)
        {
            _harness.AddCredential(_realm, $"user{i}", "secret");
            Try($"user{i}", "REGISTER", bare: true);
        }

        Assert.Equal(500, Burst("198.51.100.66:5060"));
    }

    [Fact]
    public void S_20_ASlowedSourceWithPhones_KeepsRoomForThem()
    {
        var phone = new ScriptedDevice(_harness, _realm, "alice", "secret") { Flow = RegistrarHarness.Flow("198.51.100.66:40000") };
        Assert.Equal(200, phone.Register("<sip:alice@198.51.100.66>").Status);
        for (var i = 0; i < 20; i++) Try($"user{i}", "REGISTER", bare: true);
        Assert.Equal(40, Burst("198.51.100.66:5060")); // 2000 / 50
    }

    [Fact]
    public void S_01_WrongPasswordsOfManyUsers_SlowTheirSource()
    {
        for (var i = 0; i < 60; i++) _harness.AddCredential(_realm, $"user{i}", "secret");
        for (var i = 0; i < 120; i++) Try($"user{i % 60}", "REGISTER", bare: false);
        Assert.Equal(10, Burst("198.51.100.66:5060"));
        Assert.Single(_log.All, line => line == "Warning 3062 Source 198.51.100.66 is slowed: too many wrong passwords");
    }

    [Fact]
    public void S_50_SourceOfATrunk_IsNotSlowedByWrongPasswords()
    {
        _harness.View.SetTrunk(new TrunkEntry { Id = 1, AccountId = 1, Name = "carrier", Host = "carrier.example", Sources = [IPNetwork.Parse("198.51.100.66/32")] });
        for (var i = 0; i < 60; i++) _harness.AddCredential(_realm, $"user{i}", "secret");
        for (var i = 0; i < 120; i++) Try($"user{i % 60}", "REGISTER", bare: false);
        for (var i = 60; i < 90; i++) Try($"user{i}", "REGISTER", bare: true);
        Assert.Equal(500, Burst("198.51.100.66:5060"));
        Assert.DoesNotContain(_log.All, line => line.StartsWith("Warning 3062", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("REGISTER")]
    [InlineData("INVITE")]
    public void S_18_ARightDigest_GivesItsSourceABudgetOfItsOwn(string method)
    {
        var device = new ScriptedDevice(_harness, _realm, "alice", "secret") { Method = method };
        Assert.False(_harness.Admission.IsKnown(device.Flow.Source, _harness.Admission.Now));
        Assert.NotEqual(401, device.Request(Contact).Status);
        Assert.True(_harness.Admission.IsKnown(device.Flow.Source, _harness.Admission.Now));
        Assert.Equal(2_000, Burst("192.0.2.10:1"));
        _harness.Time.Advance(TimeSpan.FromSeconds(7_201));
        Assert.False(_harness.Admission.IsKnown(device.Flow.Source, _harness.Admission.Now));
    }

    [Fact]
    public void S_18_RegistersOfOneUser_AreTwentyASecond_AfterABurst()
    {
        var device = new ScriptedDevice(_harness, _realm, "alice", "secret");
        var answers = Enumerable.Range(0, 250).Select(_ => device.Request(Contact)).ToList();
        Assert.Equal(200, answers.Count(answer => answer.Status == 200));
        Assert.Equal(50, answers.Count(answer => answer.Status == 503 && answer.One("Retry-After") == "10"));
        Assert.Equal(RegistrationOutcome.TooManyRequests, _harness.History.OfCredential(_alice)[0].Outcome);
        _harness.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(20, Enumerable.Range(0, 25).Count(_ => device.Request(Contact).Status == 200));

        var other = _harness.AddCredential(_realm, "bob", "secret");
        Assert.Equal(200, new ScriptedDevice(_harness, _realm, "bob", "secret").Request(Contact).Status);
        Assert.Single(_harness.Bindings(other));
    }

    [Fact]
    public void S_04_ChallengesForThousandsOfSources_KeepNothing()
    {
        var device = new ScriptedDevice(_harness, _realm, "alice", "secret");
        var request = Encoding.Latin1.GetBytes(device.Build(Contact));
        var flows = Enumerable.Range(0, 1_000).Select(i => RegistrarHarness.Flow($"198.51.{i / 250}.{i % 250}:5060")).ToArray();
        var (message, reply, octets) = (new SipMessage(), new SipReply(), new byte[4096]);
        var next = 0;
        var challenged = 0;
        var allocated = Allocations.OfRounds(() =>
        {
            for (var i = 0; i < 40_000; i++)
            {
                var flow = flows[next++ % flows.Length];
                SipParser.TryParseDatagram(request, 0, request.Length, message);
                reply.Reset(octets, flow.Source);
                _harness.Receiver.Receive(message, flow, reply);
                _harness.Receiver.Commit();
                if (reply.Writer.Written.StartsWith("SIP/2.0 401"u8)) challenged++;
            }
        });
        Assert.Equal(0, allocated);
        Assert.Equal(next, challenged);
        Assert.Equal(0, _harness.Locations.Count);
    }

    private void Try(string user, string method, bool bare)
    {
        var device = new ScriptedDevice(_harness, _realm, user, "guess") { Flow = RegistrarHarness.Flow("198.51.100.66:5060"), Method = method };
        var answer = bare ? device.SendOnce(Contact) : device.Request(Contact);
        Assert.Equal(method == "INVITE" ? 407 : 401, answer.Status);
    }

    /// <summary>How many messages of a source are admitted now, of ten thousand.</summary>
    private int Burst(string source)
    {
        var now = _harness.Admission.Now;
        var address = RegistrarHarness.Flow(source).Source;
        return Enumerable.Range(0, 10_000).Count(_ => _harness.Admission.Admits(address, now));
    }
}
