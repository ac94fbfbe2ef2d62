using System.Net;
using System.Net.Sockets;
using Sipstead.Media.Codecs;
using Sipstead.Media.Rtp;

namespace Sipstead.Media.Sdp;

/// <summary>What a party's audio line says, read and judged.</summary>
internal sealed class RemoteMedia
{
    private const int DefaultPacketTime = 20;
    private const int MinPacketTime = 10;
    private const int MaxPacketTime = 60;

    public required MediaFormats Formats { get; init; }

    /// <summary>Where RTP goes; none when the address is the unspecified one.</summary>
    public MediaAddress Address { get; private init; }

    /// <summary>Where RTCP goes.</summary>
    public MediaAddress RtcpAddress { get; private init; }

    public bool IsRtcpMux { get; private init; }

    /// <summary>The party's direction; an unspecified address takes receiving from it (RFC 3264 8.4).</summary>
    public SdpDirection Direction { get; private init; }

    /// <summary>Milliseconds of a packet: its ptime, within 10 to 60 and not above its maxptime.</summary>
    public int PacketTime { get; private init; }

    /// <summary>Reads an audio line whose port is not 0; its protocol is <see cref="KeyExchange"/>'s. Either the result or the refusal is there.</summary>
    /// <param name="description">What the line stands in.</param>
    /// <param name="media">The line.</param>
    /// <param name="family">That of our own address.</param>
    /// <param name="usable">The codecs that may be used.</param>
    /// <param name="offered">What our offer said, when this is an answer to it.</param>
    public static (RemoteMedia? Remote, MediaRefusal? Refusal) Read(
        SdpDescription description, SdpMedia media, AddressFamily family, IReadOnlyList<AudioCodec> usable, MediaFormats? offered = null)
    {
        if (Judge(media.Connection ?? description.Connection, media.Port, family, out var address) is { } refusal) return (null, refusal);
        var formats = MediaFormats.Read(media, usable, offered);
        if (formats.Codecs.Count == 0) return (null, MediaRefusal.NotAcceptable(305, "Incompatible media format"));
        var isMux = media.Find("rtcp-mux") is not null;
        if (!TryReadRtcp(media.Find("rtcp"), address, family, out var rtcp))
            return (null, MediaRefusal.NotAcceptable(301, "Incompatible network address in the rtcp attribute"));
        var direction = SdpDirections.Find(media.Attributes) ?? SdpDirections.Find(description.Attributes) ?? SdpDirection.SendReceive;
        return (new RemoteMedia
        {
            Formats = formats,
            Address = address.IsAny ? default : address,
            RtcpAddress = address.IsAny ? default : isMux ? address : rtcp,
            IsRtcpMux = isMux,
            Direction = address.IsAny ? direction & ~SdpDirection.Receive : direction,
            PacketTime = ReadPacketTime(media),
        }, null);
    }

    /// <summary>Only an address that can be one party's: no name (resolving it would let a description make us ask any DNS), no group.</summary>
    private static MediaRefusal? Judge(SdpConnection? connection, int port, AddressFamily family, out MediaAddress address)
    {
        address = default;
        if (connection is null) return new MediaRefusal(400, SdpError.Connection.Phrase());
        if (connection.AddressType != (family == AddressFamily.InterNetworkV6 ? "IP6" : "IP4"))
            return MediaRefusal.NotAcceptable(300, "Incompatible network protocol");
        var slash = connection.Address.IndexOf('/', StringComparison.Ordinal);
        if (!TryReadAddress(slash < 0 ? connection.Address : connection.Address[..slash], port, family, out address))
            return MediaRefusal.NotAcceptable(301, "Incompatible network address format");
        if (address.IsMulticast || slash >= 0) return MediaRefusal.NotAcceptable(330, "Multicast is not available");
        return address.IsBroadcast ? MediaRefusal.NotAcceptable(301, "Incompatible network address") : null;
    }

    /// <summary>The rtcp attribute: a port, and perhaps an address (RFC 3605 2.1). Without it, the next port.</summary>
    private static bool TryReadRtcp(string? value, MediaAddress rtp, AddressFamily family, out MediaAddress rtcp)
    {
        rtcp = rtp.WithPort(Math.Min(rtp.Port + 1, ushort.MaxValue));
        if (value is null) return true;
        var parts = value.Split(' ');
        if (!AsciiText.TryReadNumber(parts[0], ushort.MaxValue, out var port) || port == 0) return true; // nonsense is as good as nothing
        rtcp = rtp.WithPort(port);
        if (parts.Length != 4) return true;
        return TryReadAddress(parts[3], port, family, out rtcp) && !rtcp.IsMulticast && !rtcp.IsBroadcast && !rtcp.IsAny;
    }

    private static bool TryReadAddress(string text, int port, AddressFamily family, out MediaAddress address)
    {
        address = default;
        if (!IPAddress.TryParse(text, out var parsed) || parsed.AddressFamily != family || parsed.IsIPv4MappedToIPv6) return false;
        // IPAddress takes more than RFC 8866 9 has: octal and short forms of IPv4, brackets and scopes of IPv6.
        if (family == AddressFamily.InterNetwork ? parsed.ToString() != text : text.AsSpan().ContainsAny('[', '%')) return false;
        address = new MediaAddress(parsed, port);
        return true;
    }

    private static int ReadPacketTime(SdpMedia media)
    {
        var time = Milliseconds(media.Find("ptime")) ?? DefaultPacketTime;
        if (Milliseconds(media.Find("maxptime")) is { } max) time = Math.Min(time, max);
        return Math.Clamp(time / MinPacketTime * MinPacketTime, MinPacketTime, MaxPacketTime); // whole steps of 10 ms
    }

    private static int? Milliseconds(string? text) => text is not null && AsciiText.TryReadNumber(text.Trim(), 10_000, out var value) && value > 0 ? value : null;
}
