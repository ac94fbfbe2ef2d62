using System.Net;
using Sipstead.Media;
using Sipstead.Sip.Transport;

namespace Sipstead.Voice.Calls;

/// <summary>
/// The media that ringing devices are offered, before one of them answers. In clear there is one session for each local address, whose ports the forks
/// share. With keys each device has its own: a key is known to one device only. Belongs to the call's mailbox.
/// </summary>
internal sealed class LegMedia(CallServices services)
{
    private readonly Dictionary<IPAddress, MediaSession> _clear = [];
    private readonly List<MediaSession> _all = [];

    /// <summary>Null when no port is left.</summary>
    public MediaSession? TryOpen(in SipFlow flow, MediaProtection protection)
    {
        var local = flow.Local.ToIPAddress();
        if (protection == MediaProtection.None && _clear.TryGetValue(local, out var shared)) return shared;
        var media = services.Media.TryOpen(local, services.Addresses.AdvertisedFor(flow), protection);
        if (media is null) return null;
        _all.Add(media);
        if (protection == MediaProtection.None) _clear[local] = media;
        return media;
    }

    /// <summary>Lets go of all but the one of the device that answered.</summary>
    public void Keep(MediaSession answered)
    {
        _all.Remove(answered);
        DisposeAll();
    }

    public void DisposeAll()
    {
        foreach (var media in _all) media.Dispose();
        _all.Clear();
        _clear.Clear();
    }
}
