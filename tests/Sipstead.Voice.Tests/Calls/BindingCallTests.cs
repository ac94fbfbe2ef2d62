using Sipstead.Testing;
using Sipstead.Voice.Calls;
using Sipstead.Voice.Tests.Harness;

namespace Sipstead.Voice.Tests.Calls;

/// <summary>Calls to what Path, Outbound and GRUU make of bindings (RFC 3327 5.4, RFC 5626 5.3, RFC 5627 5.4).</summary>
public sealed class BindingCallTests : VoiceTest
{
    private const string DeskUrn = "urn:uuid:00000000-0000-1000-8000-00000000de5c";
    private const string MobileUrn = "urn:uuid:00000000-0000-1000-8000-000000000b11";
    private const string Extensions = "Supported: path, outbound, gruu\r\n";

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        Voice.AddUser("bob", null);
    }

    [Fact]
    public async Task PRX_05_PathOfABinding_IsTheRoute_OverTheFlowOfTheRegister()
    {
        var bob = Voice.NewPhone("bob");
        bob.RegisterContact("<sip:bob@10.1.2.3>", "Path: <sip:p1.example.net;lr>, <sip:p2.example.net;lr;ob>\r\n");
        Voice.Create(Voice.Wish(Bob()));

        var invite = await bob.ExpectAsync("INVITE");

        Assert.Equal(("sip:bob@10.1.2.3", "70"), (invite.Uri, invite.One("Max-Forwards")));
        Assert.Equal(["<sip:p1.example.net;lr>", "<sip:p2.example.net;lr;ob>"], invite.All("Route"));
    }

    [Fact]
    public async Task PRX_05_CancelAndAck_TakeTheRouteOfTheInvite()
    {
        var bob = Voice.NewPhone("bob");
        bob.RegisterContact("<sip:bob@10.1.2.3>", "Path: <sip:p1.example.net;lr>\r\n");
        var call = Voice.Create(Voice.Wish(Bob()));
        bob.Ring(await bob.ExpectAsync("INVITE"));
        await Poll.UntilAsync("the ringing to be known", () => Task.FromResult(call.Legs.All.Any(leg => leg.Status == 180)), Cancel);
        await call.CompleteAsync();

        Assert.Equal(["<sip:p1.example.net;lr>"], (await bob.ExpectAsync("CANCEL")).All("Route"));
        Assert.Equal(["<sip:p1.example.net;lr>"], (await bob.ExpectAsync("ACK")).All("Route"));
    }

    [Fact]
    public async Task OB_08_Answer430OfAProxy_EndsTheBinding_AndTheNextFlowRings()
    {
        var edge = Voice.NewPhone("bob");
        Register(edge, DeskUrn, 1, "Path: <sip:edge.example.net;lr;ob>\r\n");
        var direct = Voice.NewPhone("bob");
        Register(direct, DeskUrn, 2);
        Register(edge, DeskUrn, 1, "Path: <sip:edge.example.net;lr;ob>\r\n", seconds: 1); // the newest, so that it is tried first
        Voice.Create(Voice.Wish(Bob()));

        edge.Answer(await edge.ExpectAsync("INVITE"), 430);

        await direct.ExpectAsync("INVITE");
        Assert.Equal([2L], Voice.Registrar.Find(Voice.CredentialOf("bob")).Select(binding => binding.RegId!.Value));
    }

    [Fact]
    public async Task OB_08_Answer430OfTheDeviceItself_IsNoWordOnTheFlow()
    {
        var bob = Voice.NewPhone("bob");
        Register(bob, DeskUrn, 1);
        var call = Voice.Create(Voice.Wish(Bob()));

        bob.Answer(await bob.ExpectAsync("INVITE"), 430);

        await VoiceHarness.EndOfAsync(call);
        Assert.Single(Voice.Registrar.Find(Voice.CredentialOf("bob")));
    }

    [Fact]
    public async Task OB_04_FlowsOfOneInstance_RingOneAtATime_TheNextWhenOneFails()
    {
        var first = Voice.NewPhone("bob");
        var second = Voice.NewPhone("bob");
        Register(first, DeskUrn, 1);
        Register(second, DeskUrn, 2, seconds: 1);
        Voice.Create(Voice.Wish(Bob()));

        var invite = await second.ExpectAsync("INVITE");
        Assert.DoesNotContain("INVITE", first.Kinds);
        second.Answer(invite, 503);

        await first.ExpectAsync("INVITE");
    }

    [Fact]
    public async Task OB_10_PublicGruu_RingsThatDeviceAlone()
    {
        var (desk, mobile) = TwoDevices();
        Voice.Catcher.AnswerBxml("/answer", Waiting);
        var call = Voice.Create(Voice.Wish($"{Bob()};gr={MobileUrn}"));

        await mobile.AcceptAsync(await mobile.ExpectAsync("INVITE"));
        await VoiceHarness.UntilAsync(call, CallPhase.Answered);

        Assert.DoesNotContain("INVITE", desk.Kinds);
    }

    [Fact]
    public async Task OB_10_TemporaryGruu_RingsThatDeviceAlone_WhateverItsFlows()
    {
        var (desk, mobile) = TwoDevices();
        Register(mobile, MobileUrn, 2);
        Voice.Catcher.AnswerBxml("/answer", Waiting);
        var call = Voice.Create(Voice.Wish(TemporaryOf(mobile)));

        await mobile.AcceptAsync(await mobile.ExpectAsync("INVITE"));
        await VoiceHarness.UntilAsync(call, CallPhase.Answered);

        Assert.DoesNotContain("INVITE", desk.Kinds);
    }

    [Fact]
    public async Task OB_10_GruuOfADeviceThatIsOffline_EndsTheCall_ThoughOthersAreThere()
    {
        var (desk, _) = TwoDevices();
        var gruu = $"{Bob()};gr=urn:uuid:00000000-0000-1000-8000-0000000000ff";

        var end = await EndOfAsync(gruu);

        Assert.Equal(("error", $"The device {gruu} is not registered"), (end.DisconnectCause, end.ErrorMessage));
        Assert.DoesNotContain("INVITE", desk.Kinds);
    }

    [Theory]
    [InlineData("sip:nobody@{0};gr=urn:x:y", "{1}: there is no such user in the realm {0}")]
    [InlineData("sip:bob@{0};gr", "{1} is no temporary GRUU of this server, or the device has registered anew since")]
    [InlineData("sip:tgruu.00000000000000000000000000000000@{0};gr", "{1} is no temporary GRUU of this server, or the device has registered anew since")]
    public async Task OB_10_GruuThatNeverWas_EndsTheCall(string gruu, string message)
    {
        TwoDevices();
        var to = string.Format(System.Globalization.CultureInfo.InvariantCulture, gruu, Voice.Realm);
        var end = await EndOfAsync(to);
        Assert.Equal(("error", string.Format(System.Globalization.CultureInfo.InvariantCulture, message, Voice.Realm, to)), (end.DisconnectCause, end.ErrorMessage));
    }

    [Fact]
    public async Task OB_11_TemporaryGruuInAnotherRealm_LeadsNowhere()
    {
        var (_, mobile) = TwoDevices();
        var other = Voice.AddRealm("second", VoiceHarness.Account);
        var end = await EndOfAsync(TemporaryOf(mobile).Replace(Voice.Realm, other, StringComparison.Ordinal));
        Assert.Equal("error", end.DisconnectCause);
        Assert.DoesNotContain("INVITE", mobile.Kinds);
    }

    private string Bob() => $"sip:bob@{Voice.Realm}";

    private (ScriptedPhone Desk, ScriptedPhone Mobile) TwoDevices()
    {
        var (desk, mobile) = (Voice.NewPhone("bob"), Voice.NewPhone("bob"));
        Register(desk, DeskUrn, 1);
        Register(mobile, MobileUrn, 1);
        return (desk, mobile);
    }

    private void Register(ScriptedPhone phone, string urn, int regId, string headers = "", double seconds = 0)
    {
        Voice.Advance(seconds);
        phone.Register($";+sip.instance=\"<{urn}>\";reg-id={regId}", Extensions + headers);
    }

    private static string TemporaryOf(ScriptedPhone phone) =>
        phone.LastRegistration!.All("Contact").First(contact => contact.Contains(phone.Address, StringComparison.Ordinal)).Split("temp-gruu=\"")[1].Split('"')[0];

    private async Task<CallState> EndOfAsync(string to) => await VoiceHarness.EndOfAsync(Voice.Create(Voice.Wish(to)));
}
