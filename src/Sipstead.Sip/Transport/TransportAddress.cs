using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Sipstead.Sip.Transport;

/// <summary>IP address and port as a value: no object per packet. IPv4 is kept in its IPv4-mapped form.</summary>
public readonly record struct TransportAddress
{
    private const int Ipv4Family = 2;
    private const int Ipv6Family = 10;
    private const ulong MappedPrefix = 0xFFFF;

    /// <summary>Longest text of an address, without port or brackets.</summary>
    public const int MaxTextLength = 45;

    public TransportAddress(UInt128 bits, int port, uint scopeId = 0)
    {
        Bits = bits;
        Port = (ushort)port;
        ScopeId = scopeId;
    }

    public TransportAddress(IPEndPoint endPoint)
    {
        ArgumentNullException.ThrowIfNull(endPoint);
        Span<byte> octets = stackalloc byte[16];
        endPoint.Address.MapToIPv6().TryWriteBytes(octets, out _);
        Bits = BinaryPrimitives.ReadUInt128BigEndian(octets);
        Port = (ushort)endPoint.Port;
        ScopeId = endPoint.AddressFamily == AddressFamily.InterNetworkV6 ? (uint)endPoint.Address.ScopeId : 0;
    }

    /// <summary>The 16 octets of the address, in network order.</summary>
    public UInt128 Bits { get; }

    public ushort Port { get; }

    /// <summary>Interface index of a link-local IPv6 address, else 0.</summary>
    public uint ScopeId { get; }

    public bool IsIpv4 => (ulong)(Bits >> 64) == 0 && (ulong)Bits >> 32 == MappedPrefix;

    public bool IsLoopback => IsIpv4 ? (byte)((ulong)Bits >> 24) == 127 : Bits == UInt128.One;

    /// <summary>True for the unspecified address.</summary>
    public bool IsAny => Bits == UInt128.Zero || (IsIpv4 && (uint)(ulong)Bits == 0);

    /// <summary>True for multicast, and for the IPv4 limited broadcast address.</summary>
    public bool IsMulticastOrBroadcast => IsIpv4
        ? (byte)((ulong)Bits >> 28 & 0xF) == 0xE || (uint)(ulong)Bits == uint.MaxValue
        : (byte)(Bits >> 120) == 0xFF;

    public TransportAddress WithPort(int port) => new(Bits, port, ScopeId);

    public IPAddress ToIPAddress()
    {
        Span<byte> octets = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(octets, Bits);
        return IsIpv4 ? new IPAddress(octets[12..]) : new IPAddress(octets, ScopeId);
    }

    public IPEndPoint ToIPEndPoint() => new(ToIPAddress(), Port);

    public override string ToString() => ToIPEndPoint().ToString();

    /// <summary>Reads a host of a URI or Via that is an address; IPv6 with or without brackets.</summary>
    public static bool TryParseHost(ReadOnlySpan<byte> host, int port, out TransportAddress address)
    {
        if (TryParseIpv4(host, out var ipv4))
        {
            address = FromIpv4(ipv4, port);
            return true;
        }

        var isIpv6 = Ipv6Text.TryParse(Messages.SipUri.TrimBrackets(host), out var ipv6);
        address = isIpv6 ? new TransportAddress(ipv6, port) : default;
        return isIpv6;
    }

    /// <summary>Writes the address without brackets and port, IPv6 in the form of RFC 5952. Returns its length.</summary>
    public int FormatAddress(Span<byte> destination) => IsIpv4 ? FormatIpv4(destination) : Ipv6Text.Format(Bits, destination);

    /// <summary>Reads a Linux <c>sockaddr_in</c> or <c>sockaddr_in6</c>.</summary>
    internal static TransportAddress FromSockaddr(ReadOnlySpan<byte> sockaddr)
    {
        var port = BinaryPrimitives.ReadUInt16BigEndian(sockaddr[2..]);
        if (BinaryPrimitives.ReadUInt16LittleEndian(sockaddr) == Ipv4Family) return FromIpv4(BinaryPrimitives.ReadUInt32BigEndian(sockaddr[4..]), port);
        return new TransportAddress(BinaryPrimitives.ReadUInt128BigEndian(sockaddr[8..]), port, BinaryPrimitives.ReadUInt32LittleEndian(sockaddr[24..]));
    }

    internal static TransportAddress FromIpv4(uint address, int port) => new(((UInt128)MappedPrefix << 32) | address, port);

    /// <summary>Writes the sockaddr that a socket of the given family takes; 28 octets are enough. Returns its length.</summary>
    internal int WriteSockaddr(Span<byte> sockaddr)
    {
        if (IsIpv4)
        {
            sockaddr[..16].Clear();
            BinaryPrimitives.WriteUInt16LittleEndian(sockaddr, Ipv4Family);
            BinaryPrimitives.WriteUInt16BigEndian(sockaddr[2..], Port);
            BinaryPrimitives.WriteUInt32BigEndian(sockaddr[4..], (uint)(ulong)Bits);
            return 16;
        }

        sockaddr[..28].Clear();
        BinaryPrimitives.WriteUInt16LittleEndian(sockaddr, Ipv6Family);
        BinaryPrimitives.WriteUInt16BigEndian(sockaddr[2..], Port);
        BinaryPrimitives.WriteUInt128BigEndian(sockaddr[8..], Bits);
        BinaryPrimitives.WriteUInt32LittleEndian(sockaddr[24..], ScopeId);
        return 28;
    }

    /// <summary>Four decimal numbers without leading zeros; no other notation, which some resolvers take (octal, too) and others do not.</summary>
    internal static bool TryParseIpv4(ReadOnlySpan<byte> text, out uint address)
    {
        address = 0;
        for (var part = 0; part < 4; part++)
        {
            var end = part == 3 ? text.Length : text.IndexOf((byte)'.');
            if (end is < 1 or > 3 || (end > 1 && text[0] == '0')) return false;
            if (!Parsing.SipNumber.TryParse(text[..end], 255, out var number)) return false;
            address = (address << 8) | (uint)number;
            text = part == 3 ? default : text[(end + 1)..];
        }

        return true;
    }

    private int FormatIpv4(Span<byte> destination)
    {
        var address = (uint)(ulong)Bits;
        var length = 0;
        for (var shift = 24; shift >= 0; shift -= 8)
        {
            if (shift != 24) destination[length++] = (byte)'.';
            ((byte)(address >> shift)).TryFormat(destination[length..], out var written);
            length += written;
        }

        return length;
    }
}
