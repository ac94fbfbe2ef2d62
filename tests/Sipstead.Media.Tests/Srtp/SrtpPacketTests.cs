using CsCheck;
using Sipstead.Media.Rtp;
using Sipstead.Media.Srtp;
using Sipstead.Media.Tests.Rtp;

namespace Sipstead.Media.Tests.Srtp;

/// <summary>Which protected packets are taken: tags, replay, numbers over their end, identifiers, and the end of a key (MED-08).</summary>
public sealed class SrtpPacketTests
{
    private static readonly byte[] Report = [0x81, 200, 0, 1, 0, 0, 0, 7, 1, 2, 3, 4];

    public static TheoryData<string> Suites =>
        ["AES_CM_128_HMAC_SHA1_80", "AES_CM_128_HMAC_SHA1_32", "AES_256_CM_HMAC_SHA1_80", "AES_256_CM_HMAC_SHA1_32", "AEAD_AES_128_GCM", "AEAD_AES_256_GCM"];

    [Theory]
    [MemberData(nameof(Suites))]
    public void MED_08_WhatIsProtected_IsReadBack_AndNothingElseIsTaken(string suite)
    {
        var key = SrtpKey.Create(SrtpSuite.Find(suite)!);
        using var sender = new SrtpSender(key);
        using var receiver = new SrtpReceiver(key);
        byte[] plain = [0x91, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 7, 0, 0, 0, 9, 0xBE, 0xDE, 0, 1, 5, 5, 5, 5, 1, 2, 3]; // with a source and an extension
        var (packet, report) = (sender.Protect(plain), sender.ProtectRtcp(Report));
        Assert.Equal(plain[..24], packet[..24]);
        Assert.NotEqual(plain[24..], packet[24..27]);
        Assert.NotEqual(Report[8..], report[8..12]);
        for (var bit = 0; bit < 8 * packet.Length; bit++) Assert.NotEqual(PacketFate.Taken, receiver.Unprotect(Flipped(packet, bit), out _));
        for (var bit = 0; bit < 8 * report.Length; bit++) Assert.NotEqual(PacketFate.Taken, receiver.UnprotectRtcp(Flipped(report, bit), out _));
        for (var length = 0; length < packet.Length; length++) Assert.NotEqual(PacketFate.Taken, receiver.Unprotect(packet.AsSpan(0, length), out _));
        for (var length = 0; length < report.Length; length++) Assert.NotEqual(PacketFate.Taken, receiver.UnprotectRtcp(report.AsSpan(0, length), out _));
        Assert.False(receiver.HasTaken);
        Assert.Equal(PacketFate.Taken, receiver.Unprotect(packet, out var plainLength));
        Assert.Equal(plain, packet[..plainLength]);
        Assert.Equal(PacketFate.Taken, receiver.UnprotectRtcp(report, out plainLength));
        Assert.Equal(Report, report[..plainLength]);
    }

    [Theory]
    [MemberData(nameof(Suites))]
    public void MED_08_WrongTag_LeavesThePacketAsItWas_ForTheFormerKey(string suite)
    {
        var key = SrtpKey.Create(SrtpSuite.Find(suite)!);
        using var sender = new SrtpSender(key);
        using var other = new SrtpReceiver(SrtpKey.Create(key.Suite));
        var packet = sender.Protect(Packets.Rtp(1, 2, Packets.Level(0)));
        var before = packet.ToArray();
        Assert.Equal(PacketFate.Authentication, other.Unprotect(packet, out _));
        Assert.Equal(before, packet);
    }

    [Fact]
    public void MED_08_RepeatedPackets_AreDropped_AndThoseThatAreTooOldToKnow()
    {
        var key = SrtpVectors.Key(SrtpSuite.AesCm128Sha80);
        using var sender = new SrtpSender(key);
        using var receiver = new SrtpReceiver(key);
        var packets = Enumerable.Range(100, 70).Select(sequence => sender.Protect(Packets.Rtp((ushort)sequence, 0, [1, 2, 3]))).ToList();
        Assert.Equal(PacketFate.Taken, Take(69));
        Assert.Equal(PacketFate.Replay, Take(69));
        Assert.Equal(PacketFate.Taken, Take(6)); // 63 behind
        Assert.Equal(PacketFate.Replay, Take(6));
        Assert.Equal(PacketFate.Replay, Take(5)); // 64 behind
        var reports = Enumerable.Range(0, 70).Select(_ => sender.ProtectRtcp(Report)).ToList();
        Assert.Equal(PacketFate.Taken, receiver.UnprotectRtcp(reports[69].ToArray(), out _));
        Assert.Equal(PacketFate.Replay, receiver.UnprotectRtcp(reports[69].ToArray(), out _));
        Assert.Equal(PacketFate.Taken, receiver.UnprotectRtcp(reports[6].ToArray(), out _));
        Assert.Equal(PacketFate.Replay, receiver.UnprotectRtcp(reports[5].ToArray(), out _));

        PacketFate Take(int number) => receiver.Unprotect(packets[number].ToArray(), out _);
    }

    [Fact]
    public void MED_08_AnyOrderWithinTheWindow_OverTheEndOfTheNumbers_TakesEachOnce() =>
        (from first in Gen.Int[65_400, 65_535]
         from order in Gen.Shuffle(Enumerable.Range(0, 200).ToArray())
         select (first, order)).Sample(
            given =>
            {
                var key = SrtpVectors.Key(SrtpSuite.AesCm128Sha80);
                using var sender = new SrtpSender(key);
                using var receiver = new SrtpReceiver(key);
                var packets = Enumerable.Range(given.first, 200).Select(number => sender.Protect(Packets.Rtp((ushort)number, 0, [1]))).ToList();
                Assert.Equal(PacketFate.Taken, receiver.Unprotect(packets[0].ToArray(), out _));
                foreach (var number in given.order.OrderBy(number => number / 30)) // shuffled by less than the window
                {
                    Assert.Equal(number == 0 ? PacketFate.Replay : PacketFate.Taken, receiver.Unprotect(packets[number].ToArray(), out var length));
                    if (number > 0) Assert.Equal(13, length);
                }
            },
            iter: 20);

    [Fact]
    public void MED_08_NumbersThatBeganAnewBeforeTheFirstPacketCame_AreFound()
    {
        var key = SrtpVectors.Key(SrtpSuite.AesCm128Sha80);
        using var sender = new SrtpSender(key);
        using var receiver = new SrtpReceiver(key);
        foreach (var lost in (ReadOnlySpan<ushort>)[65_534, 65_535]) sender.Protect(Packets.Rtp(lost, 0, [1]));
        Assert.Equal(PacketFate.Taken, receiver.Unprotect(sender.Protect(Packets.Rtp(0, 0, [1])), out _));
        Assert.Equal(PacketFate.Taken, receiver.Unprotect(sender.Protect(Packets.Rtp(1, 0, [1])), out _));
    }

    [Theory]
    [InlineData("AES_CM_128_HMAC_SHA1_80")]
    [InlineData("AEAD_AES_128_GCM")]
    public void MED_08_KeyIdentifier_IsTakenOff_AndAnotherRefused(string name)
    {
        var suite = SrtpSuite.Find(name)!;
        var key = SrtpKey.Create(suite);
        using var sender = new SrtpSender(key);
        using var receiver = new SrtpReceiver(new SrtpKey(suite, key.Octets, [0, 0, 0, 1]));
        var plain = Packets.Rtp(1, 2, [1, 2, 3]);
        var packet = sender.Protect(plain);
        Assert.Equal(PacketFate.Authentication, receiver.Unprotect(Identified(packet, suite.TagLength, 2), out _));
        var identified = Identified(packet, suite.TagLength, 1);
        Assert.Equal(PacketFate.Taken, receiver.Unprotect(identified, out var length));
        Assert.Equal(plain, identified[..length]);
        var report = Identified(sender.ProtectRtcp(Report), suite.RtcpTagLength, 1);
        Assert.Equal(PacketFate.Taken, receiver.UnprotectRtcp(report, out length));
        Assert.Equal(Report, report[..length]);

        byte[] Identified(byte[] octets, int tag, byte identifier)
        {
            var place = suite.IsAead ? octets.Length : octets.Length - tag;
            return [.. octets[..place], 0, 0, 0, identifier, .. octets[place..]];
        }
    }

    [Fact]
    public void MED_08_UsedUpKey_ProtectsNothingMore()
    {
        var key = SrtpVectors.Key(SrtpSuite.AesCm128Sha80);
        using var sender = new SrtpSender(key, rollovers: uint.MaxValue, rtcpIndex: int.MaxValue);
        sender.Protect(Packets.Rtp(65_535, 0, [1])); // number 2^48 - 1
        sender.ProtectRtcp(Report); // number 2^31 - 1
        for (var i = 0; i < 2; i++)
        {
            var (packet, length) = (ProtectedPackets.Roomy(Packets.Rtp((ushort)i, 0, [1])), 13);
            Assert.False(sender.TryProtect(packet, ref length));
            (packet, length) = (ProtectedPackets.Roomy(Report), Report.Length);
            Assert.False(sender.TryProtectRtcp(packet, ref length));
        }
    }

    [Fact]
    public void MED_08_SourcesOfOneKey_AreBounded_AndNoneIsForgotten()
    {
        var key = SrtpVectors.Key(SrtpSuite.AesCm128Sha80);
        using var receiver = new SrtpReceiver(key);
        for (uint ssrc = 0; ssrc < 20; ssrc++)
        {
            using var sender = new SrtpSender(key);
            var packet = sender.Protect(Packets.Rtp(1, 0, [1], ssrc: ssrc));
            Assert.Equal(ssrc < 16 ? PacketFate.Taken : PacketFate.Authentication, receiver.Unprotect(packet.ToArray(), out _));
            Assert.NotEqual(PacketFate.Taken, receiver.Unprotect(packet, out _));
        }
    }

    [Fact]
    public void MED_08_ReportWithoutEncryption_IsTaken_WhenItsTagIsRight()
    {
        using var transform = SrtpTransform.Create(SrtpVectors.Key(SrtpSuite.AesCm128Sha80), isRtcp: true);
        using var receiver = new SrtpReceiver(SrtpVectors.Key(SrtpSuite.AesCm128Sha80));
        byte[] octets = [.. Report, 0, 0, 0, 5, .. new byte[10]];
        transform.Seal(octets.AsSpan(0, Report.Length), Report.Length, 7, 5, 5, octets.AsSpan(Report.Length + 4));
        Assert.Equal(PacketFate.Taken, receiver.UnprotectRtcp(octets, out var length));
        Assert.Equal(Report, octets[..length]);
    }

    [Fact]
    public void MED_08_AnyOctets_AreRefusedWithoutThrowing() => Gen.Byte.Array[0, 200].Sample(octets =>
    {
        using var receiver = new SrtpReceiver(SrtpVectors.Key(SrtpSuite.AesCm128Sha32));
        Assert.NotEqual(PacketFate.Taken, receiver.UnprotectRtcp(octets, out _));
        if (octets.Length > 0) octets[0] = (byte)(0x80 | (octets[0] & 0x3F));
        Assert.NotEqual(PacketFate.Taken, receiver.Unprotect(octets, out _)); // a right tag of 32 bits comes by chance once in four thousand million times
    });

    private static byte[] Flipped(byte[] packet, int bit)
    {
        var copy = packet.ToArray();
        copy[bit / 8] ^= (byte)(1 << (bit % 8));
        return copy;
    }
}
