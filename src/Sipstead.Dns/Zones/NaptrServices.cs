namespace Sipstead.Dns;

/// <summary>The transports by the names of the configuration, their SRV labels, and their NAPTR services (RFC 3263 4.1).</summary>
internal static class NaptrServices
{
    /// <summary>In the place of a list: no NAPTR records.</summary>
    public const string Off = "off";

    private static readonly Dictionary<string, NaptrService> ByTransport = new(StringComparer.OrdinalIgnoreCase)
    {
        ["udp"] = new("_sip", "_udp", "SIP+D2U"),
        ["tcp"] = new("_sip", "_tcp", "SIP+D2T"),
        ["tls"] = new("_sips", "_tcp", "SIPS+D2T"),
    };

    /// <summary>The services of a list in its order; null when it is none.</summary>
    public static IReadOnlyList<NaptrService>? Read(string list)
    {
        if (list.Equals(Off, StringComparison.OrdinalIgnoreCase)) return [];
        var transports = list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var services = transports.Select(transport => ByTransport.GetValueOrDefault(transport)).OfType<NaptrService>().Distinct().ToList();
        return services.Count > 0 && services.Count == transports.Length ? services : null;
    }
}

/// <summary>What a NAPTR record tells of a transport.</summary>
/// <param name="Service">The service label of the SRV record that it leads to.</param>
/// <param name="Protocol">The protocol label of that.</param>
/// <param name="Name">The service field, in the spelling of RFC 3263.</param>
internal sealed record NaptrService(string Service, string Protocol, string Name);
