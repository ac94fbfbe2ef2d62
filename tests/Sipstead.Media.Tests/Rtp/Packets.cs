using System.Net;
using Sipstead.Media.Codecs;
using Sipstead.Media.Rtp;
using Sipstead.Media.Sdp;

namespace Sipstead.Media.Tests.Rtp;

/// <summary>Packets of a party, and what they are taken by.</summary>
internal static class Packets
{
    public const int EventPayload = 101;

    public static NegotiatedMedia Media(
        string remote = "192.0.2.1:4000", int eventPayload = EventPayload, int packetSamples = 160, bool mayReceive = true, AudioCodec? codec = null)
    {
        var media = new NegotiatedMedia
        {
            Remote = Address(remote), RemoteRtcp = Address(remote).WithPort(4001), MaySend = true, MayReceive = mayReceive,
            Format = new CodecFormat((codec ?? AudioCodec.Pcmu).Payload, codec ?? AudioCodec.Pcmu), Event = eventPayload < 0 ? null : Event(eventPayload, codec),
            PacketSamples = packetSamples,
        };
        foreach (var known in AudioCodec.All) media.Expect(known.Payload, PayloadUse.Of(known));
        return eventPayload < 0 ? media : media.Expect(eventPayload, PayloadUse.Of(Event(eventPayload, codec)));
    }

    private static EventFormat Event(int payload, AudioCodec? codec) => new((byte)payload, (codec ?? AudioCodec.Pcmu).ClockRate);

    public static MediaAddress Address(string text)
    {
        var endPoint = IPEndPoint.Parse(text);
        return new MediaAddress(endPoint.Address, endPoint.Port);
    }

    public static byte[] Rtp(ushort sequence, uint timestamp, ReadOnlySpan<byte> payload, byte payloadType = 0, uint ssrc = 7, bool marker = false)
    {
        var octets = new byte[RtpPacket.HeaderSize + payload.Length];
        RtpPacket.WriteHeader(octets, payloadType, marker, sequence, timestamp, ssrc);
        payload.CopyTo(octets.AsSpan(RtpPacket.HeaderSize));
        return octets;
    }

    public static byte[] Event(ushort sequence, uint timestamp, byte number, ushort duration, bool isEnd = false, bool marker = false)
    {
        Span<byte> payload = stackalloc byte[TelephoneEvent.Size];
        new TelephoneEvent(number, isEnd, 10, duration).Write(payload);
        return Rtp(sequence, timestamp, payload, EventPayload, marker: marker);
    }

    /// <summary>Audio of one level.</summary>
    public static byte[] Level(short sample, int count = 160)
    {
        var codes = new byte[count];
        Array.Fill(codes, G711.EncodeMuLaw(sample));
        return codes;
    }
}

/// <summary>Keeps the packets that are sent.</summary>
internal sealed class SentPackets : IPacketOutput
{
    public List<byte[]> All { get; } = [];

    public int Length => All.Count;

    public void Send(ReadOnlySpan<byte> packet) => All.Add(packet.ToArray());

    public RtpPacket this[int index]
    {
        get
        {
            Assert.True(RtpPacket.TryRead(All[index], out var packet));
            return packet;
        }
    }
}
