using System.Net;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Sipstead.Media;
using Sipstead.Media.Audio;
using Sipstead.Testing;
using Sipstead.Testing.Phones;
using Sipstead.Testing.Sip;

namespace Sipstead.Interop.Tests.Media;

/// <summary>baresip and our media in each codec beside G.711, called and calling: what each says, the other hears, in its pitch.</summary>
public sealed class BaresipCodecTests : IAsyncDisposable
{
    private const int Frequency = 1100;

    private readonly CountingMeters _meters = new();
    private readonly MediaEngine _engine;
    private readonly SipPeer _peer = new();
    private readonly ToneListener _listener = new();

    public BaresipCodecTests()
    {
        var ports = FreePort.TakeRange(6);
        _engine = new MediaEngine(new MediaOptions { Ports = $"{ports}-{ports + 5}" }, TimeProvider.System, _meters, NullLoggerFactory.Instance);
        _engine.Start();
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("g722.so", "G722")]
    [InlineData("opus.so", "opus")]
    public async Task MED_03_BaresipCalls_AndIsHeardAndHears(string module, string codec)
    {
        Require(codec);
        await using var phone = await BaresipPhone.StartForCallsAsync($"<sip:alice@{_peer.Address}>;regint=0", dnsPort: 9, Cancel, codecModule: module);
        using var session = Open();
        await phone.Control.SendAsync("dial", $"sip:bob@{_peer.Address}", Cancel);
        var invite = await _peer.ExpectAsync("INVITE");
        var answer = session.Answer(Encoding.UTF8.GetBytes(invite.Body));
        Assert.True(answer.Refusal is null, $"{answer.Refusal} {invite.Body}");
        _peer.Answer(invite, 200, Encoding.UTF8.GetString(answer.Sdp!));
        await _peer.ExpectAsync("ACK");
        await AssertHeardAsync(session, codec);
        await phone.Control.SendAsync("hangup", null, Cancel);
        _peer.Answer(await _peer.ExpectAsync("BYE"), 200);
        await AssertHeardAsync(phone);
    }

    [Theory]
    [InlineData("g722.so", "G722")]
    [InlineData("opus.so", "opus")]
    public async Task MED_03_BaresipIsCalled_AndIsHeardAndHears(string module, string codec)
    {
        Require(codec);
        var address = $"127.0.0.1:{FreePort.Take()}";
        await using var phone = await BaresipPhone.StartForCallsAsync(
            $"<sip:alice@{address}>;regint=0;answermode=auto", dnsPort: 9, Cancel, IPEndPoint.Parse(address).Port, module);
        using var session = Open();
        var answer = await _peer.CallAsync("alice", address, Encoding.UTF8.GetString(session.CreateOffer()));
        var refusal = session.AcceptAnswer(Encoding.UTF8.GetBytes(answer.Body));
        Assert.True(refusal is null, $"{refusal} {answer.Body}");
        await AssertHeardAsync(session, codec);
        await _peer.EndAsync(answer, "alice", address);
        await AssertHeardAsync(phone);
    }

    public async ValueTask DisposeAsync()
    {
        _peer.Dispose();
        await _engine.DisposeAsync();
        _meters.Dispose();
    }

    private static void Require(string codec)
    {
        InteropServer.Require("baresip", "baresip-core");
        Assert.SkipUnless(codec != "opus" || NativeLibrary.TryLoad("libopus.so.0", out _), "libopus.so.0 is not installed (Debian package libopus0)");
    }

    private MediaSession Open()
    {
        var session = _engine.TryOpen(IPAddress.Loopback, IPAddress.Loopback)!;
        session.Tap(AudioTrack.Inbound, _listener);
        session.Play(new ToneSource(Tones.Continuous([Frequency], -10), TimeSpan.MaxValue), () => { });
        return session;
    }

    /// <summary>What baresip says is heard, and for as long it hears us.</summary>
    private async Task AssertHeardAsync(MediaSession session, string codec)
    {
        Assert.Equal(codec, session.Statistics.Codec);
        await Poll.UntilAsync(
            "baresip's tone", () => Task.FromResult(_listener.Heard.TimeOfTone(BaresipPhone.VoiceFrequency) > TimeSpan.FromSeconds(1)), Cancel);
        Assert.Equal(0, session.Statistics.PacketsLost);
        Assert.All(["payloadtype", "duplicate", "source"], reason => Assert.Equal(0, _meters[$"sipstead.media.packets.dropped {reason}"]));
    }

    private static async Task AssertHeardAsync(BaresipPhone phone)
    {
        await phone.Control.ExpectAsync("CALL_CLOSED", Cancel);
        var heard = await phone.HeardAsync(Cancel);
        Assert.True(heard.TimeOfTone(Frequency) > TimeSpan.FromSeconds(0.5), $"{heard.TimeOfTone(Frequency)} of our tone in {heard.Duration}");
    }
}
