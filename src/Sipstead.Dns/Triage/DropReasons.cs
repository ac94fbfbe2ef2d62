namespace Sipstead.Dns;

/// <summary>The values of the tag <c>reason</c> of the metric <c>sipstead.dns.dropped</c>.</summary>
internal static class DropReasons
{
    /// <summary>Fewer than the 12 octets of a header (RFC 8906 3.2.1).</summary>
    public const string Short = "short";

    /// <summary>A response: answering one could make a loop.</summary>
    public const string Response = "response";

    /// <summary>From port 0 or 53, which no resolver uses and a spoofed loop would.</summary>
    public const string SourcePort = "source_port";

    /// <summary>A message longer than any query that has a meaning here.</summary>
    public const string Oversize = "oversize";

    /// <summary>The operating system would not send the answer.</summary>
    public const string SendFailed = "send_failed";

    /// <summary>A TCP connection above the cap of all or of one address.</summary>
    public const string ConnectionLimit = "connection_limit";

    /// <summary>A TCP client that did not take its answer in time.</summary>
    public const string SlowClient = "slow_client";
}
