using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Sipstead.Media.Rtp;

/// <summary>IP address and UDP port as a value, so that a packet's source costs no object. IPv4 is kept in its IPv4-mapped form.</summary>
internal readonly record struct MediaAddress
{
    /// <summary>Octets of the largest socket address, sockaddr_in6.</summary>
    public const int SockaddrSize = 28;

    private const ushort Ipv4Family = 2;
    private const ushort Ipv6Family = 10;
    private const ulong MappedPrefix = 0xFFFF;

    public MediaAddress(IPAddress address, int port)
    {
        Span<byte> octets = stackalloc byte[16];
        address.MapToIPv6().TryWriteBytes(octets, out _);
        Bits = BinaryPrimitives.ReadUInt128BigEndian(octets);
        ScopeId = address.AddressFamily == AddressFamily.InterNetworkV6 ? (uint)address.ScopeId : 0;
        Port = (ushort)port;
    }

    private MediaAddress(UInt128 bits, ushort port, uint scopeId)
    {
        Bits = bits;
        Port = port;
        ScopeId = scopeId;
    }

    /// <summary>The 16 octets of the address.</summary>
    public UInt128 Bits { get; }

    public ushort Port { get; }

    /// <summary>Interface of a link-local IPv6 address, else 0.</summary>
    public uint ScopeId { get; }

    /// <summary>True for the default value: no address.</summary>
    public bool IsNone => Port == 0;

    public bool IsIpv4 => (ulong)(Bits >> 64) == 0 && (ulong)Bits >> 32 == MappedPrefix;

    public bool IsLoopback => IsIpv4 ? Ipv4 >> 24 == 127 : Bits == UInt128.One;

    /// <summary>True for the unspecified address.</summary>
    public bool IsAny => IsIpv4 ? Ipv4 == 0 : Bits == UInt128.Zero;

    public bool IsMulticast => IsIpv4 ? Ipv4 >> 28 == 0xE : (byte)(Bits >> 120) == 0xFF;

    public bool IsBroadcast => IsIpv4 && Ipv4 == uint.MaxValue;

    /// <summary>True for addresses that mean something in one network only (RFC 1918, 6598, 3927, 4193, 4291 2.5.6), without loopback.</summary>
    public bool IsPrivate
    {
        get
        {
            if (!IsIpv4) return (byte)(Bits >> 121) == 0xFC >> 1 || (ushort)(Bits >> 118) == 0xFE80 >> 6;
            return Ipv4 >> 24 == 10 || Ipv4 >> 20 == 0xAC1 || Ipv4 >> 16 is 0xC0A8 or 0xA9FE || Ipv4 >> 22 == 0x6440 >> 6;
        }
    }

    private uint Ipv4 => (uint)(ulong)Bits;

    public bool HasSameHost(MediaAddress other) => Bits == other.Bits;

    public MediaAddress WithPort(int port) => new(Bits, (ushort)port, ScopeId);

    public override string ToString() => new IPEndPoint(ToIPAddress(), Port).ToString();

    /// <summary>Reads a struct sockaddr_in or sockaddr_in6; the default value for another family.</summary>
    public static MediaAddress FromSockaddr(ReadOnlySpan<byte> sockaddr)
    {
        var port = BinaryPrimitives.ReadUInt16BigEndian(sockaddr[2..]);
        return BitConverter.ToUInt16(sockaddr) switch
        {
            Ipv4Family => new MediaAddress(((UInt128)MappedPrefix << 32) | BinaryPrimitives.ReadUInt32BigEndian(sockaddr[4..]), port, 0),
            Ipv6Family => new MediaAddress(BinaryPrimitives.ReadUInt128BigEndian(sockaddr[8..]), port, BitConverter.ToUInt32(sockaddr[24..])),
            _ => default,
        };
    }

    /// <summary>Writes a struct sockaddr_in or sockaddr_in6, and returns its length.</summary>
    public int WriteSockaddr(Span<byte> sockaddr)
    {
        sockaddr[..SockaddrSize].Clear();
        BitConverter.TryWriteBytes(sockaddr, IsIpv4 ? Ipv4Family : Ipv6Family);
        BinaryPrimitives.WriteUInt16BigEndian(sockaddr[2..], Port);
        if (IsIpv4)
        {
            BinaryPrimitives.WriteUInt32BigEndian(sockaddr[4..], Ipv4);
            return 16;
        }

        BinaryPrimitives.WriteUInt128BigEndian(sockaddr[8..], Bits);
        BitConverter.TryWriteBytes(sockaddr[24..], ScopeId);
        return SockaddrSize;
    }

    private IPAddress ToIPAddress()
    {
        Span<byte> octets = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(octets, Bits);
        return IsIpv4 ? new IPAddress(octets[12..]) : new IPAddress(octets, ScopeId);
    }
}
