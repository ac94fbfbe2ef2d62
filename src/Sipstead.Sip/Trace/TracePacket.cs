using System.Buffers.Binary;
using Sipstead.Sip.Transport;

namespace Sipstead.Sip.Trace;

/// <summary>
/// An IP packet around a traced message (RFC 791, 8200, 768, 9293): TCP for a message over plain TCP, else UDP, since what came by TLS or WebSocket is here
/// as it was inside of them.
/// </summary>
internal readonly ref struct TracePacket
{
    private const int Ipv4Header = 20;
    private const int Ipv6Header = 40;
    private const int UdpHeader = 8;
    private const int TcpHeader = 20;
    private const byte UdpProtocol = 17;
    private const byte TcpProtocol = 6;
    private const byte HopLimit = 64;
    private const int MaxPacket = 65_535;

    private readonly TracedMessage _message;
    private readonly bool _isIpv4;

    public TracePacket(TracedMessage message)
    {
        _message = message;
        _isIpv4 = message.Peer.IsIpv4 && message.Local.IsIpv4;
        PayloadOnTheWire = Math.Min(message.Octets.Length + message.CutOctets, MaxPacket - HeaderLength);
    }

    /// <summary>Octets of the packet that there are.</summary>
    public int Length => HeaderLength + _message.Octets.Length;

    /// <summary>Octets of the packet with what was cut.</summary>
    public int LengthOnTheWire => HeaderLength + PayloadOnTheWire;

    /// <summary>Octets of the message with what was cut, as far as a packet holds them.</summary>
    public int PayloadOnTheWire { get; }

    private bool IsTcp => _message.Transport == SipTransport.Tcp;

    private bool IsCut => PayloadOnTheWire > _message.Octets.Length;

    private int IpHeader => _isIpv4 ? Ipv4Header : Ipv6Header;

    private int TransportHeader => IsTcp ? TcpHeader : UdpHeader;

    private int HeaderLength => IpHeader + TransportHeader;

    /// <summary>Writes the packet.</summary>
    /// <param name="sequence">TCP: number of the first octet of the message.</param>
    /// <param name="acknowledged">TCP: number of the octet that is expected from the other side.</param>
    public void Write(Span<byte> packet, uint sequence, uint acknowledged)
    {
        packet[..HeaderLength].Clear();
        _message.Octets.Span.CopyTo(packet[HeaderLength..]);
        if (_isIpv4) WriteIpv4(packet);
        else WriteIpv6(packet);
        var segment = packet[IpHeader..];
        BinaryPrimitives.WriteUInt16BigEndian(segment, _message.From.Port);
        BinaryPrimitives.WriteUInt16BigEndian(segment[2..], _message.To.Port);
        if (IsTcp) WriteTcp(segment, sequence, acknowledged);
        else WriteUdp(segment);
    }

    private void WriteIpv4(Span<byte> header)
    {
        header[0] = 0x45; // version 4, five words
        BinaryPrimitives.WriteUInt16BigEndian(header[2..], (ushort)LengthOnTheWire);
        BinaryPrimitives.WriteUInt16BigEndian(header[6..], 0x4000); // do not fragment
        header[8] = HopLimit;
        header[9] = IsTcp ? TcpProtocol : UdpProtocol;
        BinaryPrimitives.WriteUInt32BigEndian(header[12..], (uint)(ulong)_message.From.Bits);
        BinaryPrimitives.WriteUInt32BigEndian(header[16..], (uint)(ulong)_message.To.Bits);
        BinaryPrimitives.WriteUInt16BigEndian(header[10..], InternetChecksum.Of(InternetChecksum.Add(0, header[..Ipv4Header])));
    }

    private void WriteIpv6(Span<byte> header)
    {
        header[0] = 0x60; // version 6
        BinaryPrimitives.WriteUInt16BigEndian(header[4..], (ushort)(TransportHeader + PayloadOnTheWire));
        header[6] = IsTcp ? TcpProtocol : UdpProtocol;
        header[7] = HopLimit;
        BinaryPrimitives.WriteUInt128BigEndian(header[8..], _message.From.Bits);
        BinaryPrimitives.WriteUInt128BigEndian(header[24..], _message.To.Bits);
    }

    private void WriteUdp(Span<byte> segment)
    {
        BinaryPrimitives.WriteUInt16BigEndian(segment[4..], (ushort)(UdpHeader + PayloadOnTheWire));
        var checksum = ChecksumOf(segment);
        BinaryPrimitives.WriteUInt16BigEndian(segment[6..], checksum == 0 && !IsCut ? ushort.MaxValue : checksum); // 0 is for none
    }

    private void WriteTcp(Span<byte> segment, uint sequence, uint acknowledged)
    {
        BinaryPrimitives.WriteUInt32BigEndian(segment[4..], sequence);
        BinaryPrimitives.WriteUInt32BigEndian(segment[8..], acknowledged);
        segment[12] = TcpHeader / 4 << 4;
        segment[13] = 0x18; // PSH, ACK
        BinaryPrimitives.WriteUInt16BigEndian(segment[14..], ushort.MaxValue);
        BinaryPrimitives.WriteUInt16BigEndian(segment[16..], ChecksumOf(segment));
    }

    /// <summary>Over pseudo header and segment; 0 when a part of it is missing.</summary>
    private ushort ChecksumOf(ReadOnlySpan<byte> segment)
    {
        if (IsCut) return 0;
        Span<byte> pseudo = stackalloc byte[Ipv6Header];
        BinaryPrimitives.WriteUInt128BigEndian(pseudo, _isIpv4 ? (uint)(ulong)_message.From.Bits : _message.From.Bits);
        BinaryPrimitives.WriteUInt128BigEndian(pseudo[16..], _isIpv4 ? (uint)(ulong)_message.To.Bits : _message.To.Bits);
        BinaryPrimitives.WriteInt32BigEndian(pseudo[32..], segment.Length);
        BinaryPrimitives.WriteInt32BigEndian(pseudo[36..], IsTcp ? TcpProtocol : UdpProtocol);
        return InternetChecksum.Of(InternetChecksum.Add(InternetChecksum.Add(0, pseudo), segment));
    }
}
