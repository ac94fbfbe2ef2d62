using Sipstead.Sip.Transport;

namespace Sipstead.Sip.Sessions;

/// <summary>Settings of sessions.</summary>
public sealed record SipSessionOptions
{
    /// <summary>
    /// <c>Sipstead:PublicAddress</c>: addresses that Via and Contact tell peers, IPv4 and IPv6, separated by commas. A flow takes the first of its own
    /// family; where there is none, and for peers on this machine, the address that the flow has on our side.
    /// </summary>
    public string PublicAddress { get; init; } = "";

    /// <summary>Dialogs that there may be, early ones included, before calls are refused with 503. Default 25,000.</summary>
    public int MaxDialogs { get; init; } = 25_000;

    /// <summary><c>Sipstead:Voice:SessionExpires</c>: seconds after which a session that nobody refreshes ends (RFC 4028); 0 to ask for no timer. Default 1800.</summary>
    public int SessionExpires { get; init; } = 1_800;

    /// <summary>The host to tell the peer of a flow; null for the flow's own address.</summary>
    internal string? HostFor(SipFlow flow)
    {
        if (flow.Source.IsLoopback) return null; // a device on this machine reaches the address that it already talks to
        foreach (var part in PublicAddress.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (part.Contains(':', StringComparison.Ordinal) != flow.Local.IsIpv4) return part;
        }

        return null;
    }
}
