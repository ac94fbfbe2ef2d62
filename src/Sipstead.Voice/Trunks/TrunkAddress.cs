using System.Globalization;
using Sipstead.Provisioning.Trunks;
using Sipstead.Provisioning.View;
using Sipstead.Sip.Locating;
using Sipstead.Sip.Transport;
using Sipstead.Voice.Calls;

namespace Sipstead.Voice.Trunks;

/// <summary>Where a trunk is, as SIP says it.</summary>
internal static class TrunkAddress
{
    /// <summary>What says where its requests go (RFC 3263).</summary>
    public static SipDestination DestinationOf(TrunkEntry trunk) => new(IsSecure: false, trunk.Host, trunk.Port, TransportOf(trunk));

    /// <summary>The URI of the trunk itself.</summary>
    public static string UriOf(TrunkEntry trunk) =>
        TransportOf(trunk) is { } transport ? $"sip:{HostPortOf(trunk)};transport={transport.Token().ToLowerInvariant()}" : $"sip:{HostPortOf(trunk)}";

    /// <summary>The URI of a number or user behind it. Without parameters: far ends disagree about <c>user=phone</c>, and none needs to be told how it is reached.</summary>
    public static string UriOf(TrunkEntry trunk, string user) => $"sip:{UserPart.Escape(user)}@{HostPortOf(trunk)}";

    /// <summary>Its host as it stands in a URI.</summary>
    public static string HostOf(TrunkEntry trunk) => trunk.Host.Contains(':', StringComparison.Ordinal) ? $"[{trunk.Host}]" : trunk.Host;

    /// <summary>Whether a URI names it: by its host, and by its port where the URI gives one.</summary>
    public static bool IsNamedBy(TrunkEntry trunk, SipDestination target) =>
        string.Equals(trunk.Host, target.Host, StringComparison.OrdinalIgnoreCase) && (target.Port is null || target.Port == DestinationOf(trunk).PortOrDefault);

    private static string HostPortOf(TrunkEntry trunk) =>
        trunk.Port is { } port ? string.Create(CultureInfo.InvariantCulture, $"{HostOf(trunk)}:{port}") : HostOf(trunk);

    private static SipTransport? TransportOf(TrunkEntry trunk) => trunk.Transport switch
    {
        TrunkTransport.Udp => SipTransport.Udp,
        TrunkTransport.Tcp => SipTransport.Tcp,
        TrunkTransport.Tls => SipTransport.Tls,
        _ => null,
    };
}
