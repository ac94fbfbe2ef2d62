using System.Net;
using Sipstead.Dns.Inspection;

namespace Sipstead.Dashboard.Doctor;

/// <summary>All that the doctor looks at for one realm.</summary>
internal sealed record ConnectionFacts
{
    public required ConnectionSettings Settings { get; init; }

    /// <summary>The account's SIP port.</summary>
    public required int SipPort { get; init; }

    /// <summary>SIP ports that are open.</summary>
    public required IReadOnlyCollection<int> OpenPorts { get; init; }

    /// <summary>The realm's records as our own server answers them.</summary>
    public required IReadOnlyList<ZoneRecord> Zone { get; init; }

    /// <summary>What the system's resolver says; null when it was not asked.</summary>
    public LookupResult? System { get; init; }

    /// <summary>What was answered when the zone was asked for; null when it was not.</summary>
    public ZoneCheck? Check { get; init; }

    /// <summary>Addresses of this machine.</summary>
    public required IReadOnlyList<IPAddress> LocalAddresses { get; init; }

    /// <summary>Registered devices of the realm: where they come from, and whether their Contact names another address.</summary>
    public required IReadOnlyList<SeenDevice> Devices { get; init; }

    /// <summary>Whether the process runs in a container.</summary>
    public required bool IsInContainer { get; init; }
}

/// <summary>A device as the registrar sees it.</summary>
/// <param name="Source">Where its REGISTER came from.</param>
/// <param name="IsBehindNat">Whether its Contact names another host than that.</param>
internal sealed record SeenDevice(IPAddress Source, bool IsBehindNat);
