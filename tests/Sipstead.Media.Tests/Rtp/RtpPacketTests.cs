using CsCheck;
using Sipstead.Media.Rtp;

namespace Sipstead.Media.Tests.Rtp;

/// <summary>RTP packets as octets (RFC 3550 5.1), and which datagrams are any (RFC 7983).</summary>
public sealed class RtpPacketTests
{
    private static readonly Gen<byte[]> Payload = Gen.Byte.Array[0, 500];

    [Fact]
    public void MED_01_WhatIsWritten_IsReadBack() =>
        Gen.Select(Gen.UShort, Gen.UInt, Gen.UInt, Gen.Byte[0, 127], Gen.Bool, Payload).Sample((sequence, timestamp, ssrc, type, marker, payload) =>
        {
            Assert.True(RtpPacket.TryRead(Packets.Rtp(sequence, timestamp, payload, type, ssrc, marker), out var packet));
            Assert.Equal((sequence, timestamp, ssrc, type, marker), (packet.Sequence, packet.Timestamp, packet.Ssrc, packet.PayloadType, packet.Marker));
            Assert.Equal(payload, packet.Payload.ToArray());
        });

    [Fact]
    public void MED_01_SourcesExtensionAndPadding_AreTakenOff() =>
        Gen.Select(Gen.Int[0, 15], Gen.Int[-1, 20], Gen.Int[0, 255], Payload).Sample((sources, extension, padding, payload) =>
        {
            byte[] octets =
            [
                .. Packets.Rtp(1, 2, []), .. new byte[4 * sources],
                .. extension < 0 ? [] : (byte[])[0xBE, 0xDE, 0, (byte)extension, .. new byte[4 * extension]],
                .. payload, .. padding == 0 ? [] : (byte[])[.. new byte[padding - 1], (byte)padding],
            ];
            octets[0] |= (byte)(sources | (extension < 0 ? 0 : 0x10) | (padding == 0 ? 0 : 0x20));
            Assert.True(RtpPacket.TryRead(octets, out var packet));
            Assert.Equal(payload, packet.Payload.ToArray());
        });

    [Theory]
    [InlineData("")]
    [InlineData("80")]
    [InlineData("8000000100000002000000")] // eleven octets
    [InlineData("400000010000000200000007")] // version 1
    [InlineData("C00000010000000200000007")] // version 3
    [InlineData("810000010000000200000007")] // a source that is not there
    [InlineData("900000010000000200000007")] // an extension that is not there
    [InlineData("900000010000000200000007BEDE0001")] // one that is cut
    [InlineData("A00000010000000200000007")] // more padding than packet
    [InlineData("A0000001000000020000000700")] // padding of none
    [InlineData("A000000100000002000000070002FF")]
    public void MED_01_PacketWhosePartsDoNotFit_IsRefused(string hex) => Assert.False(RtpPacket.TryRead(Convert.FromHexString(hex), out _));

    [Fact]
    public void MED_01_AnyOctets_AreReadWithoutThrowing() => Gen.Byte.Array[0, 80].Sample(octets =>
    {
        if (octets.Length > 0) octets[0] = (byte)(0x80 | (octets[0] & 0x3F));
        _ = RtpPacket.TryRead(octets, out _);
        _ = RtcpCompound.TryRead(octets, 7, out _);
        _ = PacketKinds.Of(octets);
        _ = TelephoneEvent.TryRead(octets, out _);
    });

    [Fact]
    public void MED_11_FirstOctets_TellTheKindOfADatagram()
    {
        for (var first = 0; first < 256; first++)
        {
            for (var second = 0; second < 256; second++)
            {
                var kind = first switch
                {
                    < 4 => PacketKind.Stun,
                    >= 20 and < 64 => PacketKind.Dtls,
                    >= 128 and < 192 => second is >= 192 and <= 223 ? PacketKind.Rtcp : PacketKind.Rtp,
                    _ => PacketKind.Unknown,
                };
                Assert.Equal(kind, PacketKinds.Of([(byte)first, (byte)second, 0, 0]));
            }
        }

        Assert.Equal(PacketKind.Unknown, PacketKinds.Of([]));
    }
}
