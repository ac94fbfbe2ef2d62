using System.Net;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Sipstead.Media;
using Sipstead.Media.Audio;
using Sipstead.Testing;
using Sipstead.Testing.Phones;
using Sipstead.Testing.Sip;

namespace Sipstead.Interop.Tests.Media;

/// <summary>A test of baresip and our media alone: what each says, the other hears.</summary>
public abstract class BaresipMediaTest : IAsyncDisposable
{
    private const int Frequency = 1100;

    private readonly CountingMeters _meters = new();
    private readonly MediaEngine _engine;
    private readonly SipPeer _peer = new();
    private readonly ToneListener _listener = new();

    protected BaresipMediaTest()
    {
        var ports = FreePort.TakeRange(6);
        _engine = new MediaEngine(new MediaOptions { Ports = $"{ports}-{ports + 5}" }, TimeProvider.System, _meters, NullLoggerFactory.Instance);
        _engine.Start();
    }

    private protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        _peer.Dispose();
        await _engine.DisposeAsync();
        _meters.Dispose();
    }

    /// <summary>baresip calls us.</summary>
    /// <param name="account">Parameters of its account besides.</param>
    /// <param name="check">Looks at what was agreed on.</param>
    /// <param name="drops">Reasons for which no packet may be dropped.</param>
    private protected async Task CallUsAsync(string account, MediaProtection protection, Action<MediaSession, string> check, string[] drops, string module = BaresipPhone.G711Module)
    {
        await using var phone = await BaresipPhone.StartForCallsAsync($"<sip:alice@{_peer.Address}>;regint=0{account}", dnsPort: 9, Cancel, codecModule: module);
        using var session = Open(protection);
        await phone.Control.SendAsync("dial", $"sip:bob@{_peer.Address}", Cancel);
        var invite = await _peer.ExpectAsync("INVITE");
        var answer = session.Answer(Encoding.UTF8.GetBytes(invite.Body));
        Assert.True(answer.Refusal is null, $"{answer.Refusal} {invite.Body}");
        _peer.Answer(invite, 200, Encoding.UTF8.GetString(answer.Sdp!));
        await _peer.ExpectAsync("ACK");
        await ShouldBeHeardAsync(drops);
        check(session, invite.Body);
        await phone.Control.SendAsync("hangup", null, Cancel);
        _peer.Answer(await _peer.ExpectAsync("BYE"), 200);
        await ShouldHearAsync(phone);
    }

    /// <summary>baresip is called by us.</summary>
    private protected async Task CallBaresipAsync(string account, MediaProtection protection, Action<MediaSession, string> check, string[] drops, string module = BaresipPhone.G711Module)
    {
        var address = $"127.0.0.1:{FreePort.Take()}";
        await using var phone = await BaresipPhone.StartForCallsAsync(
            $"<sip:alice@{address}>;regint=0;answermode=auto{account}", dnsPort: 9, Cancel, IPEndPoint.Parse(address).Port, module);
        using var session = Open(protection);
        var answer = await _peer.CallAsync("alice", address, Encoding.UTF8.GetString(session.CreateOffer()));
        var refusal = session.AcceptAnswer(Encoding.UTF8.GetBytes(answer.Body));
        Assert.True(refusal is null, $"{refusal} {answer.Body}");
        await ShouldBeHeardAsync(drops);
        check(session, answer.Body);
        await _peer.EndAsync(answer, "alice", address);
        await ShouldHearAsync(phone);
    }

    private MediaSession Open(MediaProtection protection)
    {
        var session = _engine.TryOpen(IPAddress.Loopback, IPAddress.Loopback, protection)!;
        session.Tap(AudioTrack.Inbound, _listener);
        session.Play(new ToneSource(Tones.Continuous([Frequency], -10), TimeSpan.MaxValue), () => { });
        return session;
    }

    private async Task ShouldBeHeardAsync(string[] drops)
    {
        await Poll.UntilAsync(
            "baresip's tone", () => Task.FromResult(_listener.Heard.TimeOfTone(BaresipPhone.VoiceFrequency) > TimeSpan.FromSeconds(1)), Cancel);
        Assert.All(drops, reason => Assert.Equal(0, _meters[$"sipstead.media.packets.dropped {reason}"]));
    }

    private static async Task ShouldHearAsync(BaresipPhone phone)
    {
        await phone.Control.ExpectAsync("CALL_CLOSED", Cancel);
        var heard = await phone.HeardAsync(Cancel);
        Assert.True(heard.TimeOfTone(Frequency) > TimeSpan.FromSeconds(0.5), $"{heard.TimeOfTone(Frequency)} of our tone in {heard.Duration}");
    }
}
