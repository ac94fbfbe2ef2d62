using Sipstead.Media;
using Sipstead.Provisioning.Realms;
using Sipstead.Sip.Transport;

namespace Sipstead.Voice.Calls;

/// <summary>Whether the media of a leg may or must be encrypted (ruling 33): keys stand in SDP, so they go over TLS only (S-61).</summary>
internal static class LegProtection
{
    /// <summary>What a device is refused with whose realm wants encrypted media, where its signalling cannot carry keys.</summary>
    public static MediaRefusal NeedsTls { get; } = new(488, "Media must be encrypted: connect over TLS and offer RTP/SAVP") { Warning = 302 };

    /// <summary>Null when media must be encrypted and the transport cannot carry keys: such a leg is not made.</summary>
    public static MediaProtection? Of(SipTransport transport, MediaEncryption wanted)
    {
        var isSecure = transport.IsSecure();
        if (wanted == MediaEncryption.Required) return isSecure ? MediaProtection.Required : null;
        return isSecure ? MediaProtection.BestEffort : MediaProtection.None;
    }
}
