namespace Sipstead.Media.Sdp;

/// <summary>Which way media goes, from the view of who wrote the description (RFC 8866 6.7).</summary>
[Flags]
internal enum SdpDirection
{
    Inactive = 0,
    Send = 1,
    Receive = 2,
    SendReceive = Send | Receive,
}

internal static class SdpDirections
{
    public static string Name(this SdpDirection direction) => direction switch
    {
        SdpDirection.SendReceive => "sendrecv",
        SdpDirection.Send => "sendonly",
        SdpDirection.Receive => "recvonly",
        _ => "inactive",
    };

    /// <summary>The same from the other side.</summary>
    public static SdpDirection Reversed(this SdpDirection direction) => direction switch
    {
        SdpDirection.Send => SdpDirection.Receive,
        SdpDirection.Receive => SdpDirection.Send,
        _ => direction,
    };

    /// <summary>The direction that the first such attribute names; null when there is none.</summary>
    public static SdpDirection? Find(IReadOnlyList<SdpAttribute> attributes)
    {
        foreach (var attribute in attributes)
        {
            if (attribute.Value is not null) continue;
            foreach (var direction in (ReadOnlySpan<SdpDirection>)[SdpDirection.SendReceive, SdpDirection.Send, SdpDirection.Receive, SdpDirection.Inactive])
                if (attribute.Name == direction.Name()) return direction;
        }

        return null;
    }
}
