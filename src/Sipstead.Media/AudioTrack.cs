namespace Sipstead.Media;

/// <summary>The two directions of a leg's audio, named from the server's side whatever the direction of the call (BXML, StartStream).</summary>
public enum AudioTrack
{
    /// <summary>What the party says.</summary>
    Inbound,

    /// <summary>What the party is sent.</summary>
    Outbound,
}
