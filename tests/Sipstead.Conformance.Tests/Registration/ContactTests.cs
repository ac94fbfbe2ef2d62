using Sipstead.Registrar;
using Sipstead.Sip.Transport;
using Sipstead.Testing.Registrar;
using Xunit;

namespace Sipstead.Conformance.Tests.Registration;

/// <summary>REG duties of Contact and expiry: RFC 3261 10.2.1, 10.3 steps 6 to 8 (conformance.md).</summary>
public sealed class ContactTests : RegistrationFixture
{
    [Theory]
    [InlineData(19, 200)]
    [InlineData(20, 200)]
    [InlineData(21, 400)]
    public void MSG_19_ContactCount(int count, int status)
    {
        var contacts = string.Join(", ", Enumerable.Range(0, count).Select(i => $"<sip:a{i}@192.0.2.10>"));
        Assert.Equal(status, Device.Register(contacts, expires: 0).Status); // what is removed is not held to the number of bindings
    }

    [Theory]
    [InlineData("0", 200)]
    [InlineData("1", 200)]
    [InlineData("0.", 200)]
    [InlineData("1.000", 200)]
    [InlineData("0.123", 200)]
    [InlineData("1.001", 400)]
    [InlineData("2", 400)]
    [InlineData("-1", 400)]
    [InlineData("+1", 400)]
    [InlineData(".5", 400)]
    [InlineData("00.5", 400)]
    [InlineData("0.1234", 400)]
    [InlineData("0,5", 400)]
    [InlineData("1e0", 400)]
    public void MSG_12_Q_IsBoundedWithThreeDecimals(string q, int status) => Assert.Equal(status, Device.Register($"{Phone};q={q}").Status);

    [Theory]
    [InlineData("", ";expires=120", 120)]
    [InlineData("Expires: 240\r\n", "", 240)]
    [InlineData("Expires: 240\r\n", ";expires=120", 120)]
    [InlineData("", "", 3600)]
    [InlineData("Expires: soon\r\n", "", 3600)]
    [InlineData("Expires: 36893488147419103232\r\n", "", 3600)]
    [InlineData("Expires: 240\r\n", ";expires=-1", 3600)]
    [InlineData("Expires: 240\r\n", ";expires=\"120\"", 3600)]
    public void REG_12_Expiry_ParameterWinsOverHeader_UnusableCountsAsDefault(string header, string parameter, int seconds)
    {
        var answer = Device.Request($"Contact: {Phone}{parameter}\r\n{header}");
        Assert.Equal([$"{Phone};expires={seconds}"], answer.Contacts);
    }

    [Fact]
    public void REG_13_LongExpiry_IsShortenedAndSaidSo() =>
        Assert.Equal([$"{Phone};expires=7200"], Device.Register(Phone, 86_400).Contacts);

    [Theory]
    [InlineData(1, 423)]
    [InlineData(59, 423)]
    [InlineData(60, 200)]
    [InlineData(3600, 200)]
    public void REG_14_BriefExpiry_Gets423WithMinExpires(int expires, int status)
    {
        var answer = Device.Register(Phone, expires);
        Assert.Equal(status, answer.Status);
        Assert.Equal(status == 423 ? "60" : null, answer.One("Min-Expires"));
    }

    [Fact]
    public void REG_14_OneBriefContact_FailsTheWholeRequest()
    {
        var answer = Device.Request("Contact: <sip:a@192.0.2.30>;expires=600, <sip:b@192.0.2.30>;expires=5\r\n");
        Assert.Equal(423, answer.Status);
        Assert.Empty(Harness.Bindings(Alice));
    }

    [Fact]
    public void REG_14_AnHourOrMore_NeverGets423()
    {
        using var harness = new RegistrarHarness(new RegistrarOptions { MinExpires = 3600, DefaultExpires = 3600 });
        var realm = harness.AddRealm();
        harness.AddCredential(realm, "alice", "secret");
        Assert.Equal(200, new ScriptedDevice(harness, realm, "alice", "secret").Register(Phone, 3600).Status);
    }

    [Fact]
    public void REG_15_ZeroExpiry_RemovesThatBinding_AndAnAbsentOneWithoutError()
    {
        Device.Register(Phone);
        Device.Register("<sip:alice@192.0.2.20:5062>");
        var answer = Device.Register(Phone, 0);
        Assert.Equal(["<sip:alice@192.0.2.20:5062>;expires=3600"], answer.Contacts);
        Assert.Equal(200, Device.Register("<sip:absent@192.0.2.99>", 0).Status);
    }

    [Fact]
    public void REG_16_EqualUri_UpdatesTheSameBinding()
    {
        Device.Register("<sip:%61lice@192.0.2.10:40000;Transport=UDP>");
        var id = Harness.Bindings(Alice).Single().Id;
        var answer = Device.Register("<sip:alice@192.0.2.10:40000;transport=udp>");
        Assert.Equal(["<sip:alice@192.0.2.10:40000;transport=udp>;expires=3600"], answer.Contacts);
        Assert.Equal(id, Harness.Bindings(Alice).Single().Id);
    }

    [Fact]
    public void REG_19_AddAndRemoveInOneRequest()
    {
        Device.Register(Phone);
        var answer = Device.Request($"Contact: <sip:new@192.0.2.20>;expires=300\r\nContact: {Phone};expires=0\r\n");
        Assert.Equal(["<sip:new@192.0.2.20>;expires=300"], answer.Contacts);
    }

    [Fact]
    public void REG_19_SameUriTwice_LastWins_NeverTwoRows()
    {
        var answer = Device.Request($"Contact: {Phone};expires=300, {Phone};expires=900;q=0.5\r\n");
        Assert.Equal([$"{Phone};q=0.5;expires=900"], answer.Contacts);
    }

    [Theory]
    [InlineData(SipTransport.Udp, 403)]
    [InlineData(SipTransport.Tcp, 403)]
    [InlineData(SipTransport.Tls, 200)]
    public void S_61_SipsContact_RegistersOverTlsOnly(SipTransport transport, int status)
    {
        Device.Flow = Device.Flow with { Transport = transport, ConnectionId = transport == SipTransport.Udp ? 0 : 1 };
        Assert.Equal(status, Device.Register("<sips:alice@192.0.2.10:40000>").Status);
        Assert.Equal(200, Device.Register("<sip:alice@192.0.2.10:40000>").Status);
        Assert.Equal(status == 200 ? 2 : 1, Harness.Bindings(Alice).Count);
    }

    [Fact]
    public void REG_20_OverTheLimit_TheOldestIsReplaced_AndRefreshStillWorks()
    {
        for (var i = 1; i <= 11; i++)
        {
            Assert.Equal(200, NewDevice().Register($"<sip:d{i}@192.0.2.{i}>").Status);
            Harness.Time.Advance(TimeSpan.FromSeconds(1));
        }

        var contacts = Harness.Bindings(Alice).Select(b => b.Contact).ToList();
        Assert.Equal(10, contacts.Count);
        Assert.DoesNotContain("sip:d1@192.0.2.1", contacts);
        Assert.Equal(10, NewDevice().Register("<sip:d5@192.0.2.5>").Contacts.Count);
    }

    [Fact]
    public void REG_20_WithRefusal_TheEleventhGets403_WithoutChange()
    {
        using var harness = new RegistrarHarness(new RegistrarOptions { ContactLimit = ContactLimitPolicy.Refuse });
        var realm = harness.AddRealm();
        var alice = harness.AddCredential(realm, "alice", "secret");
        var devices = Enumerable.Range(1, 11).Select(_ => new ScriptedDevice(harness, realm, "alice", "secret")).ToList();
        for (var i = 0; i < 10; i++) Assert.Equal(200, devices[i].Register($"<sip:d{i}@192.0.2.{i + 1}>").Status);
        Assert.Equal("SIP/2.0 403 Too Many Contacts", devices[10].Register("<sip:d11@192.0.2.11>").StatusLine);
        Assert.Equal(200, devices[0].Register("<sip:d0@192.0.2.1>").Status);
        Assert.Equal(10, harness.Bindings(alice).Count);
    }

    [Fact]
    public void REG_20_MoreContactsInOneRequestThanTheLimit_Gets403()
    {
        var contacts = string.Join(", ", Enumerable.Range(1, 11).Select(i => $"<sip:d@192.0.2.{i}>"));
        Assert.Equal(403, Device.Request($"Contact: {contacts}\r\n").Status);
        Assert.Empty(Harness.Bindings(Alice));
    }

    [Fact]
    public void REG_21_AnswerHoldsEveryBinding_SecondsLeftRoundedDown_AndDate()
    {
        Device.Register(Phone, 100);
        Harness.Time.Advance(TimeSpan.FromMilliseconds(1500));
        var answer = NewDevice().Register("<sip:other@192.0.2.20>", 200);
        Assert.Equal([$"{Phone};expires=98", "<sip:other@192.0.2.20>;expires=200"], answer.Contacts);
        Assert.Equal("Fri, 02 Jan 2026 03:04:06 GMT", answer.One("Date"));
    }

    [Fact]
    public void REG_21_LastSecond_IsNeverGivenAsZero()
    {
        Device.Register(Phone, 60);
        Harness.Time.Advance(TimeSpan.FromMilliseconds(59_900));
        Assert.Equal([$"{Phone};expires=1"], Device.Request("").Contacts);
    }

    [Theory]
    [InlineData("sip:+19725552222@gw1.example.net;unknownparam", "<sip:+19725552222@gw1.example.net>;unknownparam;expires=3600")]
    [InlineData("<sip:+19725552222@gw1.example.net;unknownparam>", "<sip:+19725552222@gw1.example.net;unknownparam>;expires=3600")]
    [InlineData("<sip:user@example.org?Route=%3Csip:sip.example.com%3E>", "<sip:user@example.org?Route=%3Csip:sip.example.com%3E>;expires=3600")]
    [InlineData("<SIP:A%6Cice@10.0.0.5:5062;Line=x>", "<SIP:A%6Cice@10.0.0.5:5062;Line=x>;expires=3600")]
    public void REG_22_ContactIsReturnedOctetForOctet(string sent, string returned)
    {
        Device.Flow = RegistrarHarness.Flow("203.0.113.9:61000");
        Assert.Equal([returned], Device.Register(sent).Contacts);
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2")]
    [InlineData("0.1234")]
    [InlineData("-0.5")]
    [InlineData(".5")]
    [InlineData("\"0.5\"")]
    public void REG_23_QOutOfRange_Gets400(string q) => Assert.Equal(400, Device.Register($"{Phone};q={q}").Status);

    [Theory]
    [InlineData("", null)]
    [InlineData(";q=0", 0.0)]
    [InlineData(";q=0.7", 0.7)]
    [InlineData(";q=0.125", 0.125)]
    [InlineData(";q=1.000", 1.0)]
    public void REG_23_QIsKept_AndStaysUnsetWhenUnset(string parameter, double? q)
    {
        Device.Register(Phone + parameter);
        Assert.Equal((decimal?)q, Harness.Bindings(Alice).Single().Q);
    }

    [Fact]
    public void REG_24_FeatureParametersAreKeptAndReturned()
    {
        const string parameters = ";+sip.instance=\"<urn:uuid:00000000-0000-1000-8000-000A95A0E128>\";reg-id=1;methods=\"INVITE, ACK\";audio;description=\"<a,b>\"";
        Assert.Equal([$"{Phone}{parameters};expires=3600"], Device.Register(Phone + parameters).Contacts);
        var binding = Harness.Bindings(Alice).Single();
        Assert.Equal("urn:uuid:00000000-0000-1000-8000-000A95A0E128", binding.Instance);
        Assert.Equal(1, binding.RegId);
    }

    [Theory]
    [InlineData("<tel:+15551234>")]
    [InlineData("<mailto:a@example.org>")]
    [InlineData("<http://example.org/>")]
    [InlineData("sip:user@example.com?Route=%3Csip:sip.example.com%3E")]
    [InlineData("\"unbalanced <sip:a@192.0.2.1>")]
    [InlineData(";;,;")]
    public void REG_25_ContactThatCannotBeDialled_Gets400(string contact)
    {
        Assert.Equal(400, Device.Register(contact).Status);
        Assert.Empty(Harness.Bindings(Alice));
    }

    [Fact]
    public void REG_26_ContactThatLeadsBackToUs_Gets403()
    {
        Harness.Flows.Own.Add(new TransportAddress(System.Net.IPEndPoint.Parse("192.0.2.1:5060")));
        foreach (var contact in new[]
        {
            $"<sip:alice@{Realm}>", $"<sip:bob@{Realm.ToUpperInvariant()}:5080>", "<sip:alice@192.0.2.1>", "<sip:alice@192.0.2.1:5060>",
            "<sip:a@224.0.1.75>", "<sip:a@255.255.255.255>", "<sip:a@0.0.0.0>", "<sip:a@192.0.2.9:0>", "<sip:a@[ff02::1]>",
        })
        {
            Assert.Equal(403, NewDevice().Register(contact).Status);
        }

        foreach (var contact in new[] { "<sip:alice@192.0.2.1:5062>", "<sip:a@10.0.0.1>", "<sip:a@127.0.0.1:5099>", "<sip:a@[fd00::1]:5060>", "<sip:a@phone.invalid>" })
            Assert.Equal(200, NewDevice().Register(contact).Status);
    }
}
