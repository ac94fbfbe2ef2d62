namespace Sipstead.Media.Sdp;

/// <summary>What is wrong with a description.</summary>
internal enum SdpError
{
    None,

    /// <summary>Larger than <see cref="SdpLimits"/> allow.</summary>
    TooLarge,

    /// <summary>A line that is not a letter, an equals sign and a value, or an octet that no value may have.</summary>
    Line,

    /// <summary>Lines that are not in the order v, o, s, t, m, or a missing one.</summary>
    Order,
    Version,
    Origin,
    Connection,
    Media,
    Attribute,
}

internal static class SdpErrors
{
    /// <summary>One phrase for the peer's owner.</summary>
    public static string Phrase(this SdpError error) => error switch
    {
        SdpError.None => "SDP is fine",
        SdpError.TooLarge => "SDP is too large",
        SdpError.Line => "SDP has an unreadable line",
        SdpError.Order => "SDP lacks a line or has them in the wrong order",
        SdpError.Version => "SDP version is not 0",
        SdpError.Origin => "SDP o= line is unreadable",
        SdpError.Connection => "SDP c= line is unreadable",
        SdpError.Media => "SDP m= line is unreadable",
        SdpError.Attribute => "SDP a= line is unreadable",
        _ => "SDP is unreadable",
    };
}
