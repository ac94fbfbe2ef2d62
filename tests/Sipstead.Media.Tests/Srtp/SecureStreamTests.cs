using System.Net;
using Microsoft.Extensions.Time.Testing;
using Sipstead.Media.Audio;
using Sipstead.Media.Rtp;
using Sipstead.Media.Srtp;
using Sipstead.Media.Tests.Rtp;

namespace Sipstead.Media.Tests.Srtp;

/// <summary>One session and a phone that speak SRTP on sockets of loopback, frame by frame.</summary>
public sealed class SecureStreamTests : IAsyncDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly MediaSetup _setup;
    private readonly MediaSession _session;
    private readonly SecurePhone _phone = new();
    private readonly Ear _ear = new();

    public SecureStreamTests()
    {
        _setup = new MediaSetup(time: _time);
        _session = _setup.Open(MediaProtection.BestEffort);
        _session.Tap(AudioTrack.Inbound, _ear);
    }

    [Theory]
    [MemberData(nameof(SrtpPacketTests.Suites), MemberType = typeof(SrtpPacketTests))]
    public void MED_09_Audio_IsHeardBothWays_InEachSuite(string suite)
    {
        using var phone = new SecurePhone(SrtpSuite.Find(suite));
        phone.Call(_session);
        _session.Play(new SineWave(440), () => { });
        for (var i = 0; i < 10; i++)
        {
            phone.Say(Packets.Level(1000));
            _setup.Tick();
        }

        var packets = phone.Received();
        Assert.Equal((10, 0), (packets.Count, phone.Refused.Count));
        Assert.Contains(packets, packet => packet[RtpPacket.HeaderSize..].Any(code => code is not 0xFF and not 0x7F));
        Assert.Contains(_ear.Last(int.MaxValue), sample => sample is > 900 and < 1100);
        Assert.Equal((suite, "PCMU", 0L), (_session.Statistics.Encryption, _session.Statistics.Codec, _session.Statistics.PacketsDropped));
    }

    [Fact]
    public void MED_09_TwoSessions_AgreeByBestEffort_AndHearEachOther()
    {
        using var callee = _setup.Open(MediaProtection.BestEffort);
        var answer = callee.Answer(_session.CreateOffer());
        Assert.Null(_session.AcceptAnswer(answer.Sdp));
        callee.Play(new SineWave(440), () => { });
        _setup.Tick(10);
        Assert.Equal("AES_CM_128_HMAC_SHA1_80", _session.Statistics.Encryption);
        Assert.True(_session.Statistics.PacketsReceived > 8);
        Assert.Contains(_ear.Last(int.MaxValue), sample => sample > 5000);
    }

    [Fact]
    public void MED_02_Reports_AreEncrypted_AndSoIsTheBye()
    {
        _phone.Call(_session);
        _phone.Say(Packets.Level(0));
        for (var i = 0; i < 600; i++)
        {
            _time.Advance(AudioFormat.FrameDuration);
            _setup.Tick();
            if (i % 50 == 0) _phone.Phone.Received();
        }

        Assert.InRange(_phone.ReceivedRtcp().Count, 1, 7);
        _session.Dispose();
        Assert.True(RtcpCompound.TryRead(Assert.Single(_phone.ReceivedRtcp()), 0, out var compound));
        Assert.True(compound.HasBye);
        Assert.Empty(_phone.Refused);
    }

    [Fact]
    public void MED_02_ReportsOfTheParty_AreTakenEncryptedOnly()
    {
        _phone.Call(_session);
        byte[] report = [0x80, 201, 0, 1, 0, 0, 0, 7];
        _phone.Phone.SendRtcp(_phone.NextReport(report));
        _setup.Tick(6);
        Assert.Equal(0, _session.Statistics.PacketsDropped);
        _time.Advance(TimeSpan.FromSeconds(30));
        _phone.Phone.SendRtcp(report);
        _phone.Phone.SendRtcp([.. report, .. new byte[14]]);
        _setup.Tick(6);
        Assert.Equal(2, _session.Statistics.PacketsDropped);
        Assert.Equal(TimeSpan.FromSeconds(30), _session.Statistics.Silence); // a forged report keeps no call alive
    }

    [Fact]
    public void MED_13_ClearPackets_AreNotHeardOnAnEncryptedSession()
    {
        _phone.Call(_session);
        _phone.Phone.Say(Packets.Level(20_000));
        _phone.Phone.Say(Packets.Level(20_000));
        _setup.Tick(5);
        Assert.Equal(2, _setup.Meters["sipstead.media.packets.dropped authentication"]);
        Assert.Equal(0, _ear.Count);
    }

    [Fact]
    public void MED_09_NewKeyInAnOffer_TakesTheOldOneToo_UntilThePartyUsesTheNew()
    {
        _phone.Call(_session);
        _phone.Say(Packets.Level(1000));
        _setup.Tick();
        Assert.Single(_phone.Received());
        var old = _phone.Next(Packets.Level(1000));
        _phone.MakeKey();
        _phone.Call(_session); // what we send is by our new key at once
        _phone.Say(Packets.Level(1000)); // not yet
        _setup.Tick();
        Assert.Single(_phone.Received());
        Assert.Equal((2L, 0L), (_session.Statistics.PacketsReceived, _session.Statistics.PacketsDropped));
        _phone.UseNewKey();
        _phone.Say(Packets.Level(1000));
        _phone.Phone.Send(old);
        _setup.Tick();
        Assert.Equal((3L, 1L), (_session.Statistics.PacketsReceived, _session.Statistics.PacketsDropped));
    }

    [Fact]
    public void MED_09_SameKeyInAnOffer_GoesOnWithItsNumbers()
    {
        _phone.Call(_session);
        var first = _phone.Next(Packets.Level(1000));
        _phone.Phone.Send(first);
        _setup.Tick();
        var sent = Assert.Single(_phone.Phone.Received());
        _phone.Call(_session, "a=sendonly\r\n");
        _phone.Call(_session);
        _phone.Phone.Send(first);
        _setup.Tick();
        Assert.Equal(1, _setup.Meters["sipstead.media.packets.dropped replay"]);
        Assert.NotEqual(sent, Assert.Single(_phone.Phone.Received()));
    }

    [Fact]
    public void S_55_Flood_ReplayAndDowngrade_ChangeNothing()
    {
        _phone.Call(_session);
        var recorded = _phone.Next(Packets.Level(1000));
        _phone.Phone.Send(recorded);
        _setup.Tick();
        var forged = recorded.ToArray();
        forged[3] += 100; // a number that did not come yet: only the tag is wrong
        for (var tick = 0; tick < 50; tick++)
        {
            _phone.Say(Packets.Level(1000));
            _phone.Phone.Send(recorded);
            for (var i = 0; i < 1000; i++) _phone.Phone.Send(forged); // 50 000 a second, from the party's own address; the kernel drops what waits too long
            _setup.Tick();
            if (tick % 20 == 0) _phone.Phone.Received();
        }

        Assert.Equal(488, _session.Answer(_phone.Phone.Offer()).Refusal!.Status);
        _setup.Tick(10);
        var statistics = _session.Statistics;
        Assert.InRange(statistics.PacketsReceived, 2, 51);
        Assert.Equal("AES_CM_128_HMAC_SHA1_80", statistics.Encryption);
        Assert.True(_setup.Meters["sipstead.media.packets.dropped authentication"] > 1000);
        Assert.True(_setup.Meters["sipstead.media.packets.dropped replay"] > 0);
        var before = statistics.PacketsReceived;
        for (var i = 0; i < 5; i++) _phone.Say(Packets.Level(1000));
        _setup.Tick(5);
        Assert.Equal(before + 5, _session.Statistics.PacketsReceived);
        Assert.Empty(_setup.Logs.All);
    }

    [Fact]
    public void S_52_WithSrtp_NothingOfAnAttackerIsLearnedOrHeard()
    {
        using var attacker = new Phone("127.0.0.66");
        using var nat = new Phone(); // the party's host, another port: could be learned if its packets were authentic
        _session.ExpectFrom(IPAddress.Loopback);
        _phone.Call(_session);
        (attacker.Session, nat.Session) = (_phone.Phone.Session, _phone.Phone.Session);
        for (var i = 0; i < 100; i++)
        {
            foreach (var foreign in (Phone[])[attacker, nat])
            {
                foreign.Send(Packets.Rtp(_phone.Sequence, (uint)(_phone.Sequence * 160), Packets.Level(20_000))); // the right source and number
                foreign.Send([.. Packets.Rtp(_phone.Sequence, (uint)(_phone.Sequence * 160), Packets.Level(20_000)), .. new byte[10]]);
                foreign.SendRtcp([0x80, 201, 0, 1, 0, 0, 0, 7, .. new byte[14]]);
            }

            if (i > 20) _phone.Say(Packets.Level(1000));
            _setup.Tick();
        }

        _setup.Tick(5);
        Assert.Empty(attacker.Received());
        Assert.Empty(nat.Received());
        Assert.Equal(105, _phone.Received().Count);
        Assert.Equal(79, _session.Statistics.PacketsReceived);
        Assert.Equal(600, _session.Statistics.PacketsDropped);
        Assert.All(_ear.Last(int.MaxValue), sample => Assert.InRange(sample, -1100, 1100));
    }

    [Fact]
    public void MED_04_AuthenticPackets_AreLearnedBehindNat()
    {
        using var nat = new Phone();
        _phone.Call(_session);
        nat.Session = _phone.Phone.Session;
        for (var i = 0; i < 5; i++) nat.Send(_phone.Next(Packets.Level(1000)));
        _setup.Tick();
        Assert.Empty(_phone.Phone.Received());
        Assert.Single(nat.Received());
    }

    public async ValueTask DisposeAsync()
    {
        _phone.Dispose();
        await _setup.DisposeAsync();
    }
}
