namespace Sipstead.Media;

/// <summary>What a session sent and received so far.</summary>
public sealed record MediaStatistics
{
    /// <summary>RTP packets sent.</summary>
    public long PacketsSent { get; init; }

    /// <summary>Octets of RTP payload sent.</summary>
    public long OctetsSent { get; init; }

    /// <summary>RTP packets of the party, without those that were dropped.</summary>
    public long PacketsReceived { get; init; }

    /// <summary>Octets of RTP payload received.</summary>
    public long OctetsReceived { get; init; }

    /// <summary>Packets of the present source that did not come (RFC 3550 6.4.1); below zero never.</summary>
    public long PacketsLost { get; init; }

    /// <summary>Packets that came too late to be played.</summary>
    public long PacketsLate { get; init; }

    /// <summary>Packets dropped: unreadable, not agreed on, repeated, or not of the party.</summary>
    public long PacketsDropped { get; init; }

    /// <summary>Mean deviation of the packets' spacing (RFC 3550 6.4.1).</summary>
    public TimeSpan Jitter { get; init; }

    /// <summary>Audio that was made up because packets were lost or late; pauses of the party are none.</summary>
    public TimeSpan Concealed { get; init; }

    /// <summary>Per cent of our packets that the party missed, by its last report (RFC 3550 6.4.1); null when it does not report.</summary>
    public double? RemoteLossPercent { get; init; }

    /// <summary>Mean deviation of the spacing of our packets as the party sees it; null when it does not report.</summary>
    public TimeSpan? RemoteJitter { get; init; }

    /// <summary>Time to the party and back; null when it does not report.</summary>
    public TimeSpan? RoundTrip { get; init; }

    /// <summary>Codec in use, as in SDP; null before one was agreed on.</summary>
    public string? Codec { get; init; }

    /// <summary>Crypto-suite of SRTP, as in SDP; null for media in clear.</summary>
    public string? Encryption { get; init; }

    /// <summary>How long nothing came of the party, RTCP included; from the first agreement on.</summary>
    public TimeSpan Silence { get; init; }
}
