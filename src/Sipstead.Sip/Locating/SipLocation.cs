using Sipstead.Sip.Transport;

namespace Sipstead.Sip.Locating;

/// <summary>Why there is no target.</summary>
public enum LocationProblem
{
    /// <summary>There are targets.</summary>
    None,

    /// <summary>The host has no address.</summary>
    NoAddress,

    /// <summary>Its SRV records say that it has no such service (target ".").</summary>
    NoService,

    /// <summary>The name servers did not answer.</summary>
    NoAnswer,

    /// <summary>It has addresses, and none of them may be sent to.</summary>
    Refused,

    /// <summary>All targets asked for a pause (503 with Retry-After) that is not over.</summary>
    Paused,
}

/// <summary>Where a request may be sent.</summary>
/// <param name="Targets">To be tried one after the other, best first.</param>
public sealed record SipLocation(IReadOnlyList<SipTarget> Targets, LocationProblem Problem)
{
    /// <summary>The problem in words that follow the host's name; empty when there are targets.</summary>
    public string Words => Problem switch
    {
        LocationProblem.None => "",
        LocationProblem.NoService => "says in DNS that it takes no calls (SRV target \".\")",
        LocationProblem.NoAnswer => "could not be looked up: the name servers do not answer",
        LocationProblem.Refused => "leads to an address that is not allowed (Sipstead:Voice:AllowedNetworks)",
        LocationProblem.Paused => "asked for a pause (503 with Retry-After); call again later",
        _ => "has no address that can be reached",
    };
}
