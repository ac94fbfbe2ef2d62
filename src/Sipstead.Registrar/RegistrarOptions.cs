using System.Text;
using Sipstead.Registrar.Admission;
using Sipstead.Sip.Messages;

namespace Sipstead.Registrar;

/// <summary>What happens to a new contact when an address-of-record has as many as it may (ruling 11).</summary>
public enum ContactLimitPolicy
{
    /// <summary>The contact that was refreshed longest ago makes room.</summary>
    ReplaceOldest,

    /// <summary>The request is refused with 403.</summary>
    Refuse,
}

/// <summary>What keeps the NAT mapping of a UDP binding open (ruling 13).</summary>
public enum KeepAliveMethod
{
    Off,

    /// <summary>Two line breaks: the least traffic, no answer.</summary>
    Crlf,

    /// <summary>An OPTIONS request, for NATs that want traffic both ways.</summary>
    Options,
}

/// <summary>Settings of the registrar; configuration sections <c>Sipstead:Registrar</c> and <c>Sipstead:Journal</c>.</summary>
public sealed record RegistrarOptions
{
    /// <summary>Shortest registration in seconds; a shorter request gets 423. Default 60.</summary>
    public int MinExpires { get; init; } = 60;

    /// <summary>Seconds for a registration that asks for none. Default 3600.</summary>
    public int DefaultExpires { get; init; } = 3600;

    /// <summary>Longest registration in seconds; a longer request is shortened. Default 7200.</summary>
    public int MaxExpires { get; init; } = 7200;

    /// <summary>Contacts of one address-of-record. Default 10.</summary>
    public int MaxContacts { get; init; } = 10;

    public ContactLimitPolicy ContactLimit { get; init; } = ContactLimitPolicy.ReplaceOldest;

    /// <summary>Seconds that a nonce may be used for. Its use count guards against replay, so it may live as long as phones refresh. Default 3600.</summary>
    public int NonceLifetime { get; init; } = 3600;

    /// <summary>Keep-alive for UDP bindings behind a NAT. Default <see cref="KeepAliveMethod.Crlf"/>.</summary>
    public KeepAliveMethod KeepAlive { get; init; } = KeepAliveMethod.Crlf;

    /// <summary>Seconds between keep-alives. Default 25.</summary>
    public int KeepAliveInterval { get; init; } = 25;

    /// <summary>FQDNs of realms whose devices get none. Default: none.</summary>
    public IReadOnlyList<string> RealmsWithoutKeepAlive { get; init; } = [];

    /// <summary>
    /// Seconds that a device with Outbound over a stream may be silent (Flow-Timer, RFC 5626 9); the connection ends 64*T1 later. Default 120.
    /// </summary>
    public int FlowTimer { get; init; } = 120;

    /// <summary>URIs of the proxies that devices are told to send their requests through (Service-Route, RFC 3608), in order. Default: none.</summary>
    public IReadOnlyList<string> ServiceRoute { get; init; } = [];

    /// <summary>Folder of the bindings journal.</summary>
    public string DataDirectory { get; init; } = "data";

    /// <summary>True to write to the disk itself before each answer: nothing is lost on power failure, at the price of speed (<c>Journal:Fsync=always</c>).</summary>
    public bool FsyncAlways { get; init; }

    /// <summary>How often a password may be wrong, and how often a user may register.</summary>
    public AuthenticationLimitOptions Limits { get; init; } = new();

    /// <summary>When a nonce ends, in milliseconds of the server's clock; <paramref name="issuedAt"/> is in its seconds.</summary>
    internal long NonceEnd(uint issuedAt) => (issuedAt + (long)NonceLifetime) * 1000;

    /// <summary>All that is wrong, in words for an operator.</summary>
    public IEnumerable<string> Validate()
    {
        if (MinExpires is < 1 or > 3600) yield return $"Sipstead:Registrar:MinExpires is {MinExpires}: give 1 to 3600 seconds.";
        if (MaxExpires < MinExpires || MaxExpires > 604_800)
            yield return $"Sipstead:Registrar:MaxExpires is {MaxExpires}: give MinExpires ({MinExpires}) to 604800 seconds.";
        if (DefaultExpires < MinExpires || DefaultExpires > MaxExpires)
            yield return $"Sipstead:Registrar:DefaultExpires is {DefaultExpires}: give a value from MinExpires ({MinExpires}) to MaxExpires ({MaxExpires}).";
        if (MaxContacts is < 1 or > 100) yield return $"Sipstead:Registrar:MaxContacts is {MaxContacts}: give 1 to 100.";
        if (NonceLifetime is < 30 or > 86_400) yield return $"Sipstead:Registrar:NonceLifetime is {NonceLifetime}: give 30 to 86400 seconds.";
        if (FlowTimer is < 30 or > 3600) yield return $"Sipstead:Registrar:FlowTimer is {FlowTimer}: give 30 to 3600 seconds.";
        foreach (var route in ServiceRoute)
        {
            if (!IsLooseRoute(route)) yield return $"Sipstead:Registrar:ServiceRoute has \"{route}\": give SIP URIs with lr, like sip:proxy.example.net;lr.";
        }

        if (KeepAliveInterval is < 5 or > 600) yield return $"Sipstead:Registrar:KeepAliveInterval is {KeepAliveInterval}: give 5 to 600 seconds.";
        foreach (var problem in Limits.Validate()) yield return problem;
    }

    private static bool IsLooseRoute(string text) =>
        SipUri.TryParse(Encoding.UTF8.GetBytes(text), out var uri) && uri.IsSip && uri.TryGetParameter("lr"u8, out _);
}
