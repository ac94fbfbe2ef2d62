namespace Sipstead.Media.Sdp;

/// <summary>A session description (RFC 8866), in the parts that offer and answer need. Texts are the octets as Latin-1, so that nothing is lost.</summary>
internal sealed record SdpDescription
{
    public required SdpOrigin Origin { get; init; }

    /// <summary>The connection for all media that have none of their own; null when there is none.</summary>
    public SdpConnection? Connection { get; init; }

    public IReadOnlyList<SdpAttribute> Attributes { get; init; } = [];

    public IReadOnlyList<SdpMedia> Media { get; init; } = [];
}

/// <summary>The o= line. Session id and version are numeric strings of any length (RFC 8866 5.2), so they are kept as text.</summary>
internal sealed record SdpOrigin(string User, string SessionId, string Version, string AddressType, string Address);

/// <summary>A c= line of network type IN: <c>IP4</c> or <c>IP6</c>, and the address as sent.</summary>
internal sealed record SdpConnection(string AddressType, string Address);

/// <summary>An a= line: a property (no value) or a value attribute.</summary>
internal readonly record struct SdpAttribute(string Name, string? Value = null);

/// <summary>An m= line with what follows it.</summary>
internal sealed record SdpMedia
{
    /// <summary>Media type, such as <c>audio</c>.</summary>
    public required string Type { get; init; }

    /// <summary>Transport port; 0 is a refused or unused stream.</summary>
    public required ushort Port { get; init; }

    /// <summary>Transport protocol, such as <c>RTP/AVP</c>.</summary>
    public required string Protocol { get; init; }

    /// <summary>Formats: payload types for RTP; at least one.</summary>
    public required IReadOnlyList<string> Formats { get; init; }

    public SdpConnection? Connection { get; init; }

    public IReadOnlyList<SdpAttribute> Attributes { get; init; } = [];

    /// <summary>The value of the first attribute of a name; empty for a property; null when there is none. Attribute names are case-sensitive.</summary>
    public string? Find(string name)
    {
        foreach (var attribute in Attributes)
            if (attribute.Name == name) return attribute.Value ?? "";
        return null;
    }
}
