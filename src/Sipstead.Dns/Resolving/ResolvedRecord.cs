using System.Net;

namespace Sipstead.Dns.Resolving;

/// <summary>What a resolver may be asked for.</summary>
public enum ResolverQuestion
{
    Naptr,
    Srv,

    /// <summary>A records, or IPv4 addresses of the hosts file.</summary>
    Ipv4,

    /// <summary>AAAA records, or IPv6 addresses of the hosts file.</summary>
    Ipv6,
}

/// <summary>One record of an answer. Names are in lower case without the last dot; the root is empty.</summary>
public abstract record ResolvedRecord
{
    private ResolvedRecord()
    {
    }

    /// <summary>RFC 3403 4.1.</summary>
    public sealed record Naptr(int Order, int Preference, string Flags, string Services, string Regexp, string Replacement) : ResolvedRecord;

    /// <summary>RFC 2782.</summary>
    public sealed record Srv(int Priority, int Weight, int Port, string Target) : ResolvedRecord;

    /// <summary>RFC 1035 3.4.1, RFC 3596.</summary>
    public sealed record Address(IPAddress Value) : ResolvedRecord;
}

/// <summary>What came of a question.</summary>
/// <param name="Records">Those of the kind asked for; empty when the name has none.</param>
/// <param name="TimeToLive">How long the answer may be kept, also one without records (RFC 2308 5).</param>
/// <param name="Alias">The canonical name at which the answer ends without records of the kind; null when it leads to none.</param>
/// <param name="IsFailed">True when no server gave an answer that can be used.</param>
public sealed record ResolverAnswer(IReadOnlyList<ResolvedRecord> Records, TimeSpan TimeToLive, string? Alias = null, bool IsFailed = false)
{
    internal static ResolverAnswer Failed { get; } = new([], TimeSpan.Zero, IsFailed: true);

    internal static ResolverAnswer Nothing { get; } = new([], TimeSpan.Zero);
}
