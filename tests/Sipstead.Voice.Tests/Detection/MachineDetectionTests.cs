using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Sipstead.Media.Detection;
using Sipstead.Testing.Sip;
using Sipstead.Testing.Webhooks;
using Sipstead.Voice.Bxml;
using Sipstead.Voice.Calls;
using Sipstead.Voice.Detection;
using Sipstead.Voice.Tests.Harness;

namespace Sipstead.Voice.Tests.Detection;

/// <summary>Machine detection of createCall: when its result comes, and where it goes. The party's media is real, the call's time is the test's.</summary>
public sealed class MachineDetectionTests : VoiceTest
{
    private static readonly MachineRules Rules = new(TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(0.4), TimeSpan.FromSeconds(0.4), WaitsForEnd: false);

    private readonly UdpClient _rtp = new(new IPEndPoint(IPAddress.Loopback, 0));
    private ScriptedPhone _alice = null!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        Voice.Media.Start();
        _alice = Voice.AddPhone();
        Voice.Catcher.AnswerBxml("/answer", Waiting);
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _rtp.Dispose();
    }

    [Fact]
    public async Task Sync_AnswerWaits_AndCarriesTheResult()
    {
        var (call, _) = await AnswerAsync(Sync());
        Voice.Advance(4.9);
        await NoWebhookAsync("answer", call);
        Voice.Advance(0.1);
        var answer = await Voice.ExpectAsync("answer");
        Assert.Equal("""{"value":"silence","duration":"PT5S"}""", answer["machineDetectionResult"]);
        Assert.NotNull(answer["sipCallId"]);
        await VoiceHarness.RunsAsync(call);
        Voice.Advance(30);
        await NoWebhookAsync("machineDetectionComplete", call);
    }

    [Theory]
    [InlineData(15, "human")]
    [InlineData(60, "answering-machine")]
    public async Task Sync_TalkDecides(int frames, string value)
    {
        var (_, invite) = await AnswerAsync(Sync());
        await TalkAsync(invite, frames);
        Assert.Equal(value, (await Voice.ExpectAsync("answer")).Json.GetProperty("machineDetectionResult").GetProperty("value").GetString());
    }

    [Fact]
    public async Task Async_CallGoesOn_AndTheResultFollows()
    {
        var (call, _) = await AnswerAsync(Async());
        Assert.Null((await Voice.ExpectAsync("answer"))["machineDetectionResult"]);
        await VoiceHarness.RunsAsync(call);
        Voice.Advance(5);
        var complete = await Voice.ExpectAsync("machineDetectionComplete");
        Assert.Equal(("/amd", call.Id, "t1", """{"value":"silence","duration":"PT5S"}"""), (complete.Path, complete.CallId, complete["tag"], complete["machineDetectionResult"]));
        await Voice.AnsweredAsync(call, "machineDetectionComplete");
        Assert.Equal(CallPhase.Answered, call.State.Phase);
    }

    [Fact]
    public async Task Async_ResultGoesToTheFallback_WhenTheFirstFails()
    {
        Voice.Catcher.Answer("/amd", CatcherAnswer.NoContent with { Status = 500 });
        var (call, _) = await AnswerAsync(Async());
        await VoiceHarness.RunsAsync(call);
        Voice.Advance(5);
        Assert.Equal("/amd", (await Voice.ExpectAsync("machineDetectionComplete")).Path);
        Assert.Equal("/amd-fallback", (await Voice.ExpectAsync("machineDetectionComplete")).Path);
    }

    [Fact]
    public async Task EndlessTalk_OfADelayedResult_IsAMachineAtTheTimeout()
    {
        var (_, invite) = await AnswerAsync(Sync(Rules with { WaitsForEnd = true, MachineSpeechEnd = TimeSpan.FromMinutes(1) }));
        await TalkAsync(invite, 60);
        Voice.Advance(8);
        Assert.Equal("""{"value":"answering-machine","duration":"PT8S"}""", (await Voice.ExpectAsync("answer"))["machineDetectionResult"]);
    }

    [Fact]
    public async Task NoDecision_IsATimeout()
    {
        var (_, invite) = await AnswerAsync(Sync(Rules with { Speech = TimeSpan.FromMinutes(1), SpeechEnd = TimeSpan.FromMinutes(1) }));
        await TalkAsync(invite, 20);
        Voice.Advance(8);
        Assert.Equal("""{"value":"timeout","duration":"PT8S"}""", (await Voice.ExpectAsync("answer"))["machineDetectionResult"]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task HungUpBefore_NothingIsTold(bool isSync)
    {
        var (call, invite) = await AnswerAsync(isSync ? Sync() : Async());
        _alice.SendInDialog(invite, "BYE");
        await Voice.ExpectAsync("disconnect");
        Voice.Advance(20);
        await NoWebhookAsync("machineDetectionComplete", call);
        if (isSync) await NoWebhookAsync("answer", call);
    }

    private MachineDetection Sync(MachineRules? rules = null) => new(rules ?? Rules, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(8), null);

    private MachineDetection Async() => Sync() with { Targets = new CallbackTargets(Voice.Target("/amd"), Voice.Target("/amd-fallback")) };

    private async Task<(OutboundCall Call, MessageText Invite)> AnswerAsync(MachineDetection detection)
    {
        var call = Voice.Create(Voice.Wish() with { MachineDetection = detection });
        var invite = await _alice.ExpectAsync("INVITE");
        await _alice.AcceptAsync(invite, ScriptedPhone.Sdp(((IPEndPoint)_rtp.Client.LocalEndPoint!).Port));
        await VoiceHarness.UntilAsync(call, CallPhase.Answered);
        await VoiceHarness.SettleAsync(call);
        return (call, invite);
    }

    /// <summary>Says noise for so many frames, then silence for two seconds.</summary>
    private async Task TalkAsync(MessageText invite, int frames)
    {
        var line = invite.Body.Split("m=audio ")[1];
        var port = int.Parse(line[..line.IndexOf(' ', StringComparison.Ordinal)], System.Globalization.CultureInfo.InvariantCulture);
        var random = new Random(1);
        using var clock = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        for (ushort i = 0; i < frames + 100; i++)
        {
            var packet = new byte[172];
            Array.Fill(packet, (byte)0xFF);
            if (i < frames) random.NextBytes(packet.AsSpan(12));
            packet[0] = 0x80;
            packet[1] = 0;
            BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), i);
            BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(4), i * 160u);
            BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(8), 0xA11CE);
            await _rtp.SendAsync(packet, new IPEndPoint(IPAddress.Loopback, port), Cancel);
            await clock.WaitForNextTickAsync(Cancel);
        }
    }
}
