using Sipstead.Registrar.Location;
using Sipstead.Sip.Parsing;
using Sipstead.Testing.Registrar;
using Xunit;

namespace Sipstead.Conformance.Tests.Registration;

/// <summary>Threats by a user with good credentials who wants more than a user's share, and by who wants to watch others (docs/security.md).</summary>
public sealed class AbuseTests : RegistrationFixture
{
    /// <summary>From request to request, so that it is not the limit of requests that refuses them.</summary>
    private static readonly TimeSpan WithinTheLimit = TimeSpan.FromMilliseconds(100);

    /// <summary>The most that one binding can take: its fixed part, URI with parameters, Path, Call-ID and User-Agent.</summary>
    private static readonly int MaxBinding = BindingLayout.MaxHeader + 2048 + 2048 + SipLimits.Line + 256;

    [Fact]
    public void S_15_TenThousandContacts_StayAtTheLimit()
    {
        for (var i = 0; i < 10_000; i++)
        {
            Harness.Time.Advance(WithinTheLimit);
            Assert.Equal(200, Device.Register($"<sip:d{i}@192.0.2.10:40000>;x={new string('x', 1 + (i % 1500))}").Status);
        }

        Assert.Equal(["sip:d9990@192.0.2.10:40000", "sip:d9999@192.0.2.10:40000"], new[] { Harness.Bindings(Alice)[0], Harness.Bindings(Alice)[^1] }.Select(b => b.Contact));
        Assert.Equal(10, Harness.Bindings(Alice).Count);
    }

    [Fact]
    public void S_15_ThousandContactsInOneRequest_AreRefusedWhole()
    {
        Device.Register(Phone);
        var small = string.Join(",", Enumerable.Range(0, 1000).Select(i => $"<sip:{i}@h>"));
        foreach (var headers in new[] { $"Contact: {small[..8000]}>\r\n", string.Concat(small.Split(',').Select(contact => $"m:{contact}\r\n")) })
        {
            var answer = NewDevice().Request(headers);
            Assert.True(answer.Status is 400 or 413 or 513, answer.StatusLine);
        }

        Assert.Equal(["sip:alice@192.0.2.10:40000"], Harness.Bindings(Alice).Select(b => b.Contact));
    }

    [Theory]
    [InlineData(2049)]
    [InlineData(8000)]
    [InlineData(60_000)]
    public void S_15_LongContact_IsRefused(int octets)
    {
        Device.Nonce = Device.SendOnce("").Challenge("nonce");
        var answer = Device.SendOnce($"Contact: <sip:{new string('a', octets - "<sip:@h>".Length)}@h>\r\n");
        Assert.True(answer.Status is 400 or 413 or 513, answer.StatusLine);
        Assert.Empty(Harness.Bindings(Alice));
    }

    [Fact]
    public void S_15_HundredUsersAtTheLimit_TakeNoMoreThanComputed()
    {
        var users = Enumerable.Range(0, 100).Select(i => (Id: Harness.AddCredential(Realm, $"u{i}", "secret"), Name: $"u{i}")).ToList();
        var path = $"<sip:{new string('p', 2000)}@p;lr>";
        foreach (var (_, name) in users)
        {
            for (var i = 0; i < 15; i++)
            {
                var device = new ScriptedDevice(Harness, Realm, name, "secret") { CallId = $"{i}-{new string('c', 3000)}{Guid.NewGuid():N}" };
                var contact = $"<sip:{i}@{new string('h', 60)}.example>;x={new string('x', 1900)}";
                Assert.Equal(200, device.Register(contact, extraHeaders: $"Path: {path}\r\nUser-Agent: {new string('u', 4000)}\r\n").Status);
            }
        }

        var octets = 0;
        for (var shard = 0; shard < LocationService.ShardCount; shard++) Harness.Locations.Visit(shard, record => octets += record.Bindings.Length);
        Assert.InRange(octets, 100 * 10 * 7000, 100 * 10 * MaxBinding);
        Assert.All(users, user => Assert.Equal(10, Harness.Bindings(user.Id).Count));
    }

    /// <summary>The answer to the user with the most and longest contacts still fits, so that the device learns of what it made.</summary>
    [Fact]
    public void S_15_LargestAnswer_StillFitsADatagram()
    {
        SipResponseText answer = null!;
        for (var i = 0; i < 10; i++)
        {
            var instance = $"<urn:x:{i}{new string('?', 248)}>";
            var contact = $"<sip:{i}@192.0.2.1>;+sip.instance=\"{instance}\"";
            answer = NewDevice().Register($"{contact};x={new string('x', 2048 - contact.Length - 3)}", extraHeaders: "Supported: gruu, path\r\n");
        }

        Assert.Equal(10, answer.Contacts.Count(contact => contact.Contains("pub-gruu", StringComparison.Ordinal)));
        Assert.InRange(answer.Text.Length, 20_000, SipLimits.Datagram);
    }

    [Fact]
    public void S_16_BriefExpiry_ManyTimes_MakesNothing()
    {
        for (var i = 0; i < 1000; i++)
        {
            Harness.Time.Advance(WithinTheLimit);
            Assert.Equal(423, Device.Register($"<sip:d{i}@192.0.2.10>", 1).Status);
        }

        Assert.Empty(Harness.Bindings(Alice));
        Assert.Equal(0, Harness.Journal.Appends);
        Assert.Equal(200, Device.Register(Phone).Status);
    }

    [Theory]
    [InlineData("4294967295", 7200)]
    [InlineData("4294967296", 3600)]
    [InlineData("99999999999999999999999999", 3600)]
    public void S_16_EndlessExpiry_IsShortened(string expires, int seconds)
    {
        var answer = Device.Request($"Contact: {Phone};expires={expires}, <sip:b@192.0.2.9>\r\nExpires: {expires}\r\n");
        Assert.Equal([$"{Phone};expires={seconds}", $"<sip:b@192.0.2.9>;expires={seconds}"], answer.Contacts);
        Harness.Time.Advance(TimeSpan.FromSeconds(seconds));
        Assert.Empty(Harness.Bindings(Alice));
    }

    [Theory]
    [InlineData("alice")]
    [InlineData("bob")]
    [InlineData("*")]
    public void S_17_SubscriptionToRegistrations_IsNotOpen(string user)
    {
        Harness.AddCredential(Realm, "bob", "other");
        Device.Register(Phone);
        var device = NewDevice("203.0.113.80:1024");
        device.Method = "SUBSCRIBE";
        device.AorUser = user;
        var answer = device.Request("Event: reg\r\nAccept: application/reginfo+xml\r\nContact: <sip:spy@203.0.113.80:1024>\r\n");
        Assert.Equal(405, answer.Status);
        Assert.DoesNotContain("SUBSCRIBE", answer.One("Allow"), StringComparison.Ordinal);
        Assert.DoesNotContain("192.0.2.10:40000>", answer.Text.Replace("Via: SIP/2.0/UDP 192.0.2.10:40000", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Empty(Harness.Flows.Sent);
    }
}
