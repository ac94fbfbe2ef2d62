using Sipstead.Webhooks;

namespace Sipstead.Voice;

/// <summary>Which limits of the hosted service are imitated (ruling 28).</summary>
public enum VoiceProfile
{
    /// <summary>None: as fast and as many as the machine allows.</summary>
    Unlimited,

    /// <summary>5 calls a second and 100 at a time for each account.</summary>
    Bandwidth,
}

/// <summary>Settings of calls; configuration section <c>Sipstead:Voice</c>.</summary>
public sealed record VoiceOptions
{
    private const int ShortestCheckInterval = 5;
    private const int LongestCheckInterval = 3_600;
    private const int ShortestSession = 90; // RFC 4028 4
    private const int LongestSession = 86_400;

    /// <summary>Limits for each account. Default <see cref="VoiceProfile.Unlimited"/>.</summary>
    public VoiceProfile Profile { get; init; } = VoiceProfile.Unlimited;

    /// <summary>Calls in progress on the whole server; more are refused. Default 5,000: each holds two ports and some memory.</summary>
    public int MaxCalls { get; init; } = 5_000;

    /// <summary>Ended calls kept in memory for the API, for 7 days at most; beyond it the oldest go. Default 100,000.</summary>
    public int MaxEndedCalls { get; init; } = 100_000;

    /// <summary>Conferences on the whole server; a call that would make one more ends. Default 2,000.</summary>
    public int MaxConferences { get; init; } = 2_000;

    /// <summary>Conferences of one account. Default 1,000.</summary>
    public int MaxConferencesPerAccount { get; init; } = 1_000;

    /// <summary>Completed conferences kept in memory for the API, for 7 days at most; beyond it the oldest go. Default 10,000.</summary>
    public int MaxEndedConferences { get; init; } = 10_000;

    /// <summary>Seconds after which a call ends whose device shows no life; 0 to ask for no session timer (RFC 4028). Default 1800.</summary>
    public int SessionExpires { get; init; } = 1_800;

    /// <summary>Seconds from one check of a trunk to the next; 0 for none. Default 30.</summary>
    public int TrunkCheckInterval { get; init; } = 30;

    /// <summary>Hosts of foreign SIP URIs that may be called (ruling 29). Default: none.</summary>
    public IReadOnlyList<string> SipHosts { get; init; } = [];

    /// <summary>
    /// Networks that calls and trunks to foreign hosts may lead to though they are not public, such as <c>192.168.1.0/24</c> or <c>10.0.0.7</c>. Default none; addresses
    /// named in <see cref="SipHosts"/> are allowed anyway.
    /// </summary>
    public IReadOnlyList<string> AllowedNetworks { get; init; } = [];

    /// <summary>Calls may go to this machine's loopback addresses (ruling 30). The server sets it; it is no setting.</summary>
    public bool AllowLoopback { get; init; }

    /// <summary>Addresses that SDP and Contact carry instead of the local one, at most one of each family; loopback peers are always told loopback.</summary>
    public string PublicAddress { get; init; } = "";

    /// <summary>Whether credentials on callback URLs need https. Default false: private hosts have none (contract 7).</summary>
    public bool RequireHttpsWithCredentials { get; init; }

    /// <summary>Begins the URLs of inbound calls, such as <c>http://127.0.0.1:8080/api/v2</c>.</summary>
    public string BaseUrl { get; init; } = "http://127.0.0.1:8080/api/v2";

    /// <summary>Calls a second that are dequeued for each account; null without limit.</summary>
    public int? CallsPerSecond => Profile == VoiceProfile.Bandwidth ? 5 : null;

    /// <summary>Calls in progress for each account; null without limit.</summary>
    public int? MaxCallsPerAccount => Profile == VoiceProfile.Bandwidth ? 100 : null;

    /// <summary>All that is wrong, in words for an operator.</summary>
    public IEnumerable<string> Validate()
    {
        if (MaxCalls is < 1 or > 100_000) yield return $"Sipstead:Voice:MaxCalls is {MaxCalls}: give 1 to 100000.";
        if (MaxEndedCalls is < 0 or > 10_000_000) yield return $"Sipstead:Voice:MaxEndedCalls is {MaxEndedCalls}: give 0 to 10000000.";
        if (MaxConferences is < 1 or > 100_000) yield return $"Sipstead:Voice:MaxConferences is {MaxConferences}: give 1 to 100000.";
        if (MaxConferencesPerAccount is < 1 or > 100_000)
            yield return $"Sipstead:Voice:MaxConferencesPerAccount is {MaxConferencesPerAccount}: give 1 to 100000.";
        if (MaxEndedConferences is < 0 or > 1_000_000) yield return $"Sipstead:Voice:MaxEndedConferences is {MaxEndedConferences}: give 0 to 1000000.";
        if (SessionExpires is not 0 and (< ShortestSession or > LongestSession))
            yield return $"Sipstead:Voice:SessionExpires is {SessionExpires}: give seconds, {ShortestSession} to {LongestSession}, or 0 for no session timer.";
        if (TrunkCheckInterval is not 0 and (< ShortestCheckInterval or > LongestCheckInterval))
            yield return $"Sipstead:Voice:TrunkCheckInterval is {TrunkCheckInterval}: give seconds, {ShortestCheckInterval} to {LongestCheckInterval}, or 0 for no checks.";
        foreach (var text in AllowedNetworks)
        {
            if (!WebhookOptions.TryParseNetwork(text, out _))
                yield return $"Sipstead:Voice:AllowedNetworks holds \"{text}\": give networks separated by commas, like 192.168.1.0/24,fd00::/8.";
        }

        foreach (var host in SipHosts)
        {
            if (Uri.CheckHostName(host.Trim('[', ']')) == UriHostNameType.Unknown)
                yield return $"Sipstead:Voice:SipHosts holds \"{host}\": give host names or addresses without scheme and port.";
        }
    }
}
