using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Time.Testing;
using Sipstead.Media.Rtp;
using Sipstead.Media.Tests.Rtp;

namespace Sipstead.Media.Tests;

/// <summary>What people who mean harm send to media ports (S-52 to S-58), on a session in clear; SRTP has its own in SecureStreamTests.</summary>
public sealed class MediaAttackTests : IAsyncDisposable
{
    private const int Pairs = 8;

    private readonly FakeTimeProvider _time = new();
    private readonly MediaSetup _setup;
    private readonly MediaSession _session;
    private readonly Phone _phone = new();
    private readonly Ear _ear = new();

    public MediaAttackTests()
    {
        _setup = new MediaSetup(Pairs, _time);
        _session = _setup.Open();
        _session.Tap(AudioTrack.Inbound, _ear);
    }

    [Fact]
    public void S_52_PacketsToAllPortsOfTheRange_ReachNobody_AndGetNothing()
    {
        using var attacker = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        attacker.Bind(new IPEndPoint(IPAddress.Parse("127.0.0.66"), 0));
        _session.ExpectFrom(IPAddress.Loopback);
        Attack(100); // before anything was agreed on
        _setup.Tick();
        _phone.Call(_session);
        Attack(100);
        _setup.Tick();
        for (ushort i = 0; i < 50; i++)
        {
            Attack((ushort)(100 + i)); // the right source and number, before the party's own
            _phone.Say(Packets.Level(1000));
            Attack((ushort)(101 + i));
            _setup.Tick();
        }

        _setup.Tick(5);
        Assert.Equal(0, attacker.Available);
        Assert.Equal(50, _session.Statistics.PacketsReceived);
        Assert.All(_ear.Last(int.MaxValue), sample => Assert.InRange(sample, -1100, 1100));
        Assert.Equal(56, _phone.Received().Count);

        void Attack(ushort sequence)
        {
            var packet = Packets.Rtp(sequence, (uint)(sequence * 160), Packets.Level(20_000));
            foreach (var port in _setup.Ports)
            {
                attacker.SendTo(packet, new IPEndPoint(IPAddress.Loopback, port));
                attacker.SendTo(packet.AsSpan(0, 12), SocketFlags.None, new IPEndPoint(IPAddress.Loopback, port));
            }
        }
    }

    [Fact]
    public void S_53_DtlsHello_ChangesNothing_WhereverItComesFrom() => AssertIgnored([22, 254, 253, 0, 0, 0, 0, 0, 0, 0, 0, 0, 40, 1, .. new byte[39]]);

    [Fact]
    public void S_54_BindingRequest_ChangesNothing_WhereverItComesFrom() =>
        AssertIgnored([0, 1, 0, 8, 0x21, 0x12, 0xA4, 0x42, .. new byte[12], 0, 0x25, 0, 0, 0, 0x24, 0, 0]); // with USE-CANDIDATE

    [Fact]
    public void S_56_ByeOfAnySource_EndsNothing()
    {
        _phone.Call(_session);
        for (var i = 0; i < 10; i++)
        {
            _phone.SendRtcp([0x80, 201, 0, 1, 0, 0, 0, 7, 0x81, 203, 0, 1, 0, 0, 0, 9]); // of another's
            _phone.SendRtcp([0x80, 201, 0, 1, 0, 0, 0, 7, 0x81, 203, 0, 1, 0, 0, 0, 7]);
            _phone.Say(Packets.Level(1000));
            _setup.Tick(5);
        }

        Assert.Equal((10L, 1), (_session.Statistics.PacketsReceived, _setup.Engine.OpenSessions));
        Assert.Equal(50, _phone.Received().Count);
    }

    [Fact]
    public void S_56_HugeCompoundsAndGarbage_CostNothingButThemselves()
    {
        _phone.Call(_session);
        byte[] report = [0x80, 201, 0, 1, 0, 0, 0, 7];
        byte[] huge = [.. report, .. Enumerable.Repeat<byte[]>([0x80, 204, 0, 2, 0, 0, 0, 7, 65, 65, 65, 65], 160).SelectMany(part => part)]; // APP
        _phone.SendRtcp(huge);
        _phone.SendRtcp([.. report, 0x83, 206, 0, 3, 0, 0, 0, 7, 0, 0, 0, 9, 8, 0, 255, 255]); // RPSI of no picture
        foreach (var garbage in (byte[][])[
            [0x80, 201], [0x80, 201, 255, 255, 0, 0, 0, 7], [0x9F, 200, 0, 6, .. new byte[24]], [.. report, 0x40, 203, 0, 0], [.. report, 0x80], [0x80, 202, 0, 0],
            new byte[4000], [.. huge, .. huge]])
            _phone.SendRtcp(garbage);
        _setup.Tick(6);
        Assert.Equal(8, _session.Statistics.PacketsDropped);
        _phone.Say(Packets.Level(1000));
        _setup.Tick();
        Assert.Equal(1, _session.Statistics.PacketsReceived);
        Assert.Empty(_setup.Logs.All);
    }

    [Fact]
    public void S_58_KeysPressedByAMachine_AreBounded_AndNotLogged()
    {
        var heard = 0;
        _session.DigitReceived = _ => heard++;
        _phone.Call(_session);
        ushort sequence = 1;
        for (var frame = 0; frame < 50; frame++)
        {
            for (var i = 0; i < 20; i++, sequence++) _phone.Send(Packets.Event(sequence, sequence * 160u, (byte)(sequence % 12), 160, isEnd: true, marker: true));
            _setup.Tick();
        }

        Assert.InRange(heard, 50, 66);
        Assert.Equal(1000 - heard, _setup.Meters["sipstead.media.packets.dropped flood"]);
        Assert.Empty(_setup.Logs.All);
        var before = heard;
        _setup.Tick();
        _phone.Send(Packets.Event(sequence, sequence * 160u, 5, 160, isEnd: true, marker: true));
        _setup.Tick();
        Assert.Equal(before + 1, heard);
    }

    public async ValueTask DisposeAsync()
    {
        _phone.Dispose();
        await _setup.DisposeAsync();
    }

    /// <summary>Before, at the start and in the middle of media, of the party and of somebody else.</summary>
    private void AssertIgnored(byte[] packet)
    {
        using var other = new Phone("127.0.0.66");
        _phone.Call(_session);
        other.Session = _phone.Session;
        for (var i = 0; i < 20; i++)
        {
            other.Send(packet);
            _phone.Send(packet);
            if (i > 5) _phone.Say(Packets.Level(1000));
            _setup.Tick();
        }

        Assert.Empty(other.Received());
        Assert.All(_phone.Received(), received => Assert.Equal(PacketKind.Rtp, PacketKinds.Of(received)));
        Assert.Equal((14L, 40L), (_session.Statistics.PacketsReceived, _session.Statistics.PacketsDropped));
        Assert.Equal(40, _setup.Meters["sipstead.media.packets.dropped kind"]);
    }
}
