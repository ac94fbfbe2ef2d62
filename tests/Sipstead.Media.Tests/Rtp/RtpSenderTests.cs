using Sipstead.Media.Rtp;

namespace Sipstead.Media.Tests.Rtp;

/// <summary>What we send (RFC 3550 5.1, RFC 3551 4.1).</summary>
public sealed class RtpSenderTests
{
    private readonly SentPackets _sent = new();
    private readonly short[] _frame = new short[160];

    [Fact]
    public void MED_01_Beginnings_AreRandom()
    {
        var senders = Enumerable.Range(0, 20).Select(_ => new RtpSender(_sent)).ToList();
        foreach (var sender in senders) sender.Send(_frame, Packets.Media());
        Assert.Equal(20, senders.Select(sender => sender.Ssrc).Distinct().Count());
        Assert.Equal(20, senders.Select(sender => sender.Timestamp).Distinct().Count());
        Assert.True(Enumerable.Range(0, 20).Select(i => _sent[i].Sequence).Distinct().Count() > 15);
    }

    [Fact]
    public void MED_01_Marker_StandsWhereTalkStarts_AndTimestampsRunWithTheClock()
    {
        using var sender = new RtpSender(_sent);
        var media = Packets.Media();
        sender.Send(_frame, media);
        sender.Send(_frame, media);
        sender.Pause(5);
        sender.Send(_frame, media);
        Assert.Equal([true, false, true], Enumerable.Range(0, 3).Select(i => _sent[i].Marker));
        Assert.Equal([0u, 160u, 1120u], Enumerable.Range(0, 3).Select(i => _sent[i].Timestamp - _sent[0].Timestamp));
        Assert.Equal([0, 1, 2], Enumerable.Range(0, 3).Select(i => (int)(ushort)(_sent[i].Sequence - _sent[0].Sequence)));
        Assert.Equal((3L, 480L), (sender.Packets, sender.Octets));
    }

    [Theory]
    [InlineData(80, 12)]
    [InlineData(160, 6)]
    [InlineData(240, 4)]
    [InlineData(320, 3)]
    [InlineData(480, 2)]
    public void OA_09_Packets_AreAsLongAsWasAgreed(int samples, int packets)
    {
        using var sender = new RtpSender(_sent);
        for (var i = 0; i < 6; i++) sender.Send(_frame, Packets.Media(packetSamples: samples));
        Assert.Equal(packets, _sent.Length);
        for (var i = 0; i < packets; i++)
        {
            Assert.Equal(samples, _sent[i].Payload.Length);
            Assert.Equal((uint)(samples * i), _sent[i].Timestamp - _sent[0].Timestamp);
        }
    }
}
