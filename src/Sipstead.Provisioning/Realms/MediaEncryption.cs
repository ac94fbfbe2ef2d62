namespace Sipstead.Provisioning.Realms;

/// <summary>What a realm asks of the media of calls to its devices (ruling 33).</summary>
public enum MediaEncryption
{
    /// <summary>Devices that came over TLS are offered keys beside RTP/AVP (RFC 8643); others get plain RTP.</summary>
    Optional,

    /// <summary>Only RTP/SAVP is offered and taken.</summary>
    Required,
}
