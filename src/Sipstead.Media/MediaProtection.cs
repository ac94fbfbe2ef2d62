namespace Sipstead.Media;

/// <summary>What a session may agree on about encryption; keys stand in SDP (RFC 4568), so this depends on how the signalling is protected.</summary>
public enum MediaProtection
{
    /// <summary>The signalling can be read on its way: no keys are given or taken, media is in clear.</summary>
    None,

    /// <summary>The signalling is encrypted: keys are offered beside RTP/AVP, and used where the party gives its own (RFC 8643).</summary>
    BestEffort,

    /// <summary>The signalling is encrypted, and only RTP/SAVP is offered and taken.</summary>
    Required,
}
