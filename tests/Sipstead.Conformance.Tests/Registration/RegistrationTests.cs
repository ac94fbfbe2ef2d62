using Sipstead.Sip.Transport;
using Sipstead.Testing.Registrar;
using Xunit;

namespace Sipstead.Conformance.Tests.Registration;

/// <summary>REG duties of the request, its user and the life of its bindings: RFC 3261 10.3 (conformance.md).</summary>
public sealed class RegistrationTests : RegistrationFixture
{
    [Fact]
    public void REG_01_RequestUriWithUser_IsTolerated()
    {
        Device.Register(Phone);
        var message = Device.Build($"Contact: {Phone}\r\n");
        var answer = Harness.Send(message.Replace($"REGISTER sip:{Realm} ", $"REGISTER sip:anything@{Realm} ", StringComparison.Ordinal), Device.Flow);
        Assert.Equal(200, answer!.Status);
    }

    [Fact]
    public void REG_02_ForeignDomain_Gets404_AndNothingIsStored()
    {
        var message = Device.Build($"Contact: {Phone}\r\n").Replace(Realm, "elsewhere.example.org", StringComparison.Ordinal);
        Assert.Equal(404, Harness.Send(message)!.Status);
        Assert.Equal(0, Harness.Locations.Count);
    }

    [Fact]
    public void REG_03_RecordRoute_IsIgnoredAndNotReturned()
    {
        var answer = Device.Register(Phone, extraHeaders: "Record-Route: <sip:proxy.example.org;lr>\r\n");
        Assert.Equal(200, answer.Status);
        Assert.DoesNotContain("Record-Route", answer.Text, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void REG_04_UnknownRequire_Gets420_WithExactlyTheTags()
    {
        var answer = Harness.Send(Device.Build("Require: foo, bar\r\nRequire: baz\r\n"));
        Assert.Equal(420, answer!.Status);
        Assert.Equal("foo, bar, baz", answer.One("Unsupported"));
    }

    [Fact]
    public void REG_05_WithoutCredentials_KnownAndUnknownUsersGetTheSameChallenge()
    {
        var known = Device.SendOnce("");
        var unknown = new ScriptedDevice(Harness, Realm, "nobody", "secret") { CallId = Device.CallId }.SendOnce("");
        Assert.Equal(401, known.Status);
        Assert.Equal(Shape(known), Shape(unknown));

        static string Shape(SipResponseText answer) =>
            $"{answer.StatusLine}|{answer.Challenge("qop")}|{answer.Challenge("algorithm")}|{answer.Challenge("realm")}|{answer.Challenge("nonce")!.Length}|{answer.Challenge("stale")}";
    }

    [Fact]
    public void REG_06_AnotherUsersAor_Gets403_KnownOrNot()
    {
        Harness.AddCredential(Realm, "bob", "other");
        foreach (var target in new[] { "bob", "nobody" })
        {
            var device = NewDevice();
            device.AorUser = target;
            var answer = device.Register(Phone);
            Assert.Equal("SIP/2.0 403 Not Your Address-Of-Record", answer.StatusLine);
        }
    }

    [Fact]
    public void REG_06_DigestUserWithRealm_MapsToTheSameUser()
    {
        Device.DigestUser = $"alice@{Realm}";
        Assert.Equal(200, Device.Register(Phone).Status);
        Assert.Single(Harness.Bindings(Alice));
    }

    [Fact]
    public void REG_07_AorDropsParametersAndPort_DecodesEscapes_IgnoresHostCase()
    {
        Device.Register(Phone);
        var message = Device.Build("");
        var answer = Harness.Send(
            message.Replace($"To: <sip:alice@{Realm}>", $"To: \"A\" <sip:%61lice@{Realm.ToUpperInvariant()}:5070;transport=tcp>", StringComparison.Ordinal), Device.Flow);
        Assert.Equal(200, answer!.Status);
        Assert.Single(answer.Contacts);
    }

    [Fact]
    public void REG_08_SipsTo_IsTheSameUser()
    {
        Device.Register(Phone);
        var message = Device.Build("").Replace($"To: <sip:alice@{Realm}>", $"To: <sips:alice@{Realm}>", StringComparison.Ordinal);
        Assert.Single(Harness.Send(message, Device.Flow)!.Contacts);
    }

    [Fact]
    public void REG_09_NoContact_FetchesAndChangesNothing()
    {
        Device.Register(Phone, 600);
        var before = Harness.Journal.Appends;
        var answer = Device.Request("");
        Assert.Equal(200, answer.Status);
        Assert.Equal([$"{Phone};expires=600"], answer.Contacts);
        Assert.Equal(before, Harness.Journal.Appends);
    }

    [Theory]
    [InlineData("Contact: *\r\n")]
    [InlineData("Contact: *\r\nExpires: 1\r\n")]
    [InlineData("Contact: *\r\nExpires: x\r\n")]
    [InlineData("Contact: *;expires=0\r\n")]
    [InlineData("Contact: *;expires=0\r\nExpires: 0\r\n")]
    [InlineData("Contact: *, *\r\nExpires: 0\r\n")]
    [InlineData("Contact: *, <sip:a@192.0.2.1>\r\nExpires: 0\r\n")]
    [InlineData("Contact: <sip:a@192.0.2.1>, *\r\nExpires: 0\r\n")]
    [InlineData("Contact: <sip:a@192.0.2.1>\r\nContact: *\r\nExpires: 0\r\n")]
    public void REG_10_WildcardThatIsNotAloneOrNotZero_Gets400_AndNothingIsRemoved(string headers)
    {
        Device.Register(Phone);
        Assert.Equal(400, Device.Request(headers).Status);
        Assert.Single(Harness.Bindings(Alice));
    }

    [Fact]
    public void REG_11_Wildcard_RemovesAllBindings()
    {
        Device.Register(Phone);
        NewDevice().Register("<sip:alice@192.0.2.20:5062>");
        var answer = Device.Request("Contact: *\r\nExpires: 0\r\n");
        Assert.Equal(200, answer.Status);
        Assert.Empty(answer.Contacts);
        Assert.Empty(Harness.Bindings(Alice));
    }

    [Fact]
    public void REG_11_WildcardWithOldCSeqOfOneBinding_FailsWhole()
    {
        Device.Register(Phone);
        NewDevice().Register("<sip:alice@192.0.2.20:5062>");
        Device.CSeq = 0;
        Assert.Equal(500, Device.Request("Contact: *\r\nExpires: 0\r\n").Status);
        Assert.Equal(2, Harness.Bindings(Alice).Count);
    }

    [Theory]
    [InlineData(5u)]
    [InlineData(4u)]
    public void REG_17_SameCallIdAndCSeqNotHigher_FailsWhole(uint cseq)
    {
        Device.CSeq = 4;
        Device.Register(Phone, 600); // challenged as 5, registered as 6
        Device.CSeq = cseq;
        var answer = Device.Request($"Contact: <sip:new@192.0.2.77>;expires=600, {Phone};expires=0\r\n");
        Assert.Equal("SIP/2.0 500 CSeq Is Not Above The Last One", answer.StatusLine);
        Assert.Equal("sip:alice@192.0.2.10:40000", Harness.Bindings(Alice).Single().Contact);
    }

    [Fact]
    public void REG_17_AnotherCallId_UpdatesWhateverItsCSeq()
    {
        Device.CSeq = 100;
        Device.Register(Phone, 600);
        var other = NewDevice();
        Assert.Equal([$"{Phone};expires=900"], other.Register(Phone, 900).Contacts);
    }

    [Fact]
    public void REG_18_JournalFailure_Gets503_AndLeavesTheOldSet_AtEachRequest()
    {
        Device.Register(Phone, 600);
        for (var failure = 1; failure <= 3; failure++)
        {
            Harness.Journal.FailAt = Harness.Journal.Appends + 1;
            var answer = Device.Request($"Contact: <sip:x{failure}@192.0.2.50>, {Phone};expires=0\r\n");
            Assert.Equal(503, answer.Status);
            Assert.NotNull(answer.One("Retry-After"));
            Assert.Equal("sip:alice@192.0.2.10:40000", Harness.Bindings(Alice).Single().Contact);
        }

        Assert.Equal(200, Device.Register(Phone, 600).Status);
    }

    [Fact]
    public void REG_18_RepeatAfterAFailedWrite_IsProcessedAnew()
    {
        Device.Register(Phone, 600);
        Harness.Journal.FailAt = Harness.Journal.Appends + 1;
        Assert.Equal(503, Device.Request("Contact: <sip:second@192.0.2.50>\r\n").Status);
        Assert.Equal(200, Device.Repeat().Status);
        Assert.Equal(2, Harness.Bindings(Alice).Count);
    }

    [Fact]
    public void REG_27_BindingDiesAtItsTime_AndAStepOfTheWallClockChangesNothing()
    {
        Device.Register(Phone, 100);
        Harness.Time.WallStep = TimeSpan.FromHours(5);
        Assert.Single(Harness.Bindings(Alice));
        Harness.Time.WallStep = TimeSpan.FromHours(-9);
        Assert.Single(Harness.Bindings(Alice));
        Harness.Time.Advance(TimeSpan.FromSeconds(100));
        Assert.Empty(Harness.Bindings(Alice));
        Assert.Equal(1, Harness.Locations.Sweep());
    }

    [Fact]
    public void REG_28_NewSourceAddress_RoutingFollowsTheNewest()
    {
        Device.Register(Phone);
        Device.Flow = RegistrarHarness.Flow("198.51.100.7:1234");
        Device.Register(Phone);
        Assert.Equal("198.51.100.7:1234", Harness.Bindings(Alice).Single().Flow.Source.ToString());
    }

    [Fact]
    public void REG_29_ConnectionThatEnds_KeepsTheBinding_ListedAsUnreachable()
    {
        Harness.Flows.OpenConnections.Add(7);
        Device.Flow = RegistrarHarness.Flow(transport: SipTransport.Tcp, connection: 7);
        Device.Register(Phone, 600);
        Assert.True(Harness.Bindings(Alice).Single().Reachable);
        Assert.Equal(600, Assert.Single(Harness.Flows.Kept).Lifetime.TotalSeconds, 1);
        Harness.Flows.OpenConnections.Clear();
        Assert.False(Harness.Bindings(Alice).Single().Reachable);
    }

    [Fact]
    public void REG_30_SameContactWithOtherInstance_StaysApart()
    {
        NewDevice("192.0.2.10:1000").Register("<sip:alice@10.0.0.2>;+sip.instance=\"<urn:uuid:a>\"");
        NewDevice("198.51.100.10:2000").Register("<sip:alice@10.0.0.2>;+sip.instance=\"<urn:uuid:b>\"");
        Assert.Equal(["192.0.2.10:1000", "198.51.100.10:2000"], Harness.Bindings(Alice).Select(b => b.Flow.Source.ToString()));
    }

    [Fact]
    public void REG_31_ToTag_IsReturnedAndOtherwiseIgnored()
    {
        Device.Register(Phone);
        var message = Device.Build("").Replace($"To: <sip:alice@{Realm}>", $"To: <sip:alice@{Realm}>;tag=mine", StringComparison.Ordinal);
        var answer = Harness.Send(message, Device.Flow);
        Assert.Equal(200, answer!.Status);
        Assert.Equal($"<sip:alice@{Realm}>;tag=mine", answer.One("To"));
    }

    [Fact]
    public void REG_34_SameUserNameInTwoRealms_SeesOnlyItsOwn()
    {
        var otherRealm = Harness.AddRealm("branch");
        Harness.AddCredential(otherRealm, "alice", "secret");
        Device.Register(Phone);
        var other = new ScriptedDevice(Harness, otherRealm, "alice", "secret");
        Assert.Equal(["<sip:alice@192.0.2.66>;expires=3600"], other.Register("<sip:alice@192.0.2.66>").Contacts);
        Assert.Equal([$"{Phone};expires=3600"], Device.Request("").Contacts);
    }
}
