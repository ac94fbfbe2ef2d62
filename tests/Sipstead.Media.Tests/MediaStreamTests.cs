using System.Net;
using Microsoft.Extensions.Time.Testing;
using Sipstead.Media.Audio;
using Sipstead.Media.Codecs;
using Sipstead.Media.Rtp;
using Sipstead.Media.Tests.Rtp;

namespace Sipstead.Media.Tests;

/// <summary>
/// One session and a phone on sockets of loopback, frame by frame: the clock is beaten by hand, so that nothing depends on timing. Loopback delivers a
/// datagram before the send returns.
/// </summary>
public sealed class MediaStreamTests : IAsyncDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly MediaSetup _setup;
    private readonly MediaSession _session;
    private readonly Phone _phone = new();
    private readonly Ear _ear = new();

    public MediaStreamTests()
    {
        _setup = new MediaSetup(time: _time, rest: TimeSpan.FromSeconds(2));
        _session = _setup.Open();
        _session.Tap(AudioTrack.Inbound, _ear);
    }

    [Fact]
    public async Task PartyWithoutTelephoneEvent_PressesKeysInItsAudio()
    {
        await using var setup = new MediaSetup();
        using var phone = new Phone();
        using var session = setup.Open();
        phone.Call(session, offersKeys: false);
        var heard = "";
        session.DigitReceived = digit => heard += digit;
        foreach (var frame in new Detection.KeySequence("1#1") { Milliseconds = 100, PauseMilliseconds = 60 }.Samples().Chunk(160))
        {
            var codes = new byte[160];
            G711.EncodeMuLaw(frame, codes);
            phone.Say(codes);
            setup.Tick();
        }

        setup.Tick(20);
        Assert.Equal("1#1", heard);
    }

    [Fact]
    public async Task PartyWithTelephoneEvent_IsNotHeardPressingInItsAudio()
    {
        await using var setup = new MediaSetup();
        using var phone = new Phone();
        using var session = setup.Open();
        phone.Call(session);
        session.DigitReceived = digit => Assert.Fail($"{digit} was heard.");
        foreach (var frame in new Detection.KeySequence("1#1") { Milliseconds = 100 }.Samples().Chunk(160))
        {
            var codes = new byte[160];
            G711.EncodeMuLaw(frame, codes);
            phone.Say(codes);
            setup.Tick();
        }

        setup.Tick(20);
        Assert.True(session.Statistics.PacketsReceived > 10);
    }

    [Fact]
    public void Silence_IsSentAlways_OnceAgreed_NotWhileHeld()
    {
        _setup.Tick(3);
        _phone.Call(_session);
        _setup.Tick(3);
        var packets = _phone.Received();
        Assert.Equal(3, packets.Count);
        Assert.All(packets, packet => Assert.All(packet[RtpPacket.HeaderSize..], code => Assert.Equal(0xFF, code)));
        Assert.False(_session.IsHeld);
        _phone.Call(_session, "a=sendonly\r\n");
        Assert.True(_session.IsHeld);
        _setup.Tick(3);
        Assert.Empty(_phone.Received());
    }

    [Fact]
    public void OutboundTap_HearsWhatIsSaid_AndSilence_UntilDisposed()
    {
        var ear = new Ear();
        var tap = _session.Tap(AudioTrack.Outbound, ear);
        _setup.Tick(2);
        Assert.Equal(0, ear.Count); // nothing is agreed on
        _phone.Call(_session);
        _session.Play(new AudioClip(Enumerable.Repeat((short)1000, 160).ToArray()).Play(), () => { });
        _setup.Tick();
        Assert.All(ear.Last(AudioFormat.FrameSamples), sample => Assert.Equal(1000, sample));
        _setup.Tick();
        Assert.All(ear.Last(AudioFormat.FrameSamples), sample => Assert.Equal(0, sample));
        _session.SendDigit('5', TimeSpan.FromMilliseconds(100), () => { });
        _setup.Tick();
        Assert.All(ear.Last(AudioFormat.FrameSamples), sample => Assert.Equal(0, sample)); // an event is no audio
        Assert.Equal(3 * AudioFormat.FrameSamples, ear.Count);
        tap.Dispose();
        _setup.Tick();
        Assert.Equal(3 * AudioFormat.FrameSamples, ear.Count);
        Assert.Equal(0, _ear.Count);
    }

    [Fact]
    public void OA_04_Hold_StopsMedia_AndResumeBringsItBackWithAMarker()
    {
        _phone.Call(_session);
        var ended = 0;
        _session.Play(new AudioClip(new short[320]).Play(), () => ended++);
        _phone.Call(_session, address: "0.0.0.0");
        _setup.Tick(5);
        Assert.Equal(1, ended); // what plays goes on, unheard
        Assert.Empty(_phone.Received());
        _phone.Say(Packets.Level(1000)); // music on hold
        _setup.Tick(8);
        Assert.True(_ear.Count > 0);
        _phone.Call(_session);
        _setup.Tick();
        Assert.True(RtpPacket.TryRead(Assert.Single(_phone.Received()), out var packet));
        Assert.True(packet.Marker);
    }

    [Fact]
    public void OA_06_RefusedOffer_LeavesTheSessionAsItWas()
    {
        _phone.Call(_session);
        Assert.Equal(488, _session.Answer(Sdp.SdpText.Of("m=audio 4 RTP/SAVP 0\n")).Refusal!.Status);
        _setup.Tick();
        Assert.Single(_phone.Received());
    }

    [Fact]
    public void Source_WaitsUntilThePartyCanBeReached()
    {
        using var other = _setup.Engine.TryOpen(IPAddress.Parse("127.0.0.2"), IPAddress.Parse("127.0.0.2"))!;
        var ended = 0;
        _session.Play(new AudioClip(new short[160]).Play(), () => ended++);
        _setup.Tick(5);
        Assert.Equal(0, ended);
        _phone.Call(_session);
        _setup.Tick(3);
        Assert.Equal(1, ended);
    }

    [Fact]
    public void MED_04_ForeignPackets_ReachNobody_AndNothingGoesToTheirSource()
    {
        using var attacker = new Phone("127.0.0.66");
        _session.ExpectFrom(IPAddress.Loopback);
        _phone.Call(_session);
        attacker.Session = _phone.Session;
        for (var i = 0; i < 100; i++)
        {
            attacker.Say(Packets.Level(20_000)); // before, at the start of, and in the middle of media; with the right SSRC
            if (i > 20) _phone.Say(Packets.Level(1000));
            attacker.Say(Packets.Level(20_000));
            attacker.SendRtcp([0x80, 201, 0, 1, 0, 0, 0, 7]);
            _setup.Tick();
            Assert.Empty(attacker.Received());
        }

        _setup.Tick(5); // reports are looked for less often
        Assert.Empty(attacker.ReceivedRtcp());
        Assert.All(_ear.Last(int.MaxValue), sample => Assert.InRange(sample, -1100, 1100));
        Assert.Equal(300, _session.Statistics.PacketsDropped);
        Assert.Equal(300, _setup.Meters["sipstead.media.packets.dropped source"]);
        Assert.Equal(79, _session.Statistics.PacketsReceived);
    }

    [Fact]
    public void MED_04_PartyBehindNat_IsAnsweredWhereItSendsFrom()
    {
        using var nat = new Phone();
        _phone.Call(_session);
        nat.Session = _phone.Session;
        for (var i = 0; i < 5; i++) nat.Say(Packets.Level(1000));
        _setup.Tick();
        Assert.Empty(_phone.Received());
        Assert.Single(nat.Received());
    }

    [Fact]
    public void MED_05_Silence_IsTimed()
    {
        _phone.Call(_session);
        _time.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(TimeSpan.FromSeconds(30), _session.Statistics.Silence);
        _phone.Say(Packets.Level(0));
        _setup.Tick();
        Assert.Equal(TimeSpan.Zero, _session.Statistics.Silence);
        _time.Advance(TimeSpan.FromSeconds(61));
        _phone.SendRtcp([0x80, 201, 0, 1, 0, 0, 0, 7]);
        _setup.Tick(5);
        Assert.Equal(TimeSpan.Zero, _session.Statistics.Silence);
    }

    [Fact]
    public void MED_05_SilentParty_IsToldOnce_NotBeforeItIsWatched_NorWhileOnHold()
    {
        var lost = 0;
        _phone.Call(_session);
        Pass(100); // before the answer nobody has to send
        _session.WatchSilence(() => lost++);
        Pass(59);
        _phone.SendRtcp([0x80, 201, 0, 1, 0, 0, 0, 7]);
        Pass(59);
        _phone.Call(_session, "a=sendonly\r\n");
        Pass(100);
        _phone.Call(_session, address: "0.0.0.0");
        Pass(100);
        _phone.Call(_session);
        Pass(59);
        Assert.Equal(0, lost);
        Pass(1);
        Pass(100);
        Assert.Equal(1, lost);
        Assert.Equal(1, _setup.Meters["sipstead.media.sessions.lost"]);

        void Pass(int seconds)
        {
            _setup.Tick(6); // what came is taken before time passes
            for (var i = 0; i < seconds; i++)
            {
                _time.Advance(TimeSpan.FromSeconds(1));
                _setup.Tick();
            }

            _phone.Received();
        }
    }

    [Fact]
    public async Task MED_05_WithoutTimeout_SilenceEndsNothing()
    {
        await using var setup = new MediaSetup(time: _time, timeout: TimeSpan.Zero);
        using var session = setup.Open();
        _phone.Call(session);
        session.WatchSilence(() => Assert.Fail("told"));
        _time.Advance(TimeSpan.FromDays(1));
        setup.Tick();
        Assert.Equal(0, setup.Meters["sipstead.media.sessions.lost"]);
    }

    [Fact]
    public void MED_06_Keys_AreToldOnceEach()
    {
        var heard = "";
        _session.DigitReceived = digit => heard += digit;
        _phone.Call(_session);
        ushort sequence = 1;
        foreach (var (number, timestamp) in (ReadOnlySpan<(byte, uint)>)[(1, 1000), (1, 3000), (10, 5000)])
            for (var i = 0; i < 6; i++) _phone.Send(Packets.Event(sequence++, timestamp, number, (ushort)(160 * (i + 1)), i > 2, i == 0));
        _setup.Tick();
        Assert.Equal("11*", heard);
    }

    [Fact]
    public void MED_06_KeyThatIsSent_StopsAudioMeanwhile()
    {
        _phone.Call(_session);
        _session.Play(new SineWave(440), () => { });
        var ended = 0;
        _session.SendDigit('7', TimeSpan.FromMilliseconds(100), () => ended++);
        _session.SendDigit('?', TimeSpan.FromMilliseconds(100), () => ended += 10);
        Assert.Equal(10, ended);
        _setup.Tick(10);
        var types = _phone.Received().ConvertAll(packet => packet[1] & 0x7F);
        Assert.Equal([101, 101, 101, 101, 101, 101, 101, 0], types);
        Assert.Equal(11, ended);
    }

    [Fact]
    public void MED_02_Reports_GoToTheRtcpAttribute_AndByeAtTheEnd()
    {
        _phone.Call(_session);
        for (var i = 0; i < 600; i++)
        {
            _time.Advance(AudioFormat.FrameDuration);
            _setup.Tick();
            if (i % 50 == 0) _phone.Received(); // the phone's buffer is not without end
        }

        var reports = _phone.ReceivedRtcp();
        Assert.InRange(reports.Count, 1, 7);
        Assert.All(reports, report => Assert.False(Bye(report)));
        _session.Dispose();
        Assert.True(Bye(Assert.Single(_phone.ReceivedRtcp())));

        static bool Bye(byte[] report)
        {
            Assert.True(RtcpCompound.TryRead(report, 0, out var compound));
            return compound.HasBye;
        }
    }

    [Fact]
    public void OA_08_WithMux_ReportsAreOnTheRtpPort()
    {
        _phone.Call(_session, "a=rtcp-mux\r\n");
        _phone.Send([0x80, 201, 0, 1, 0, 0, 0, 7]);
        _setup.Tick();
        Assert.Equal(0, _session.Statistics.PacketsDropped);
        _phone.Received();
        _session.Dispose();
        Assert.Equal(PacketKind.Rtcp, PacketKinds.Of(Assert.Single(_phone.Received())));
        Assert.Empty(_phone.ReceivedRtcp());
    }

    [Fact]
    public void MED_11_StunDtlsAndNonsense_AreDroppedAndCounted()
    {
        _phone.Call(_session);
        foreach (var first in (ReadOnlySpan<byte>)[0, 22, 64, 100, 200]) _phone.Send([first, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
        _phone.Send(new byte[4000]); // longer than any packet
        _phone.Send([]);
        _setup.Tick();
        Assert.Equal(7, _session.Statistics.PacketsDropped);
        Assert.Equal(7, _setup.Meters["sipstead.media.packets.dropped kind"]);
    }

    [Fact]
    public void FramesThatTheClockLeavesOut_AdvanceTheTimestamp()
    {
        _phone.Call(_session);
        _setup.Tick();
        _setup.Engine.Tick(skipped: 10);
        var packets = _phone.Received();
        Assert.True(RtpPacket.TryRead(packets[0], out var first));
        Assert.True(RtpPacket.TryRead(packets[1], out var second));
        Assert.Equal((11u * 160, true), (second.Timestamp - first.Timestamp, second.Marker));
        Assert.Equal(10, _setup.Meters["sipstead.media.clock.skipped"]);
    }

    [Fact]
    public void CallbacksThatFail_CostTheirOwnCallOnly()
    {
        _phone.Call(_session);
        var ended = 0;
        var failing = new FailingEar();
        _session.Tap(AudioTrack.Inbound, failing);
        _session.DigitReceived = _ => throw new InvalidOperationException();
        _session.Play(new FailingSource(), () => ended++);
        _phone.Say(Packets.Level(0));
        _phone.Send(Packets.Event(500, 1, 1, 160));
        _setup.Tick(3);
        Assert.Equal(1, ended);
        Assert.Equal(1, failing.Calls); // it gets no more
        Assert.Equal(3, _phone.Received().Count);
    }

    [Fact]
    public void EndedSession_KeepsItsPorts_UntilStaleMediaIsOver()
    {
        _phone.Call(_session);
        _session.Dispose();
        Assert.Equal((0, 2), (_setup.Engine.OpenSessions, _setup.Engine.OpenPorts));
        _phone.Say(Packets.Level(0));
        _time.Advance(TimeSpan.FromSeconds(1.9));
        _setup.Tick();
        Assert.Equal(2, _setup.Engine.OpenPorts);
        _time.Advance(TimeSpan.FromSeconds(0.1));
        _setup.Tick();
        Assert.Equal(0, _setup.Engine.OpenPorts);
        Assert.Equal(0, _ear.Count);
    }

    [Fact]
    public async Task EndedEngine_OpensNothing_AndClosesAll()
    {
        await _setup.Engine.DisposeAsync();
        await _setup.Engine.DisposeAsync();
        Assert.Equal((0, 0), (_setup.Engine.OpenSessions, _setup.Engine.OpenPorts));
        Assert.Null(_setup.Open());
        Assert.Equal(0, _setup.Meters["sipstead.media.sessions"]);
    }

    [Fact]
    public void AddressThatIsNotOurs_GivesNoSession() => Assert.Null(_setup.Engine.TryOpen(IPAddress.Parse("192.0.2.1"), IPAddress.Loopback));

    public async ValueTask DisposeAsync()
    {
        _phone.Dispose();
        await _setup.DisposeAsync();
    }

    private sealed class FailingEar : IAudioSink
    {
        public int Calls { get; private set; }

        public void Write(ReadOnlySpan<short> frame)
        {
            Calls++;
            throw new InvalidOperationException();
        }
    }

    private sealed class FailingSource : IAudioSource
    {
        public int Read(Span<short> frame) => throw new InvalidOperationException();
    }
}
