using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Sipstead.Media.Codecs;
using Sipstead.Media.Rtp;
using Sipstead.Media.Tests.Codecs;
using Sipstead.Media.Tests.Rtp;
using Sipstead.Testing;

namespace Sipstead.Media.Tests;

/// <summary>Sessions that hear each other in each codec, frame by frame.</summary>
public sealed class MediaCodecTests : IAsyncDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly MediaSetup _setup;
    private readonly Ear _callerEar = new();
    private readonly Ear _calleeEar = new();

    public MediaCodecTests() => _setup = new MediaSetup(time: _time);

    [Fact]
    public void MED_03_AudioAndKeys_AreHeardBothWays_ThroughEachChangeOfCodec()
    {
        Streams.Codec("opus");
        using var caller = _setup.Open();
        using var callee = _setup.Open();
        var keys = "";
        callee.DigitReceived = key => keys += key;
        Talk(caller, _callerEar, 440);
        Talk(callee, _calleeEar, 1000);
        foreach (var (codec, payload) in (ReadOnlySpan<(string, int)>)[("PCMU", 0), ("opus", 111), ("G722", 9), ("opus", 111), ("PCMA", 8)])
        {
            Agree(caller, callee, payload);
            caller.SendDigit('7', TimeSpan.FromMilliseconds(100), () => { });
            _setup.Tick(100);
            Assert.Equal((codec, codec), (caller.Statistics.Codec, callee.Statistics.Codec));
            Assert.InRange(Spectrum.ShareOf(1000, _callerEar.Last(4000)), 0.97, 1.01);
            Assert.InRange(Spectrum.ShareOf(440, _calleeEar.Last(4000)), 0.97, 1.01);
        }

        Assert.Equal("77777", keys);
        Assert.Equal((0L, 0L, 0L), (callee.Statistics.PacketsLost, callee.Statistics.PacketsLate, callee.Statistics.PacketsDropped));
        Assert.Equal(TimeSpan.Zero, caller.Statistics.Concealed);
    }

    [Theory]
    [InlineData("PCMU", 8)]
    [InlineData("G722", 8)]
    [InlineData("opus", 48)]
    public void MED_01_Timestamps_RunWithTheClockOfTheCodec_AndSoDoKeys(string name, uint unitsPerMillisecond)
    {
        Streams.Codec(name);
        var sent = new SentPackets();
        using var sender = new RtpSender(sent);
        var digits = new DigitSender(sender);
        var (media, frame) = (Packets.Media(codec: AudioCodec.Find(name)), new short[160]);
        for (var i = 0; i < 3; i++) sender.Send(frame, media);
        sender.Pause(2);
        sender.Send(frame, media);
        Assert.Equal([0, 20, 40, 100], Enumerable.Range(0, 4).Select(i => (int)((sent[i].Timestamp - sent[0].Timestamp) / unitsPerMillisecond)));
        digits.TryAdd('5', TimeSpan.FromMilliseconds(100), () => { });
        while (digits.Next(media, maySend: true, frame, out _) != DigitFrame.None) sender.Pause();
        Assert.True(TelephoneEvent.TryRead(sent[^1].Payload, out var end));
        Assert.Equal((true, 100 * unitsPerMillisecond), (end.IsEnd, end.Duration));
        Assert.Equal(120u, (sent[^1].Timestamp - sent[0].Timestamp) / unitsPerMillisecond);
    }

    [Theory]
    [InlineData("PCMU")]
    [InlineData("opus")]
    public void MED_02_Jitter_IsTimeWhateverTheClock(string name)
    {
        var codec = AudioCodec.Find(name)!;
        var statistics = new ReceptionStatistics();
        var arrival = TimeSpan.FromHours(1);
        for (var i = 0; i < 500; i++)
        {
            statistics.Measure((uint)(i * 160 * codec.ClockStep), codec.ClockRate, arrival);
            arrival += TimeSpan.FromMilliseconds(i % 2 == 0 ? 15 : 25); // 5 ms off, each
        }

        Assert.InRange(statistics.JitterTime.TotalMilliseconds, 4.8, 5.01);
        Assert.InRange((int)statistics.Jitter, codec.ClockRate * 48 / 10_000, codec.ClockRate * 51 / 10_000);
    }

    [Fact]
    public void MED_02_WhatThePartyReports_IsInTheFigures()
    {
        using var phone = new Phone();
        using var session = _setup.Open();
        phone.Call(session);
        _setup.Tick(50);
        Assert.True(RtpPacket.TryRead(phone.Received()[0], out var packet));
        Assert.Equal((null, null), (session.Statistics.RemoteLossPercent, session.Statistics.RemoteJitter));
        var octets = new byte[RtcpWriter.MaxSize];
        var writer = new RtcpWriter(octets);
        writer.WriteReport(7, null, new ReceptionReport(packet.Ssrc, 0, 5, 0, 80, 0, 0));
        phone.SendRtcp(octets.AsSpan(0, writer.Length));
        _setup.Tick(5);
        Assert.InRange(session.Statistics.RemoteLossPercent!.Value, 9, 10);
        Assert.Equal(TimeSpan.FromMilliseconds(10), session.Statistics.RemoteJitter);
    }

    [Fact]
    public void WithoutTheLibrary_OpusIsLeftOut_AndToldOnce()
    {
        using var logs = new LogLines(LogLevel.Information);
        var logger = logs.CreateLogger("media");
        Assert.Equal([AudioCodec.G722, AudioCodec.Pcmu], MediaEngine.UsableCodecs(["opus", "G722", "OPUS", "PCMU"], hasOpus: false, logger));
        Assert.Single(logs.All, line => line.Contains("apt-get install libopus0", StringComparison.Ordinal));
        Assert.Equal([AudioCodec.Opus, AudioCodec.G722], MediaEngine.UsableCodecs(["opus", "G722"], hasOpus: true, logger));
        Assert.Single(logs.All);
    }

    public async ValueTask DisposeAsync() => await _setup.DisposeAsync();

    private static void Talk(MediaSession session, Ear ear, double frequency)
    {
        session.Tap(AudioTrack.Inbound, ear);
        session.Play(new SineWave(frequency), () => { });
    }

    /// <summary>Offers one of our codecs alone.</summary>
    private static void Agree(MediaSession caller, MediaSession callee, int payload)
    {
        var offer = Encoding.ASCII.GetString(caller.CreateOffer());
        Assert.Contains(" RTP/AVP 0 8 9 111 101 110\r\n", offer, StringComparison.Ordinal);
        var answer = callee.Answer(Encoding.ASCII.GetBytes(offer.Replace("AVP 0 8 9 111", $"AVP {payload}", StringComparison.Ordinal)));
        Assert.Null(answer.Refusal);
        Assert.Null(caller.AcceptAnswer(answer.Sdp));
    }
}
