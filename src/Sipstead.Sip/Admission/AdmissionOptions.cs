namespace Sipstead.Sip.Admission;

/// <summary>What one source may send before it is met with silence; configuration section <c>Sipstead:Limits</c>. A source is an IPv4 address or an IPv6 /64.</summary>
public sealed record AdmissionOptions
{
    /// <summary>Smallest burst that may be set (ruling 35): an office behind one NAT comes back all at once.</summary>
    public const int SmallestBurst = 200;

    /// <summary>Messages a second from a source without a registration or call. Default 100.</summary>
    public int RequestsPerSecond { get; init; } = 100;

    /// <summary>Messages that such a source may send at once. Default 500.</summary>
    public int RequestBurst { get; init; } = 500;

    /// <summary>Messages a second from a source with a live registration or a call. Default 1,000.</summary>
    public int KnownRequestsPerSecond { get; init; } = 1_000;

    /// <summary>Messages that such a source may send at once. Default 2,000.</summary>
    public int KnownRequestBurst { get; init; } = 2_000;

    /// <summary>A slowed source may send this part of what it else may: one in so many. Default 50.</summary>
    public int SlowedPart { get; init; } = 50;

    /// <summary>Malformed requests of one source that are answered at once; after them one a second is. Default 200.</summary>
    public int MalformedBurst { get; init; } = SmallestBurst;

    /// <summary>
    /// Octets a second that datagrams to a source which never proved its address may have above three times what came from it. Default 1,000.
    /// </summary>
    public int UnprovenOctetsPerSecond { get; init; } = 1_000;

    /// <summary>Sources that are remembered; the one that was heard longest ago makes room. Default 65,536; each takes 72 octets.</summary>
    public int MaxSources { get; init; } = 65_536;

    /// <summary>Whether the limits hold for loopback too. Default no (ruling 35).</summary>
    public bool IncludeLoopback { get; init; }

    /// <summary>Requests whose User-Agent holds one of these are not answered. Default none: whoever scans can send any other.</summary>
    public IReadOnlyList<string> SilentUserAgents { get; init; } = [];

    /// <summary>All that is wrong, in words for an operator.</summary>
    public IEnumerable<string> Validate()
    {
        if (RequestsPerSecond is < 1 or > 1_000_000) yield return $"Sipstead:Limits:RequestsPerSecond is {RequestsPerSecond}: give 1 to 1000000 messages.";
        if (RequestBurst < SmallestBurst) yield return $"Sipstead:Limits:RequestBurst is {RequestBurst}: give at least {SmallestBurst} messages.";
        if (KnownRequestsPerSecond < RequestsPerSecond || KnownRequestsPerSecond > 1_000_000)
            yield return $"Sipstead:Limits:KnownRequestsPerSecond is {KnownRequestsPerSecond}: give RequestsPerSecond ({RequestsPerSecond}) to 1000000 messages.";
        if (KnownRequestBurst < SmallestBurst) yield return $"Sipstead:Limits:KnownRequestBurst is {KnownRequestBurst}: give at least {SmallestBurst} messages.";
        if (SlowedPart is < 1 or > SmallestBurst) yield return $"Sipstead:Limits:SlowedPart is {SlowedPart}: give 1 to {SmallestBurst}.";
        if (MalformedBurst < SmallestBurst) yield return $"Sipstead:Limits:MalformedBurst is {MalformedBurst}: give at least {SmallestBurst} requests.";
        if (UnprovenOctetsPerSecond is < 1 or > 1_000_000)
            yield return $"Sipstead:Limits:UnprovenOctetsPerSecond is {UnprovenOctetsPerSecond}: give 1 to 1000000 octets.";
        if (MaxSources is < 1_024 or > 16_777_216) yield return $"Sipstead:Limits:MaxSources is {MaxSources}: give 1024 to 16777216.";
        if (SilentUserAgents.Any(text => text.Length < 3))
            yield return "Sipstead:Limits:SilentUserAgents holds a text of fewer than 3 characters, which would silence phones: give parts of names such as friendly-scanner.";
    }
}
