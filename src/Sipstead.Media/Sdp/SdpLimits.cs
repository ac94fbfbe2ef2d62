namespace Sipstead.Media.Sdp;

/// <summary>How much of a peer's description is read (OA-11).</summary>
internal static class SdpLimits
{
    /// <summary>Octets of a description.</summary>
    public const int Octets = 64 * 1024;

    /// <summary>Media lines.</summary>
    public const int Media = 32;

    /// <summary>Attribute lines of the session section, and of each media section.</summary>
    public const int Attributes = 512;

    /// <summary>Formats of a media line; there are 128 RTP payload types.</summary>
    public const int Formats = 128;
}
