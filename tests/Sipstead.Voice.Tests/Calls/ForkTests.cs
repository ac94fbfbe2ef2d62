using Sipstead.Sip.Transport;
using Sipstead.Voice.Calls;
using Sipstead.Voice.Tests.Harness;

namespace Sipstead.Voice.Tests.Calls;

/// <summary>Several devices of one user (ruling 14).</summary>
public sealed class ForkTests : VoiceTest
{
    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        Voice.AddUser("alice", null);
        Voice.Catcher.AnswerBxml("/answer", Waiting);
    }

    [Fact]
    public async Task PRX_04_EqualQ_AllRingAndTheWinnerCancelsTheOthers()
    {
        var (desk, cell) = (Register(), Register());
        var call = Voice.Create();
        var (atDesk, atCell) = (await desk.ExpectAsync("INVITE"), await cell.ExpectAsync("INVITE"));
        Assert.NotEqual(atDesk.One("Call-ID"), atCell.One("Call-ID"));
        desk.Ring(atDesk);
        cell.Ring(atCell);

        await cell.AcceptAsync(atCell);

        await desk.ExpectAsync("CANCEL");
        Assert.Equal(atCell.One("Call-ID"), (await Voice.ExpectAsync("answer"))["sipCallId"]);
        desk.Answer(atDesk, 486); // as late as it comes
        await VoiceHarness.SettleAsync(call);
        Assert.Equal(CallPhase.Answered, call.State.Phase);
        Assert.Equal(1, Voice.Media.OpenSessions);
    }

    [Fact]
    public async Task PRX_04_LowerQ_RingsWhenAllOfTheHigherHaveFailed()
    {
        var (first, second, last) = (Register(";q=0.9"), Register(";q=0.9"), Register(";q=0.1"));
        var call = Voice.Create();
        var (one, two) = (await first.ExpectAsync("INVITE"), await second.ExpectAsync("INVITE"));

        first.Answer(one, 486);
        await VoiceHarness.SettleAsync(call);
        Assert.DoesNotContain("INVITE", last.Kinds);
        second.Answer(two, 404);

        await last.AcceptAsync(await last.ExpectAsync("INVITE"));
        await Voice.ExpectAsync("answer");
    }

    [Fact]
    public async Task PRX_06_AllFail_TheBestAnswerDecides()
    {
        var phones = new[] { Register(), Register(), Register(";q=0.5") };
        var call = Voice.Create();
        phones[0].Answer(await phones[0].ExpectAsync("INVITE"), 503);
        phones[1].Answer(await phones[1].ExpectAsync("INVITE"), 486);
        phones[2].Answer(await phones[2].ExpectAsync("INVITE"), 404);

        var disconnect = await Voice.ExpectAsync("disconnect");

        Assert.Equal(("busy", "486"), (disconnect["cause"], disconnect["sipResponseCode"]));
        Assert.Equal("busy", call.State.DisconnectCause);
    }

    [Fact]
    public async Task PRX_06_GlobalFailure_StopsAllAndTriesNoMore()
    {
        var (desk, cell, last) = (Register(), Register(), Register(";q=0.1"));
        Voice.Create();
        cell.Ring(await cell.ExpectAsync("INVITE"));

        desk.Answer(await desk.ExpectAsync("INVITE"), 603);

        await cell.ExpectAsync("CANCEL");
        var disconnect = await Voice.ExpectAsync("disconnect");
        Assert.Equal(("rejected", "603"), (disconnect["cause"], disconnect["sipResponseCode"]));
        Assert.DoesNotContain("INVITE", last.Kinds);
    }

    [Fact]
    public async Task PRX_06_GlobalFailureAfterTheAnswer_ChangesNothing()
    {
        var (desk, cell) = (Register(), Register());
        var call = Voice.Create();
        var atDesk = await desk.ExpectAsync("INVITE");
        await cell.AcceptAsync(await cell.ExpectAsync("INVITE"));
        await Voice.ExpectAsync("answer");

        desk.Answer(atDesk, 603);

        await VoiceHarness.SettleAsync(call);
        Assert.Equal(CallPhase.Answered, call.State.Phase);
    }

    [Fact]
    public async Task DLG_06_TwoAnswersAtOnce_TheSecondGetsAckAndBye()
    {
        var (desk, cell) = (Register(), Register());
        desk.IsDumb = true;
        var call = Voice.Create();
        var (atDesk, atCell) = (await desk.ExpectAsync("INVITE"), await cell.ExpectAsync("INVITE"));

        cell.Answer(atCell, 200, body: ScriptedPhone.Sdp());
        desk.Answer(atDesk, 200, body: ScriptedPhone.Sdp());

        await desk.ExpectAsync("ACK");
        await desk.ExpectAsync("BYE");
        await cell.ExpectAsync("ACK");
        await Voice.ExpectAsync("answer");
        await VoiceHarness.SettleAsync(call);
        Assert.Equal(CallPhase.Answered, call.State.Phase);
        Assert.DoesNotContain("BYE", cell.Kinds);
    }

    [Fact]
    public async Task DeadDevice_DoesNotFailTheCall()
    {
        var dead = Register(transport: SipTransport.Tcp);
        var alive = Register();
        dead.RefusesToTake = true;
        Voice.Create();

        await alive.AcceptAsync(await alive.ExpectAsync("INVITE"));

        await Voice.ExpectAsync("answer");
    }

    [Fact]
    public async Task DeviceOutOfReach_IsSkipped()
    {
        var gone = Register(transport: SipTransport.Tcp);
        var lower = Register(";q=0.1");
        gone.IsConnected = false;
        Voice.Create();

        await lower.AcceptAsync(await lower.ExpectAsync("INVITE"));

        await Voice.ExpectAsync("answer");
    }

    [Theory]
    [InlineData(408)]
    [InlineData(430)]
    [InlineData(503)]
    public async Task PRX_07_FlowThatFails_IsFollowedByTheNextOfTheInstance(int status)
    {
        const string instance = ";+sip.instance=\"<urn:uuid:00000000-0000-1000-8000-000A95A0E128>\"";
        var older = Register($"{instance};reg-id=1", headers: "Supported: outbound\r\n");
        var newer = Register($"{instance};reg-id=2", headers: "Supported: outbound\r\n");
        Voice.Create();
        var invite = await newer.ExpectAsync("INVITE");
        Assert.DoesNotContain("INVITE", older.Kinds);

        newer.Answer(invite, status);

        await older.AcceptAsync(await older.ExpectAsync("INVITE"));
        await Voice.ExpectAsync("answer");
    }

    [Fact]
    public async Task PRX_07_DeviceThatIsBusy_IsNotTriedByAnotherFlow()
    {
        const string instance = ";+sip.instance=\"<urn:uuid:00000000-0000-1000-8000-000A95A0E128>\"";
        var older = Register($"{instance};reg-id=1", headers: "Supported: outbound\r\n");
        var newer = Register($"{instance};reg-id=2", headers: "Supported: outbound\r\n");
        Voice.Create();

        newer.Answer(await newer.ExpectAsync("INVITE"), 486);

        Assert.Equal("busy", (await Voice.ExpectAsync("disconnect"))["cause"]);
        Assert.DoesNotContain("INVITE", older.Kinds);
    }

    [Fact]
    public async Task Timeout_CancelsAll()
    {
        var (desk, cell) = (Register(), Register());
        var call = Voice.Create(Voice.Wish() with { CallTimeout = TimeSpan.FromSeconds(2) });
        desk.Ring(await desk.ExpectAsync("INVITE"));
        cell.Ring(await cell.ExpectAsync("INVITE"));
        await VoiceHarness.SettleAsync(call);

        Voice.Advance(2.2);

        await desk.ExpectAsync("CANCEL");
        await cell.ExpectAsync("CANCEL");
        Assert.Equal("timeout", (await Voice.ExpectAsync("disconnect"))["cause"]);
        await Voice.UntilNoMediaAsync();
    }

    [Fact]
    public async Task PRX_07_SilentDevice_DoesNotKeepThoseOfLowerQFromRinging()
    {
        var silent = Register();
        var lower = Register(";q=0.1");
        var call = Voice.Create();
        var first = await silent.ExpectAsync("INVITE");

        Voice.Advance(9.9);
        await VoiceHarness.SettleAsync(call);
        Assert.DoesNotContain("INVITE", lower.Kinds);
        Voice.Advance(0.2);

        var second = await lower.ExpectAsync("INVITE");
        await silent.AcceptAsync(first); // it is still wanted
        lower.Ring(second); // a CANCEL waits for a provisional response
        await lower.ExpectAsync("CANCEL");
        Assert.Equal(first.One("Call-ID"), (await Voice.ExpectAsync("answer"))["sipCallId"]);
    }

    [Fact]
    public async Task PRX_07_SilentFlow_IsGivenUpForTheNextOfTheInstance()
    {
        const string instance = ";+sip.instance=\"<urn:uuid:00000000-0000-1000-8000-000A95A0E128>\"";
        var older = Register($"{instance};reg-id=1", headers: "Supported: outbound\r\n");
        var newer = Register($"{instance};reg-id=2", headers: "Supported: outbound\r\n");
        var call = Voice.Create();
        var first = await newer.ExpectAsync("INVITE");

        Voice.Advance(10.1);

        var second = await older.ExpectAsync("INVITE");
        newer.Answer(first, 200, body: ScriptedPhone.Sdp()); // too late
        await newer.ExpectAsync("BYE");
        await older.AcceptAsync(second);
        Assert.Equal(second.One("Call-ID"), (await Voice.ExpectAsync("answer"))["sipCallId"]);
        Assert.Equal(CallPhase.Answered, call.State.Phase);
    }

    [Fact]
    public async Task RingingDevice_IsNotJoinedByThoseOfLowerQ()
    {
        var ringing = Register();
        var lower = Register(";q=0.1");
        var call = Voice.Create();
        ringing.Ring(await ringing.ExpectAsync("INVITE"));
        await VoiceHarness.SettleAsync(call);

        Voice.Advance(25);

        await VoiceHarness.SettleAsync(call);
        Assert.DoesNotContain("INVITE", lower.Kinds);
    }

    /// <summary>The 200 may come from another address of ours than the INVITE left from, where there are several.</summary>
    [Fact]
    public async Task AnswerOverAnotherWay_HasItsMedia()
    {
        var alice = Register();
        var call = Voice.Create();
        var invite = await alice.ExpectAsync("INVITE");
        var other = alice.Flow with { Local = new TransportAddress(System.Net.IPEndPoint.Parse("127.0.0.2:5060")) };

        Voice.Deliver(invite.Answer(200, "callee", $"Contact: <sip:alice@{alice.Address}>\r\nContent-Type: application/sdp\r\n", ScriptedPhone.Sdp()), other);

        await Voice.ExpectAsync("answer");
        Assert.Equal(CallPhase.Answered, call.State.Phase);
        Assert.True(await call.CompleteAsync());
        await Voice.UntilNoMediaAsync();
    }

    private ScriptedPhone Register(string parameters = "", SipTransport transport = SipTransport.Udp, string headers = "")
    {
        var phone = Voice.NewPhone("alice", transport);
        phone.Register(parameters, headers);
        return phone;
    }
}
