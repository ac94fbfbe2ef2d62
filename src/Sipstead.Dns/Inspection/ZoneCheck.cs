using System.Net;

namespace Sipstead.Dns.Inspection;

/// <summary>What was found out about the zone by asking for it.</summary>
/// <param name="Serial">The serial of our own zone when it was asked.</param>
/// <param name="Own">What our responder answered, at each of its addresses, over UDP and TCP.</param>
/// <param name="Delegation">The name servers that the system's resolver knows of the zone, with the addresses that it knows of them; none when the zone is not delegated.</param>
/// <param name="DelegationError">Why the resolver told nothing; null when it did.</param>
/// <param name="Delegated">What those answered, over UDP and TCP.</param>
public sealed record ZoneCheck(
    uint Serial, IReadOnlyList<NameServerAnswer> Own, IReadOnlyList<DelegatedServer> Delegation, string? DelegationError, IReadOnlyList<NameServerAnswer> Delegated);

/// <summary>A name server of the zone as its parent has it.</summary>
/// <param name="Name">With its last dot.</param>
/// <param name="Addresses">Empty when nobody knows one: the glue is missing.</param>
public sealed record DelegatedServer(string Name, IReadOnlyList<IPAddress> Addresses);

/// <summary>What one name server answered about the zone and a realm over one transport.</summary>
/// <param name="Serial">The serial of its zone; null without an answer.</param>
/// <param name="Services">Its SRV records of SIP over UDP of the realm.</param>
/// <param name="Transports">Its NAPTR records of the realm.</param>
/// <param name="Error">Why a question has no answer; null when all have.</param>
public sealed record NameServerAnswer(
    IPEndPoint Server, bool IsTcp, uint? Serial, IReadOnlyList<ZoneRecord> Services, IReadOnlyList<ZoneRecord> Transports, string? Error)
{
    /// <summary>The transport's name.</summary>
    public string Transport => IsTcp ? "TCP" : "UDP";

    /// <summary>Whether its zone is older than one of this serial (RFC 1982).</summary>
    public bool IsOlderThan(uint serial) => Serial is { } own && SerialNumber.IsAfter(serial, own);
}
