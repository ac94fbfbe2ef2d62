using System.Net;
using Sipstead.Sip.Transport;
using Sipstead.Testing.Sip;
using Sipstead.Voice.Calls;
using Sipstead.Voice.Tests.Harness;

namespace Sipstead.Voice.Tests.Calls;

/// <summary>Who calls, and what is believed of what a device says (docs/calls.md, From and to; RFC 3325).</summary>
public sealed class CallerIdentityTests : VoiceTest
{
    private const string Forged = "P-Asserted-Identity: <sip:+12025550999@bank.example>\r\nP-Preferred-Identity: <sip:+12025550998@bank.example>\r\n"
        + "Remote-Party-ID: <sip:+12025550997@bank.example>;party=calling\r\nP-Charge-Info: <sip:+12025550996@bank.example>\r\n"
        + "X-Account: 12025550995@bank.example\r\nPath: <sip:bank.example;lr>\r\nService-Route: <sip:bank.example;lr>\r\n";

    private ScriptedPhone _alice = null!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _alice = Voice.AddPhone();
    }

    private string Number => $"sip:+12025550111@{Voice.Realm}";

    [Theory]
    [InlineData("\"Bank\" <sip:+12025550999@bank.example>")]
    [InlineData("<sip:bob@{0}>")]
    [InlineData("\"Anonymous\" <sip:anonymous@anonymous.invalid>")]
    [InlineData("<sip:911@{0};user=phone>")]
    [InlineData("<sip:alice;x=1@{0}>")]
    public async Task AUTH_23_WhoCalls_IsTheUserThatAuthenticated_WhateverFromSays(string from)
    {
        Voice.Catcher.AnswerBxml("/initiate", Waiting);
        Voice.AddUser("bob", Voice.Application.Id);
        _alice.Call(Number, from: string.Format(System.Globalization.CultureInfo.InvariantCulture, from, Voice.Realm));
        Assert.Equal($"sip:alice@{Voice.Realm}", (await Voice.ExpectAsync("initiate"))["from"]);
        Assert.Equal($"sip:alice@{Voice.Realm}", (await Voice.InboundAsync()).State.From);
    }

    [Fact]
    public async Task S_49_IdentityThatADeviceAsserts_IsBelievedNowhere()
    {
        _alice.Call(Number, Forged, from: "\"Bank\" <sip:+12025550999@bank.example>");
        var initiate = await Voice.ExpectAsync("initiate");
        Assert.Equal($"sip:alice@{Voice.Realm}", initiate["from"]);
        Assert.DoesNotContain("bank", initiate.Text, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("<sip:alice@x><sip:bob@x>")]
    [InlineData("<sip:ali\0ce@x>")]
    [InlineData("sip:alice@x>")]
    public void S_49_FromThatCannotBeRead_IsRefused(string from)
    {
        Assert.Equal(400, _alice.Call(Number, from: from).Refusal?.Status);
        Assert.Empty(Voice.Registry.Live());
    }

    [Fact]
    public async Task S_31_HeadersOfATrustedNetwork_FromADevice_GoNoFurther()
    {
        var invite = await PassedOnAsync(Forged);
        Assert.DoesNotContain("bank", invite.Text, StringComparison.OrdinalIgnoreCase);
        Assert.Equal($"<sip:+12025550100@{Voice.Realm}>", invite.One("P-Asserted-Identity"));
        foreach (var name in new[] { "P-Preferred-Identity", "Remote-Party-ID", "P-Charge-Info", "X-Account", "Path", "Service-Route", "Route" }) Assert.False(invite.Has(name));
    }

    [Fact]
    public async Task HIST_02_Privacy_TakesTheIdentityAway_AlsoOfACallThatIsPassedOn()
    {
        var invite = await PassedOnAsync("Privacy: id\r\n");
        Assert.Equal("id", invite.One("Privacy"));
        Assert.False(invite.Has("P-Asserted-Identity"));
        Assert.StartsWith("\"Anonymous\" <sip:anonymous@anonymous.invalid>;tag=", invite.One("From"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task HIST_03_AnonymousCall_PassesOnlyWithCredentials()
    {
        const string anonymous = "\"Anonymous\" <sip:anonymous@anonymous.invalid>";
        var stranger = Voice.NewPhone("mallory"); // there is no such user
        Assert.Equal(407, stranger.Call(Number, from: anonymous).Refusal?.Status);
        Assert.Empty(Voice.Registry.Live());
        Assert.Null(_alice.Call(Number, from: anonymous).Refusal);
        await Voice.ExpectAsync("initiate");
    }

    [Fact]
    public async Task HIST_04_IdentityWithACertificate_IsNotPassedOn_AndNothingIsFetchedForIt()
    {
        var placed = _alice.Call(Number, $"Identity: eyJhbGciOiJFUzI1NiJ9..c2ln;info=<{Voice.Catcher.Url("/certificate")}>;alg=ES256;ppt=shaken\r\n");
        Assert.False((await PassOnAsync(placed)).Has("Identity"));
        await Voice.ExpectAsync("initiate"); // comes after whatever the INVITE alone would have caused
        Assert.DoesNotContain(Voice.Catcher.Requests, request => request.Path == "/certificate");
    }

    [Fact]
    public void S_50_CallThatNothingVouchesFor_IsChallenged_NotGivenToAnybody()
    {
        var stranger = Voice.NewPhone("mallory");
        Assert.Equal(407, stranger.Call(Number, Forged, from: $"<sip:alice@{Voice.Realm}>").Refusal?.Status);
        Assert.Equal(404, stranger.Call("sip:+12025550111@elsewhere.example").Refusal?.Status);

        // Not even from the address of a device that is registered: it is the digest that counts.
        var neighbour = new ScriptedPhone(Voice, Voice.Realm, "mallory", _alice.Flow);
        Assert.Equal(407, neighbour.Call(Number).Refusal?.Status);
        Assert.Empty(Voice.Registry.Live());
    }

    [Fact]
    public async Task S_12_RequestOfACall_FromAnotherAddress_MovesNoBinding()
    {
        var (call, invite) = await Voice.EstablishAsync(_alice, Waiting);
        var before = Binding();
        var elsewhere = _alice.Flow with { Source = new TransportAddress(new IPEndPoint(IPAddress.Parse("203.0.113.7"), 5062)) };
        var contact = "Contact: <sip:alice@203.0.113.7:5062>\r\n";
        _alice.SendInDialog(invite, "OPTIONS", headers: contact, from: elsewhere);
        _alice.SendInDialog(invite, "UPDATE", headers: contact, from: elsewhere);
        _alice.SendInDialog(invite, "INFO", "5", contact + "Content-Type: application/dtmf\r\n", elsewhere);
        Voice.Deliver(
            new RequestText { Method = "OPTIONS", Uri = $"sip:{Voice.Realm}", From = $"<sip:alice@{Voice.Realm}>;tag=1", Headers = contact }.ToString(), elsewhere);
        await VoiceHarness.SettleAsync(call);
        Assert.Equal(before, Binding());
        await call.CompleteAsync();
        Voice.Create();
        await _alice.ExpectAsync("INVITE"); // by the address that it registered from
    }

    [Fact]
    public async Task HIST_01_CallThatIsPassedOn_TellsWhereItHasBeen_InOrder_WithOneHopLess()
    {
        var invite = await PassedOnAsync(
            "Diversion: <sip:+12025550122@x>;reason=user-busy, <sip:+12025550133@x>;reason=unknown\r\nHistory-Info: <sip:old@x>;index=1\r\n"
            + "History-Info: <sip:new@x>;index=1.1;rc=1\r\nUser-To-User: 00ff;encoding=hex\r\n");
        Assert.Equal(["<sip:+12025550122@x>;reason=user-busy", "<sip:+12025550133@x>;reason=unknown"], invite.All("Diversion"));
        Assert.Equal(
            [
                "<sip:old@x>;index=1", "<sip:new@x>;index=1.1;rc=1", $"<sip:bob@{Voice.Realm}>;index=1.1.1;mp=1.1",
                $"<{invite.Uri}>;index=1.1.1.1;rc=1.1.1",
            ], invite.All("History-Info"));
        Assert.Equal(["00ff;encoding=hex"], invite.All("User-To-User"));
        Assert.Equal("69", invite.One("Max-Forwards"));
    }

    [Fact]
    public async Task DLG_12_LegsOfACallThatIsPassedOn_ShareNothing()
    {
        var placed = _alice.Call(Number);
        var invite = await PassOnAsync(placed);
        var ringing = await _alice.ExpectAsync("100 INVITE");
        Assert.NotEqual(placed.Invite.One("Call-ID"), invite.One("Call-ID"));
        Assert.NotEqual(placed.Invite.FromTag, invite.FromTag);
        Assert.Single(invite.All("Via"));
        Assert.NotEqual(placed.Invite.Branch, invite.Branch);
        Assert.False(invite.Has("Record-Route"));
        Assert.DoesNotContain(_alice.Address, invite.One("Contact"), StringComparison.Ordinal);
        Assert.False(invite.Has("Proxy-Authorization"));
        Assert.False(ringing.Has("Record-Route"));
    }

    [Fact]
    public async Task DLG_12_CallWithoutHopsLeft_IsNotPassedOn()
    {
        var bob = Voice.AddPhone("bob");
        var call = Voice.Create(Voice.Wish($"sip:bob@{Voice.Realm}") with { PassedOn = Brought("X: y\r\n", maxForwards: 0) });
        Assert.Equal("error", (await VoiceHarness.EndOfAsync(call)).DisconnectCause);
        Assert.Equal("483", (await Voice.ExpectAsync("disconnect"))["sipResponseCode"]);
        Assert.Empty(bob.Kinds);
    }

    private string Binding() => string.Join(" | ", Voice.Registrar.Find(CredentialOf("alice")).Select(binding => $"{binding.Contact} {binding.Flow}"));

    private long CredentialOf(string user)
    {
        Assert.True(Voice.View.Realms.TryFind(System.Text.Encoding.ASCII.GetBytes(Voice.Realm), out var realm));
        Assert.True(Voice.View.Credentials.TryFind(realm.Id, System.Text.Encoding.ASCII.GetBytes(user), out var credential));
        return credential.Id;
    }

    private Task<MessageText> PassedOnAsync(string headers) => PassOnAsync(_alice.Call(Number, headers));

    /// <summary>Calls bob on behalf of a call of alice, with what her INVITE brought; returns what bob's phone gets.</summary>
    private async Task<MessageText> PassOnAsync(PlacedCall placed)
    {
        Assert.Null(placed.Refusal);
        var bob = Voice.AddPhone("bob");
        Voice.Create(Voice.Wish($"sip:bob@{Voice.Realm}") with { PassedOn = InviteHeaders.Read(ParsedMessage.Datagram(placed.Invite.Text)) });
        return await bob.ExpectAsync("INVITE");
    }

    private static InviteHeaders Brought(string headers, int maxForwards) => InviteHeaders.Read(ParsedMessage.Datagram(
        SessionHarness.PeerInvite(headers).Replace("Max-Forwards: 70", $"Max-Forwards: {maxForwards}", StringComparison.Ordinal)));
}
