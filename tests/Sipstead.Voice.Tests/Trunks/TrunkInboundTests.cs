using Sipstead.Voice.Tests.Harness;

namespace Sipstead.Voice.Tests.Trunks;

/// <summary>Calls that come in by trunks (ruling 27): who may, whom they reach, and who is shown as the caller.</summary>
public sealed class TrunkInboundTests : TrunkTest
{
    private const string Host = "192.0.2.1"; // how the trunk names us
    private const string Caller = "<sip:+12025550199@carrier.example>";

    private ScriptedPhone _carrier = null!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _carrier = Voice.CarrierAt("127.0.0.1");
        Voice.Catcher.AnswerBxml("/initiate", Waiting);
    }

    [Fact]
    public async Task Call_ReachesTheApplicationOfItsRoute_WithoutADigest()
    {
        Listen();
        var placed = _carrier.Call($"sip:{Number}@{Host}", from: Caller);
        Assert.Null(placed.Refusal);
        var initiate = await Voice.ExpectAsync("initiate");
        Assert.Equal(("+12025550199", Number, "inbound"), (initiate["from"], initiate["to"], initiate["direction"]));
        Assert.Equal((VoiceHarness.Account.ToString(System.Globalization.CultureInfo.InvariantCulture), Voice.Application.Id.ToString()), (initiate["accountId"], initiate["applicationId"]));
        Assert.Null(initiate["stirShaken"]);
        var call = await Voice.InboundAsync();
        var response = await placed.ConfirmAsync();
        Assert.Equal("carrier 7", Assert.Single(call.Legs.All).Trunk);
        Assert.Equal(1, Voice.Meters["sipstead.voice.trunk.calls 7"]);
        Assert.NotEmpty(Voice.Directory.Find(VoiceHarness.Account, call.Id)!.Trace);

        placed.SendInDialog(response, "INVITE", ScriptedPhone.Sdp()); // goes by its dialog
        placed.Acknowledge(await placed.ExpectAsync(200));
        placed.SendInDialog(response, "BYE");
        Assert.Equal("hangup", (await VoiceHarness.EndOfAsync(call)).DisconnectCause);
        await Voice.ExpectAsync("disconnect");
    }

    [Theory]
    [InlineData("+12025550123", "+12025550123")]
    [InlineData("2025550123", "+12025550123")]
    [InlineData("12025550123", "+12025550123")]
    [InlineData("%2B12025550123", "+12025550123")]
    [InlineData("+12025550123;npdi=yes", "+12025550123")]
    [InlineData("9123", "sip:9123@192.0.2.1")]
    public async Task DialledNumber_IsE164_WhereItIsOne(string user, string to)
    {
        Listen(("+1202*", Voice.Application.Id, null), ("9123", Voice.Application.Id, null));
        Assert.Null(_carrier.Call($"sip:{user}@{Host};user=phone", from: Caller).Refusal);
        Assert.Equal(to, (await Voice.ExpectAsync("initiate"))["to"]);
    }

    [Theory]
    [InlineData("", Caller, "+12025550199")]
    [InlineData("", "\"X\" <sip:2025550199@carrier.example;user=phone>", "+12025550199")]
    [InlineData("", "<tel:+1-202-555-0199;verstat=No-TN-Validation>", "+12025550199")]
    [InlineData("", "<sip:alice@carrier.example;x=y>", "sip:alice@carrier.example")]
    [InlineData("P-Asserted-Identity: \"A, B\" <sip:+12025550177@c>\r\n", Caller, "+12025550177")]
    [InlineData("P-Asserted-Identity: <sip:bob@c>, <tel:+12025550177>\r\n", Caller, "+12025550177")]
    [InlineData("P-Asserted-Identity: <sip:bob@c>\r\n", Caller, "sip:bob@c")]
    [InlineData("P-Asserted-Identity: <>\r\n", Caller, "+12025550199")]
    [InlineData("P-Asserted-Identity: <sip:+12025550177@c>\r\n", "\"Anonymous\" <sip:anonymous@anonymous.invalid>", "+12025550177")]
    [InlineData("P-Asserted-Identity: <sip:+12025550177@c>\r\nPrivacy: id\r\n", "\"Anonymous\" <sip:anonymous@anonymous.invalid>", "Restricted")]
    [InlineData("Privacy: user;critical\r\n", Caller, "Restricted")]
    [InlineData("Privacy: none\r\n", Caller, "+12025550199")]
    [InlineData("", "\"Anonymous\" <sip:anonymous@anonymous.invalid>", "Anonymous")]
    [InlineData("", "<sip:Anonymous@carrier.example>", "Anonymous")]
    [InlineData("", "<sip:carrier.example>", "Unavailable")]
    [InlineData("P-Preferred-Identity: <sip:+12025550177@c>\r\nRemote-Party-ID: <sip:+12025550178@c>\r\n", Caller, "+12025550199")]
    public async Task WhoCalls_IsWhatTheTrunkAsserts(string headers, string from, string expected)
    {
        Listen();
        Assert.Null(_carrier.Call($"sip:{Number}@{Host}", headers, from: from).Refusal);
        Assert.Equal(expected, (await Voice.ExpectAsync("initiate"))["from"]);
    }

    [Theory]
    [InlineData("P-Asserted-Identity: <sip:+12025550199;verstat=TN-Validation-Passed@c;user=phone>\r\nP-Attestation-Indicator: A\r\nP-Origination-ID: 1-2-3\r\n", "TN-Validation-Passed", "A", "1-2-3")]
    [InlineData("P-Asserted-Identity: <sip:+12025550199@c;verstat=TN-Validation-Failed>\r\n", "TN-Validation-Failed", null, null)]
    [InlineData("P-Asserted-Identity: <tel:+12025550199;verstat=No-TN-Validation>\r\n", "No-TN-Validation", null, null)]
    [InlineData("P-Attestation-Indicator: C\r\n", null, "C", null)]
    public async Task StirShaken_IsToldAsTheTrunkSaysIt(string headers, string? verification, string? attestation, string? origin)
    {
        Listen();
        _carrier.Call($"sip:{Number}@{Host}", headers, from: Caller);
        var initiate = await Voice.ExpectAsync("initiate");
        Assert.Equal("+12025550199", initiate["from"]);
        var told = initiate.Json.GetProperty("stirShaken");
        Assert.Equal((verification, attestation, origin), (Text("verstat"), Text("attestationIndicator"), Text("originatingId")));

        string? Text(string name) => told.TryGetProperty(name, out var value) ? value.GetString() : null;
    }

    [Theory]
    [InlineData("Identity", 40, true)]
    [InlineData("y", 2048, true)]
    [InlineData("Identity", 2049, false)]
    public async Task SignedIdentity_IsToldAsItCame_UnlessItIsTooLong(string name, int length, bool isTold)
    {
        Listen();
        var token = new string('t', length - 14) + ";info=<http:/>";
        Assert.Null(_carrier.Call($"sip:{Number}@{Host}", $"{name}: {token}\r\n", from: Caller).Refusal);
        Assert.Equal(isTold ? token : null, (await Voice.ExpectAsync("initiate"))["identity"]);
    }

    [Fact]
    public async Task S_31_StirShakenOfADevice_IsNotBelieved()
    {
        Voice.AddPhone().Call($"sip:{Number}@{Voice.Realm}", "P-Attestation-Indicator: A\r\nIdentity: token\r\nP-Asserted-Identity: <sip:+12025550199;verstat=TN-Validation-Passed@c>\r\n");
        var initiate = await Voice.ExpectAsync("initiate");
        Assert.Equal((null, null), (initiate["stirShaken"], initiate["identity"]));
    }

    [Fact]
    public async Task DiversionAndUserToUser_AreToldAsThoseOfDevices()
    {
        Listen();
        _carrier.Call($"sip:{Number}@{Host}", "Diversion: <sip:+12025550155@c>;reason=no-answer\r\nUser-To-User: abc;encoding=hex\r\n", from: Caller);
        var initiate = await Voice.ExpectAsync("initiate");
        Assert.Equal("abc;encoding=hex", initiate["uui"]);
        Assert.Equal("+12025550155", initiate.Json.GetProperty("diversion").GetProperty("origTo").GetString());
    }

    [Fact]
    public async Task NumberOfTheAccount_ReachesTheApplicationOfItsLocation()
    {
        Listen([]);
        Assert.Equal(404, _carrier.Call($"sip:{Number}@{Host}", from: Caller).Refusal?.Status);
        Voice.View.SetNumbers(VoiceHarness.Account, 5, [Number]);
        Voice.View.SetLocation(VoiceHarness.Account, 5, Voice.Application.Id);
        Assert.Null(_carrier.Call($"sip:{Number}@{Host}", from: Caller).Refusal);
        await Voice.ExpectAsync("initiate");
    }

    [Fact]
    public void NumberOfAnotherAccount_IsNotFound()
    {
        Listen([]);
        Voice.View.SetNumbers(VoiceHarness.OtherAccount, 5, [Number]);
        Voice.View.SetLocation(VoiceHarness.OtherAccount, 5, Voice.AddApplication(VoiceHarness.OtherAccount).Id);
        Assert.Equal(404, _carrier.Call($"sip:{Number}@{Host}", from: Caller).Refusal?.Status);
        Assert.Empty(Voice.Registry.Live());
    }

    [Theory]
    [InlineData("sip:+442079460000@192.0.2.1")]
    [InlineData("sip:alice@192.0.2.1")]
    [InlineData("sip:192.0.2.1")]
    [InlineData("sip:%00@192.0.2.1")]
    public void WhatNoRouteTakes_IsNotFound(string uri)
    {
        Listen();
        Assert.Equal(404, _carrier.Call(uri, from: Caller).Refusal?.Status);
        Assert.Empty(Voice.Registry.Live());
    }

    [Theory]
    [InlineData("127.0.0.2")]
    [InlineData("198.51.100.1")]
    [InlineData("::1")]
    public void S_50_InviteFromAnotherAddress_GetsNoCall(string address)
    {
        Listen();
        var stranger = Voice.CarrierAt(address);
        var headers = "P-Asserted-Identity: <sip:+12025550177@c>\r\nVia: SIP/2.0/UDP 127.0.0.1:5060;branch=z9hG4bKx;received=127.0.0.1\r\n"
            + "X-Forwarded-For: 127.0.0.1\r\nRecord-Route: <sip:127.0.0.1;lr>\r\n";
        Assert.Equal(404, stranger.Call($"sip:{Number}@{Host}", headers, from: Caller).Refusal?.Status);
        Assert.Empty(Voice.Registry.Live());
        Assert.Equal(0, Voice.Meters["sipstead.voice.trunk.calls 7"]);
    }

    [Fact]
    public async Task S_50_DisabledTrunk_TakesNoCall()
    {
        Voice.View.SetTrunk(Entry(7, VoiceHarness.Account, "carrier.example", null, sources: ["127.0.0.1/32"], routes: [("*", Voice.Application.Id, null)], isEnabled: false));
        Assert.Equal(404, _carrier.Call($"sip:{Number}@{Host}", from: Caller).Refusal?.Status);
        Listen();
        Assert.Null(_carrier.Call($"sip:{Number}@{Host}", from: Caller).Refusal);
        await Voice.ExpectAsync("initiate");
    }

    [Fact]
    public async Task InviteForARealm_NeedsADigest_FromATrunksAddressToo()
    {
        Listen();
        Assert.Equal(407, _carrier.Call($"sip:{Number}@{Voice.Realm}", from: Caller).Refusal?.Status);
        Assert.Empty(Voice.Registry.Live());
        var alice = Voice.AddPhone(); // at the trunk's address
        Assert.Null(alice.Call($"sip:{Number}@{Voice.Realm}").Refusal);
        Assert.Equal($"sip:alice@{Voice.Realm}", (await Voice.ExpectAsync("initiate"))["from"]);
    }

    [Fact]
    public async Task ApplicationThatIsGone_Is480()
    {
        Listen(("*", Guid.NewGuid(), null));
        var placed = _carrier.Call($"sip:{Number}@{Host}", from: Caller);
        await placed.ExpectAsync(480);
        Assert.DoesNotContain(Voice.Catcher.Requests, request => request.EventType == "initiate");
        await Voice.UntilNoMediaAsync();
    }

    [Fact]
    public async Task CallIsCancelled()
    {
        Listen();
        Voice.Catcher.AnswerBxml("/initiate", "<Response><Ring answerCall=\"false\" duration=\"60\"/></Response>");
        var placed = _carrier.Call($"sip:{Number}@{Host}", from: Caller);
        await placed.ExpectAsync(180);
        var call = await Voice.InboundAsync();
        placed.Cancel();
        await placed.ExpectAsync(487);
        Assert.Equal("cancel", (await VoiceHarness.EndOfAsync(call)).DisconnectCause);
    }

    private void Listen(params (string Pattern, Guid? Application, long? Location)[] routes) =>
        Voice.View.SetTrunk(Entry(7, VoiceHarness.Account, "carrier.example", null, sources: ["127.0.0.1/32"], routes: routes));

    private void Listen() => Listen(("+1202*", Voice.Application.Id, null));
}
