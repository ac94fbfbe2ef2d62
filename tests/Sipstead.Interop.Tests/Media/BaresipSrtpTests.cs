using System.Net;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Sipstead.Media;
using Sipstead.Media.Audio;
using Sipstead.Testing;
using Sipstead.Testing.Phones;
using Sipstead.Testing.Sip;

namespace Sipstead.Interop.Tests.Media;

/// <summary>baresip and our media speak SRTP with keys in SDP: what each says, the other hears.</summary>
public sealed class BaresipSrtpTests : IAsyncDisposable
{
    private const int Frequency = 1100;

    private readonly CountingMeters _meters = new();
    private readonly MediaEngine _engine;
    private readonly SipPeer _peer = new();
    private readonly ToneListener _listener = new();

    public BaresipSrtpTests()
    {
        var ports = FreePort.TakeRange(6);
        _engine = new MediaEngine(
            new MediaOptions { Ports = $"{ports}-{ports + 5}" }, TimeProvider.System, _meters, NullLoggerFactory.Instance);
        _engine.Start();
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("srtp", "RTP/AVP")]
    [InlineData("srtp-mand", "RTP/SAVP")]
    public async Task MED_09_BaresipCalls_AndIsHeardAndHears(string mode, string protocol)
    {
        InteropServer.Require("baresip", "baresip-core");
        await using var phone = await BaresipPhone.StartForCallsAsync($"<sip:alice@{_peer.Address}>;regint=0;mediaenc={mode}", dnsPort: 9, Cancel);
        using var session = Open(protocol);
        await phone.Control.SendAsync("dial", $"sip:bob@{_peer.Address}", Cancel);
        var invite = await _peer.ExpectAsync("INVITE");
        Assert.Contains($" {protocol} ", invite.Body, StringComparison.Ordinal);
        var answer = session.Answer(Encoding.UTF8.GetBytes(invite.Body));
        Assert.True(answer.Refusal is null, $"{answer.Refusal} {invite.Body}");
        _peer.Answer(invite, 200, Encoding.UTF8.GetString(answer.Sdp!));
        await _peer.ExpectAsync("ACK");
        await AssertHeardAsync(session);
        await phone.Control.SendAsync("hangup", null, Cancel);
        _peer.Answer(await _peer.ExpectAsync("BYE"), 200);
        await AssertHeardAsync(phone);
    }

    [Theory]
    [InlineData("srtp", "RTP/AVP")]
    [InlineData("srtp-mand", "RTP/SAVP")]
    public async Task MED_09_BaresipIsCalled_AndIsHeardAndHears(string mode, string protocol)
    {
        InteropServer.Require("baresip", "baresip-core");
        var address = $"127.0.0.1:{FreePort.Take()}";
        await using var phone = await BaresipPhone.StartForCallsAsync(
            $"<sip:alice@{address}>;regint=0;answermode=auto;mediaenc={mode}", dnsPort: 9, Cancel, IPEndPoint.Parse(address).Port);
        using var session = Open(protocol);
        var answer = await _peer.CallAsync("alice", address, Encoding.UTF8.GetString(session.CreateOffer()));
        var refusal = session.AcceptAnswer(Encoding.UTF8.GetBytes(answer.Body));
        Assert.True(refusal is null, $"{refusal} {answer.Body}");
        await AssertHeardAsync(session);
        await _peer.EndAsync(answer, "alice", address);
        await AssertHeardAsync(phone);
    }

    public async ValueTask DisposeAsync()
    {
        _peer.Dispose();
        await _engine.DisposeAsync();
        _meters.Dispose();
    }

    private MediaSession Open(string protocol)
    {
        var session = _engine.TryOpen(
            IPAddress.Loopback, IPAddress.Loopback, protocol == "RTP/SAVP" ? MediaProtection.Required : MediaProtection.BestEffort)!;
        session.Tap(AudioTrack.Inbound, _listener);
        session.Play(new ToneSource(Tones.Continuous([Frequency], -10), TimeSpan.MaxValue), () => { });
        return session;
    }

    /// <summary>What baresip says is heard, and for as long it hears us.</summary>
    private async Task AssertHeardAsync(MediaSession session)
    {
        await Poll.UntilAsync(
            "baresip's tone", () => Task.FromResult(_listener.Heard.TimeOfTone(BaresipPhone.VoiceFrequency) > TimeSpan.FromSeconds(1)), Cancel);
        Assert.StartsWith("A", session.Statistics.Encryption, StringComparison.Ordinal);
        foreach (var reason in (string[])["authentication", "replay", "kind", "source"]) Assert.Equal(0, _meters[$"sipstead.media.packets.dropped {reason}"]);
    }

    private static async Task AssertHeardAsync(BaresipPhone phone)
    {
        await phone.Control.ExpectAsync("CALL_CLOSED", Cancel);
        var heard = await phone.HeardAsync(Cancel);
        Assert.True(heard.TimeOfTone(Frequency) > TimeSpan.FromSeconds(0.5), $"{heard.TimeOfTone(Frequency)} of our tone in {heard.Duration}");
    }
}
